"""Starts the endpoint: ``python PATH/TO/endpoint MODEL_URI --port PORT --folder FOLDER``.

The folder of this file is given by its path, since mlops-tui is not installed in the model's
Python. It becomes a package of its own name here, so that none of its modules hides one of the
model's.
"""

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

PACKAGE = "mlops_tui_endpoint"


def main() -> int:
    """Serve the model until a signal ends the process; return the exit code."""
    folder = Path(__file__).resolve().parent
    sys.path[:] = [entry for entry in sys.path if entry and Path(entry).resolve() != folder]
    spec = spec_from_file_location(
        PACKAGE, folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    if spec is None or spec.loader is None:
        raise ImportError(folder)
    package = module_from_spec(spec)
    sys.modules[PACKAGE] = package
    spec.loader.exec_module(package)
    from mlops_tui_endpoint.program import run  # type: ignore[import-not-found]

    return int(run(sys.argv[1:]))


if __name__ == "__main__":
    sys.exit(main())
