"""Keeps an endpoint on the version that an alias or a stage means."""

import threading
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path
from typing import Protocol

from .served_model import Served, example_problem, load

EVERY = 5.0
"""Seconds between two looks at the registry."""

LONGEST_PROBLEM = 400


class Serves(Protocol):
    """What answers requests with one model after the other."""

    served: Served

    def swap(self, served: Served) -> None:
        """Let another model answer from the next request on."""


class Follower:
    """Looks where an alias or a stage points, loads that version beside the old one, swaps.

    A version that does not load, does not answer its own example, or needs other packages than
    there are is not taken: the old one goes on, and ``problem`` says why. It is not tried again
    until the alias or stage has moved.
    """

    def __init__(self, endpoint: Serves, kind: str, target: str, every: float = EVERY) -> None:
        if kind not in ("alias", "stage"):
            raise ValueError(f"{kind!r} is neither alias nor stage")
        self.kind, self.target = kind, target
        self.problem = ""
        self.loading = ""
        """The version that is being loaded."""
        self._endpoint = endpoint
        self._every = every
        self._name = endpoint.served.name
        self._settled = endpoint.served.version
        """The version that was taken or refused last."""

    def start(self) -> None:
        """Begin to look, in a thread of its own."""
        threading.Thread(target=self._follow, name="follow", daemon=True).start()

    def rest(self) -> None:
        """Stay where the endpoint is until the alias or stage moves again."""
        with _told_by(self):
            self._settled = self._version_now()

    def state(self) -> dict[str, object]:
        """Return what is followed, and what stands in the way."""
        return {
            "kind": self.kind,
            "target": self.target,
            "loading": self.loading,
            "problem": self.problem,
        }

    def _follow(self) -> None:
        while True:
            time.sleep(self._every)
            with _told_by(self):
                self.look()

    def look(self) -> None:
        """Swap if the alias or stage has moved; raises what MLflow or a model raises."""
        version = self._version_now()
        if version == self._settled:
            return
        if version == self._endpoint.served.version:
            self._settled, self.problem = version, ""
            return
        self.loading = version
        try:
            found = self._tried(version)
            if self._version_now() != version:
                return  # it moved while this one was loaded: the next look takes the newer one
            self._settled = version
            if isinstance(found, str):
                self.problem = f"v{version} was not taken: {found}"[:LONGEST_PROBLEM]
            else:
                self._endpoint.swap(found)
                self.problem = ""
        finally:
            self.loading = ""

    def _tried(self, version: str) -> "Served | str":
        """Return the version, loaded and tried; else what speaks against it."""
        try:
            served = load(f"models:/{self._name}/{version}", self._name, version)
        except Exception as error:  # noqa: BLE001 - loading runs foreign code
            return f"it does not load: {error}"
        foreign = set(unmet(served.path)) - set(unmet(self._endpoint.served.path))
        if foreign:
            return f"it needs other packages than there are: {', '.join(sorted(foreign))}"
        return example_problem(served) or served

    def _version_now(self) -> str:
        from mlflow import MlflowClient

        client = MlflowClient()
        if self.kind == "alias":
            return str(client.get_model_version_by_alias(self._name, self.target).version)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # stages will go some day
            found = client.get_latest_versions(self._name, [self.target])
        if not found:
            raise LookupError(f"no version is in {self.target}")
        return str(max(int(each.version) for each in found))


@contextmanager
def _told_by(follower: Follower) -> Iterator[None]:
    """Turn an error into the follower's problem: the old model goes on answering."""
    try:
        yield
    except Exception as error:  # noqa: BLE001 - MLflow may raise anything
        what = f"The {follower.kind} {follower.target} was not found: {error}"
        follower.problem = what[:LONGEST_PROBLEM]


def unmet(path: Path) -> list[str]:
    """Return the requirements of a model that this environment does not meet, as they are written.

    What cannot be read as a requirement, as a path or an address, is left out.
    """
    from packaging.requirements import InvalidRequirement, Requirement

    try:
        lines = (path / "requirements.txt").read_text("utf-8").splitlines()
    except OSError:
        return []
    found = []
    for line in lines:
        try:
            requirement = Requirement(line.strip())
        except InvalidRequirement:
            continue
        if requirement.marker and not requirement.marker.evaluate():
            continue
        try:
            version = metadata.version(requirement.name)
        except metadata.PackageNotFoundError:
            found.append(f"{requirement} (missing here)")
            continue
        if not requirement.specifier.contains(version, prereleases=True):
            found.append(f"{requirement} ({version} here)")
    return found
