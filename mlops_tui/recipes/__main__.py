"""Trains a recipe in the process of its job: ``python .../recipes/__main__.py NAME --values JSON``.

The Python that runs it needs MLflow and scikit-learn, but not this package.
"""

import argparse
import importlib.util
import json
import sys
import warnings
from pathlib import Path


def main() -> None:
    """Train the recipe that the command line names."""
    parser = argparse.ArgumentParser(prog="mlops_tui.recipes")
    parser.add_argument("name")
    parser.add_argument("--values", required=True, help="JSON object with one value per parameter")
    arguments = parser.parse_args()
    make_importable()
    from mlops_tui import recipes

    recipe = recipes.find(arguments.name)
    if recipe is None:
        parser.error(f"there is no recipe {arguments.name!r}")
    warnings.filterwarnings("ignore", message=".*integer column.*", category=UserWarning)
    recipe.train(json.loads(arguments.values))


def make_importable() -> None:
    """Make ``mlops_tui`` importable from this file's location, and nothing else there.

    Neither the modules of this folder (Python puts a script's folder on the path) nor the packages
    installed beside ``mlops_tui`` become importable.
    """
    folder = Path(__file__).resolve().parent
    sys.path[:] = [entry for entry in sys.path if Path(entry).resolve() != folder]
    if "mlops_tui" not in sys.modules:
        _load("mlops_tui", folder.parent)


def _load(name: str, folder: Path) -> None:
    spec = importlib.util.spec_from_file_location(
        name, folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    if spec is None or spec.loader is None:
        raise ImportError(f"{folder} holds no package")
    package = importlib.util.module_from_spec(spec)
    sys.modules[name] = package
    spec.loader.exec_module(package)


if __name__ == "__main__":
    main()
