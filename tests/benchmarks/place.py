"""A small store with a folder for the app's state."""

import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

NEWEST = "the-newest-run"
LARGE = 100_000


@dataclass(frozen=True, slots=True)
class Place:
    """Where the measured programs find their data."""

    folder: TemporaryDirectory[str]

    @property
    def uri(self) -> str:
        """The address of the store."""
        return f"sqlite:///{self.folder.name}/mlflow.db"

    @property
    def app(self) -> list[str]:
        """The command under measure."""
        installed = Path(sys.executable).with_name("mlops-tui")
        flags = ["--tracking-uri", self.uri, "--state-dir", f"{self.folder.name}/state"]
        return [str(installed), *flags]


@cache
def place(_purpose: str = "reading") -> Place:
    """Make the store, once for each purpose.

    A process of its own does so: none of MLflow stays in the one that measures.
    """
    made = Place(TemporaryDirectory(prefix="mlops-tui-bench-"))
    subprocess.run(python("make_store", made.uri, NEWEST), check=True)
    return made


@cache
def large_place() -> Place:
    """Make a store of ``LARGE`` runs, with thousands of metrics, one of a million points."""
    made = Place(TemporaryDirectory(prefix="mlops-tui-bench-"))
    subprocess.run(python("make_large_store", made.uri, NEWEST, str(LARGE)), check=True)
    return made


@cache
def models_place(models: int, versions: int) -> Place:
    """Make a registry of models with versions each."""
    made = Place(TemporaryDirectory(prefix="mlops-tui-bench-"))
    command = python("make_models_store", made.uri, str(models), str(versions))
    subprocess.run(command, check=True)
    return made


def python(module: str, *arguments: str) -> list[str]:
    """Return the command that runs one of the programs beside this file."""
    return [sys.executable, "-m", f"tests.benchmarks.{module}", *arguments]
