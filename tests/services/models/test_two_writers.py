"""Colleagues who change a model at the same moment, and writers that are killed."""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from types import SimpleNamespace

import pytest

from mlops_tui.domain.errors import Conflict
from mlops_tui.domain.models.registry_event import EventKind, Outcome, RegistryEvent
from mlops_tui.domain.models.stage import Stage
from mlops_tui.domain.store import Store
from mlops_tui.services.models import history, registry_ticket
from mlops_tui.services.models.recorder import Recorder
from mlops_tui.services.models.registry import list_versions
from mlops_tui.services.models.registry_changes import set_alias
from mlops_tui.services.store import store as stores
from tests.services.models.test_history import make_versions, promote

ROUNDS = 3


class Writer:
    """A colleague in a process of its own."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self.hears("ready")

    def told(self, line: str) -> None:
        assert self._process.stdin
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()

    def says(self) -> str:
        assert self._process.stdout
        return self._process.stdout.readline().strip()

    def hears(self, line: str) -> None:
        assert self.says() == line

    def died(self) -> None:
        assert self.says() == ""
        self._process.wait()


Start = Callable[..., Writer]


@pytest.fixture
def start() -> Iterator[Start]:
    with ExitStack() as started:

        def begin(store: Store, model: str, *death: str) -> Writer:
            module = "tests.services.models.registry_writer"
            process = subprocess.Popen(
                [sys.executable, "-W", "ignore", "-m", module, store.tracking_uri, model, *death],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            started.enter_context(process)
            started.callback(process.kill)
            return Writer(process)

        yield begin


def production(store: Store, name: str) -> list[str]:
    return [v.version for v in list_versions(store, name) if v.stage is Stage.PRODUCTION]


def test_who_waits_for_one_who_died_gets_a_ticket_of_its_own(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = make_versions(sqlite_store, 1)
    client = stores.client(sqlite_store)
    experiment = history.find(client)
    assert experiment
    recorder = Recorder(
        sqlite_store, client, experiment, history.created(client.get_registered_model(name))
    )
    monkeypatch.setattr(registry_ticket, "DEAD", 0.1)
    event = RegistryEvent(name, EventKind.STAGE, "1", "", "None", "Production")
    for _ in range(6):
        assert recorder.take(event)


def test_who_waits_long_takes_a_new_ticket_before_others_think_it_dead(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = make_versions(sqlite_store, 1)
    client = stores.client(sqlite_store)
    experiment = history.find(client)
    assert experiment
    key = history.created(client.get_registered_model(name))
    recorder = Recorder(sqlite_store, client, experiment, key)
    later = SimpleNamespace(info=SimpleNamespace(run_id="z", user_id="ana"))
    seen: list[str] = []

    def others(own: str = "") -> list[SimpleNamespace]:
        seen.append(own)
        return [later] if len(seen) == 1 else []

    monkeypatch.setattr(registry_ticket, "OLD", 0.0)
    monkeypatch.setattr(recorder.tickets, "others", others)
    ticket = recorder.take(RegistryEvent(name, EventKind.STAGE, "1", "", "None", "Production"))
    assert seen[1:] == ["", ticket]
    assert client.get_run(seen[0]).info.lifecycle_stage == "deleted"


def test_who_was_taken_for_dead_changes_nothing(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = make_versions(sqlite_store, 1)
    client = stores.client(sqlite_store)

    def see(recorder: Recorder, _present: object) -> None:
        (own,) = recorder.tickets.others()
        client.set_terminated(own.info.run_id, "FAILED")

    monkeypatch.setattr(Recorder, "see", see)
    with pytest.raises(Conflict, match="nothing was changed"):
        set_alias(sqlite_store, name, "champion", "1")
    assert list_versions(sqlite_store, name)[0].aliases == ()


def test_of_two_who_promote_at_the_same_moment_one_wins_and_one_is_told(
    any_store: Store, start: Start
) -> None:
    name = make_versions(any_store, 3)
    promote(any_store, name, "3")
    colleagues = [start(any_store, name), start(any_store, name)]
    for _ in range(ROUNDS):
        (present,) = production(any_store, name)
        rivals = [one for one in ("1", "2", "3") if one != present]
        for colleague, version in zip(colleagues, rivals, strict=True):
            colleague.told(version)
            colleague.hears("planned")
        for colleague in colleagues:
            colleague.told("go")
        answers = [colleague.says() for colleague in colleagues]
        assert sorted(answer.partition(":")[0] for answer in answers) == ["refused", "won"]
        refusal = next(answer for answer in answers if answer != "won")
        assert re.search(r"v\d is in \w+ (too )?now.*somebody moved it meanwhile", refusal)
        assert production(any_store, name) == [rivals[answers.index("won")]]
    moves = [e for e in history.events(any_store, name) if e.kind is EventKind.STAGE]
    assert len(moves) == ROUNDS + 1
    assert {event.outcome for event in moves} == {Outcome.DONE}
    assert not any(event.is_seen for event in moves)


@pytest.mark.parametrize(
    ("death", "outcome", "stage"),
    [("write", Outcome.FAILED, Stage.NONE), ("finish", Outcome.DONE, Stage.PRODUCTION)],
)
def test_the_history_tells_the_truth_of_a_writer_that_was_killed(
    any_store: Store,
    start: Start,
    monkeypatch: pytest.MonkeyPatch,
    death: str,
    outcome: Outcome,
    stage: Stage,
) -> None:
    name = make_versions(any_store, 1)
    writer = start(any_store, name, death)
    writer.told("1")
    writer.hears("planned")
    writer.told("go")
    writer.died()
    assert history.events(any_store, name)[0].outcome is Outcome.UNDERWAY
    monkeypatch.setattr(registry_ticket, "DEAD", 0.2)
    set_alias(any_store, name, "champion", "1")
    assert list_versions(any_store, name)[0].stage is stage
    alias, moved, _registered = history.events(any_store, name)
    assert (alias.kind, alias.outcome) == (EventKind.ALIAS, Outcome.DONE)
    assert (moved.describe(), moved.outcome) == ("v1: None → Production", outcome)
    assert (moved.reason, moved.is_seen) == ("a test", False)
