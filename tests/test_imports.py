"""What is imported at run time; who may import whom is checked by import-linter."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.patience import PATIENCE

HEAVY = (
    "mlflow",
    "numpy",
    "pandas",
    "pyarrow",
    "requests",
    "scipy",
    "skops",
    "sklearn",
    "sqlalchemy",
)
"""What the interface process must do without."""

WATCH = """
import importlib, json, pkgutil, sys
package, banned = sys.argv[1], sys.argv[2].split(",")
alone = (".batch_program.", ".export_program.", ".gate_program.", ".predict_program.")
names = [package]
path = getattr(importlib.import_module(package), "__path__", None)
if path and sys.argv[3] == "walk":
    names += [found.name for found in pkgutil.walk_packages(path, package + ".")]
brought, seen = {}, set()
for name in names:
    if not name.endswith(".__main__") and not any(each in name for each in alone):
        importlib.import_module(name)
    for module in banned:
        if module in sys.modules and module not in seen:
            seen.add(module)
            brought[module] = name
print(json.dumps(brought))
"""
"""Imports a module (with all below it to walk); prints which banned ones that brought in.

The programs for a model's own Python are left out: they run in processes of their own.
"""


def brought_by(package: str, *banned: str, walk: bool = True) -> dict[str, str]:
    """Return which of the banned modules were brought in, with the first of ours that did."""
    done = subprocess.run(
        [sys.executable, "-c", WATCH, package, ",".join(banned), "walk" if walk else "alone"],
        cwd=Path(__file__).parents[1],
        # The coverage of child processes imports modules of its own.
        env={name: value for name, value in os.environ.items() if "COVERAGE" not in name},
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stderr
    brought: dict[str, str] = json.loads(done.stdout)
    return brought


def test_the_app_starts_without_mlflow() -> None:
    assert brought_by("mlops_tui.tui.app", *HEAVY) == {}


def test_the_first_screen_does_without_the_filter_language() -> None:
    screen, language = (
        "mlops_tui.tui.experiments.experiments_screen",
        "mlops_tui.domain.runs.run_filter",
    )
    assert brought_by(screen, language, walk=False) == {}
    assert brought_by(language, language, walk=False) == {language: language}


def test_the_first_frame_does_without_what_only_faults_and_files_need() -> None:
    rare = ("rich.traceback", "pygments", "markdown_it", "tomllib", "regex")
    assert brought_by("mlops_tui.tui.experiments.experiments_screen", *rare, walk=False) == {}


@pytest.mark.parametrize("package", ["tui", "services", "settings", "domain"])
def test_no_screen_no_service_brings_mlflow_when_it_is_imported(package: str) -> None:
    assert brought_by(f"mlops_tui.{package}", *HEAVY) == {}


def test_the_recipes_are_listed_without_what_they_train_with() -> None:
    assert brought_by("mlops_tui.recipes", *HEAVY, "textual", "rich", walk=False) == {}


@pytest.mark.parametrize("package", ["services", "settings", "domain"])
def test_nothing_below_the_interface_brings_textual(package: str) -> None:
    assert brought_by(f"mlops_tui.{package}", "textual", "rich") == {}


def test_the_command_is_there_without_textual_or_mlflow() -> None:
    assert brought_by("mlops_tui.cli", "textual", "rich", "subprocess", "psutil", *HEAVY) == {}


def test_the_watch_sees_what_it_is_there_for() -> None:
    assert list(brought_by("mlops_tui.services", "subprocess", "mlflow")) == ["subprocess"]
    assert brought_by("mlops_tui.services", "subprocess", walk=False) == {}
    assert brought_by("numpy.version", "numpy") == {"numpy": "numpy.version"}
