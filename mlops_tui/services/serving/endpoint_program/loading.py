"""Loads the versions of a model: in this process where its packages suffice, else beside it."""

from pathlib import Path

from .beside import start
from .requirements import in_words, python_mismatches, unmet
from .served_model import Served, example_problem, load

LOCAL = "local"

LONGEST_LOAD = 600.0
"""Seconds in which a version has to load and to answer its example."""


class Loader:
    """Loads one version after the other; ``manager`` makes an environment where one is needed."""

    def __init__(self, name: str, manager: str = LOCAL, patience: float = LONGEST_LOAD) -> None:
        self._name = name
        self._manager = manager
        self._patience = patience
        self._accepted: set[str] = set()
        """Requirements that are not met here, of the version that is served all the same."""

    def first(self, uri: str, version: str) -> Served:
        """Load what is served from the start; raises whatever MLflow raises, ``RuntimeError``."""
        path = fetched(uri)
        if self._manager == LOCAL:
            self._accepted |= set(unmet(path))
        return self._untried(path, version)

    def rival(self, version: str) -> Served:
        """Load a second version, which is asked beside the first; raises the same."""
        return self._untried(fetched(self._uri(version)), version)

    def _untried(self, path: Path, version: str) -> Served:
        if self._manager == LOCAL or not self._foreign(path):
            return load(str(path), self._name, version)
        served = self._beside(path, version, is_tried=False)
        if isinstance(served, str):
            raise RuntimeError(f"v{version}: {served}")  # noqa: TRY004 - it is a reason
        return served

    def next(self, version: str) -> "Served | str":
        """Load what may answer in place of another, which has answered its own example.

        Otherwise return what speaks against it.
        """
        what = "it does not load"
        try:
            path = fetched(self._uri(version))
            what = "it cannot be tried"
            if foreign := self._foreign(path):
                if self._manager == LOCAL:
                    return f"it requires {', '.join(foreign)}"
                return self._beside(path, version, is_tried=True)
            what = "it does not load"
            served = load(str(path), self._name, version)
            what = "it cannot be tried"
            return example_problem(served) or served
        except BaseException as error:  # noqa: BLE001 - foreign code may even want to end us
            return f"{what}: {type(error).__name__}: {error}"

    def _foreign(self, path: Path) -> list[str]:
        lacking = set(unmet(path)) - self._accepted
        if self._manager != LOCAL:
            lacking |= set(map(in_words, python_mismatches(path)))
        return sorted(lacking)

    def _beside(self, path: Path, version: str, *, is_tried: bool) -> "Served | str":
        _say(f"v{version} gets an environment by {self._manager}")
        python = environment_python(path, self._manager)
        _say(f"v{version} is loaded in a process of its own: {python}")
        model = (path, self._name, version)
        found = start(python, model, self._patience, is_tried=is_tried)
        if isinstance(found, str):
            return found
        return Served(self._name, version, str(path), path, found, None, found)

    def _uri(self, version: str) -> str:
        return f"models:/{self._name}/{version}"


def fetched(uri: str) -> Path:
    """Return the folder with the files of a model on this machine."""
    from mlflow.artifacts import download_artifacts

    return Path(download_artifacts(artifact_uri=uri))


def environment_python(path: Path, manager: str) -> str:
    """Return the Python of the environment that MLflow makes for a model, or has made before."""
    from mlflow.models.flavor_backend_registry import get_flavor_backend

    backend = get_flavor_backend(str(path), env_manager=manager)  # type: ignore[no-untyped-call]
    environment = backend.prepare_env(str(path))
    activate = str(environment.get_activate_command()[-1]).partition(" ")[2]
    return str(Path(activate).with_name("python"))


def _say(words: str) -> None:
    print(words, flush=True)  # noqa: T201 - the log
