"""Keeps an endpoint on the version that an alias or a stage means."""

import queue
import threading
import time
import warnings
from typing import Protocol

from .loading import LONGEST_LOAD, Loader
from .served_model import Served

EVERY = 5.0
"""Seconds between two looks at the registry."""

LONGEST_PROBLEM = 400


class Serves(Protocol):
    """What answers requests with one model after the other."""

    served: Served

    def swap(self, served: Served, reason: str) -> None:
        """Let another model answer from the next request on; ``reason`` is for the history."""


class Follower:
    """Looks where an alias or a stage points, loads that version beside the old one, swaps.

    A version that does not load or does not answer its own example is not taken: the old one goes
    on, and ``problem`` says why. It is not tried again until the alias or stage has moved.
    """

    def __init__(
        self,
        endpoint: Serves,
        loader: Loader,
        kind: str,
        target: str,
        every: float = EVERY,
        patience: float = LONGEST_LOAD,
    ) -> None:
        if kind not in ("alias", "stage"):
            raise ValueError(f"{kind!r} is neither alias nor stage")
        self.kind, self.target = kind, target
        self.loading = ""
        """The version that is being loaded."""
        self._refused = ""
        self._unfound = ""
        """Why nobody could say at the last look which version is meant."""
        self._endpoint = endpoint
        self._loader = loader
        self._every = every
        self._patience = patience
        self._name = endpoint.served.name
        self._settled = endpoint.served.version
        """The version that was taken or refused last."""

    @property
    def problem(self) -> str:
        """What stands in the way, empty if nothing does."""
        return (self._unfound or self._refused)[:LONGEST_PROBLEM]

    def start(self) -> None:
        """Begin to look, in a thread of its own."""
        threading.Thread(target=self._follow, name="follow", daemon=True).start()

    def rest(self) -> None:
        """Stay where the endpoint is until the alias or stage moves again; waits for nothing."""
        self._settled = self.loading or self._settled

    def tell(self, problem: str) -> None:
        """Show what happened to the version that was taken."""
        self._refused = problem

    def __str__(self) -> str:
        return f"@{self.target}" if self.kind == "alias" else self.target

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
            try:
                self.look()
            except Exception as error:  # noqa: BLE001 - the next look may fare better
                self._refused = f"Following went wrong: {error}"

    def look(self) -> None:
        """Swap if the alias or stage has moved."""
        version = self._version_now()
        if version in ("", self._settled):
            return
        before = self._endpoint.served
        if version == before.version:
            self._settled, self._refused = version, ""
            return
        self.loading = version
        try:
            found = self._tried(version)
            has_moved = self._version_now() != version
            if has_moved or self._endpoint.served is not before:
                discard(found)
                return  # the next look takes the newer one; who swapped back keeps what answers
            self._settled = version
            if isinstance(found, str):
                self._refused = f"v{version} was not taken: {found}"
            else:
                self._endpoint.swap(found, f"follows {self}")
                self._refused = ""
        finally:
            self.loading = ""

    def _tried(self, version: str) -> "Served | str":
        """Return the version, loaded and tried; else what speaks against it.

        It is loaded in a thread that is left alone when it takes too long.
        """
        found: queue.Queue[Served | str] = queue.Queue()
        is_given_up = threading.Lock()  # whoever has it answers for what was loaded

        def load() -> None:
            served = self._loader.next(version)
            if is_given_up.acquire(blocking=False):
                found.put(served)
            else:
                discard(served)

        threading.Thread(target=load, name="load", daemon=True).start()
        try:
            return found.get(timeout=self._patience)
        except queue.Empty:
            if is_given_up.acquire(blocking=False):
                return f"it did not load and answer within {self._patience:g} s"
            return found.get()

    def _version_now(self) -> str:
        """Return the version that is meant; empty, and ``problem`` says why, if nobody knows."""
        try:
            version = self._meant()
        except Exception as error:  # noqa: BLE001 - MLflow may raise anything
            self._unfound = f"The {self.kind} {self.target} was not found: {error}"
            return ""
        self._unfound = ""
        return version

    def _meant(self) -> str:
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


def discard(found: "Served | str") -> None:
    """End the process of a version that was loaded in vain."""
    if not isinstance(found, str) and found.beside:
        found.beside.close()
