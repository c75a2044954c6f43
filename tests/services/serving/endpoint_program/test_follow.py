"""What a follower does with versions that do not load, and with a registry that does not answer."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mlops_tui.services.serving.endpoint_program import loading as module
from mlops_tui.services.serving.endpoint_program.follow import Follower
from mlops_tui.services.serving.endpoint_program.loading import Loader
from mlops_tui.services.serving.endpoint_program.served_model import Served


def served(version: str) -> Served:
    async def app(*_: object) -> None: ...

    return Served("m", version, "", Path("nowhere"), app, None)


class Endpoint:
    """Serves version 1 at first."""

    def __init__(self) -> None:
        self.served = served("1")

    def swap(self, served: Served, reason: str) -> None:
        assert reason in ("follows @champion", "swapped back")
        self.served = served


class Registry:
    """Means one version, or raises."""

    meant: str | Exception = "2"

    def now(self) -> str:
        if isinstance(self.meant, Exception):
            raise self.meant
        return self.meant


class Loads:
    """Counts loads; does in them what a test says."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.first: Callable[[], object] = lambda: None

    def load(self, _path: str, _name: str, version: str) -> Served:
        self.asked.append(version)
        self.first()
        return served(version)


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> Registry:
    registry = Registry()
    monkeypatch.setattr(Follower, "_meant", registry.now)
    return registry


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch, registry: Registry) -> Loads:
    del registry
    loads = Loads()
    monkeypatch.setattr(module, "fetched", lambda _uri: Path("nowhere"))
    monkeypatch.setattr(module, "load", loads.load)
    monkeypatch.setattr(module, "example_problem", lambda _served: "")
    return loads


def fail(error: BaseException) -> Callable[..., Any]:
    def raise_it(*_: object) -> None:
        raise error

    return raise_it


def test_a_version_that_ends_the_program_when_it_is_loaded_is_refused_once(loads: Loads) -> None:
    loads.first = fail(SystemExit(3))
    endpoint = Endpoint()
    follower = Follower(endpoint, Loader("m"), "alias", "champion")
    follower.look()
    follower.look()
    assert follower.problem == "v2 was not taken: it does not load: SystemExit: 3"
    assert (loads.asked, endpoint.served.version) == (["2"], "1")


def test_a_version_that_cannot_be_tried_is_refused_once(
    loads: Loads, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "unmet", fail(ValueError("no such marker")))
    follower = Follower(Endpoint(), Loader("m"), "alias", "champion")
    follower.look()
    follower.look()
    told = "v2 was not taken: it cannot be tried: ValueError: no such marker"
    assert (follower.problem, loads.asked) == (told, [])


def test_a_load_that_does_not_come_back_is_given_up(loads: Loads) -> None:
    gate = threading.Event()
    loads.first = gate.wait
    follower = Follower(Endpoint(), Loader("m"), "alias", "champion", patience=0.01)
    follower.look()
    gate.set()
    assert follower.problem.startswith("v2 was not taken: it did not load and answer within")
    assert follower.state()["loading"] == ""


def test_a_registry_that_answers_again_is_no_problem_any_more(
    loads: Loads, registry: Registry
) -> None:
    follower = Follower(Endpoint(), Loader("m"), "alias", "champion")
    registry.meant = LookupError("the registry is away")
    follower.look()
    assert follower.problem == "The alias champion was not found: the registry is away"
    registry.meant = "1"
    follower.look()
    assert (follower.problem, loads.asked) == ("", [])
    loads.first = fail(ValueError("broken"))
    registry.meant = "2"
    follower.look()
    registry.meant = LookupError("the registry is away")
    follower.look()
    registry.meant = "2"
    follower.look()
    assert follower.problem == "v2 was not taken: it does not load: ValueError: broken"


def test_who_swaps_back_while_a_version_is_loaded_keeps_what_answers(loads: Loads) -> None:
    endpoint = Endpoint()
    follower = Follower(endpoint, Loader("m"), "alias", "champion")

    def swap_back() -> None:
        follower.rest()
        endpoint.swap(served("0"), "swapped back")

    loads.first = swap_back
    follower.look()
    follower.look()
    assert (endpoint.served.version, loads.asked) == ("0", ["2"])


def test_who_swaps_back_does_not_wait_for_the_registry(registry: Registry, loads: Loads) -> None:
    endpoint = Endpoint()
    follower = Follower(endpoint, Loader("m"), "alias", "champion")
    follower.look()
    registry.meant = LookupError("asked while a client waits")
    follower.rest()
    endpoint.swap(served("1"), "swapped back")
    assert follower.problem == ""
    registry.meant = "2"
    follower.look()
    assert (endpoint.served.version, loads.asked) == ("1", ["2"])
    registry.meant = "3"
    follower.look()
    assert endpoint.served.version == "3"
