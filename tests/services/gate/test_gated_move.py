"""Moving a version to a stage that has a gate."""

import pytest

from mlops_tui.domain.errors import GateRefused, ServiceError, Unreachable
from mlops_tui.domain.gate.rules import gate_tag
from mlops_tui.domain.gate.verdict import GateState, gate_state
from mlops_tui.domain.models.registry_event import EventKind, RegistryEvent
from mlops_tui.domain.models.stage import Stage
from mlops_tui.domain.models.transition import Transition, plan_transition
from mlops_tui.domain.store import Store
from mlops_tui.services.gate import gate_rules
from mlops_tui.services.models import history, registry
from mlops_tui.services.models.gated_entry import GatedEntry
from mlops_tui.services.models.registration import register
from mlops_tui.services.models.registry_changes import move
from mlops_tui.services.store.store import client
from tests.services.gate.conftest import Registered
from tests.services.models.test_registry import ELSEWHERE, make_versions

RULES = '[[rule]]\ntag = "owner"'


def plan(store: Store, name: str, number: str) -> Transition:
    versions = registry.list_versions(store, name)
    return plan_transition(versions, number, Stage.PRODUCTION, archive_existing=True)


def stages(store: Store, name: str) -> dict[str, str]:
    return {one.version: one.stage.value for one in registry.list_versions(store, name)}


def newest(store: Store, name: str, kind: EventKind) -> RegistryEvent:
    return next(event for event in history.events(store, name) if event.kind is kind)


def test_a_gate_keeps_out_what_has_not_passed_and_lets_in_what_has(
    registered: Registered,
) -> None:
    store, name = registered.store, registered.name
    registry_of(registered)
    gate_rules.write_rules(store, name, Stage.PRODUCTION, RULES, "")
    with pytest.raises(GateRefused, match="has not been run"):
        move(store, plan(store, name, "1"))
    assert registered.check("1", RULES).status == "failed"
    with pytest.raises(GateRefused, match="was failed"):
        move(store, plan(store, name, "1"))
    assert stages(store, name) == {"1": "None", "2": "None"}

    client(store).set_model_version_tag(name, "1", "owner", "ann")
    verdict = registered.check("1", RULES)
    assert verdict.passed
    move(store, plan(store, name, "1"))
    assert stages(store, name) == {"1": "Production", "2": "None"}
    assert newest(store, name, EventKind.STAGE).gate_run == verdict.run_id
    told = newest(store, name, EventKind.GATE)
    assert (told.version, told.subject, told.after) == ("1", "Production", "passed")
    assert told.gate_run == verdict.run_id
    assert newest(store, name, EventKind.GATE_RULES).after == RULES


def registry_of(registered: Registered) -> None:
    """Register two versions that nobody can load."""

    for _ in range(2):
        register(registered.store, name=registered.name, model=ELSEWHERE, run_id="")


def test_an_override_needs_a_reason_which_is_kept(sqlite_store: Store) -> None:
    name = make_versions(sqlite_store, 2)
    gate_rules.write_rules(sqlite_store, name, Stage.PRODUCTION, RULES, "")
    with pytest.raises(GateRefused):
        move(sqlite_store, plan(sqlite_store, name, "2"), override=True)
    with pytest.raises(GateRefused):
        move(sqlite_store, plan(sqlite_store, name, "2"), reason="a reason alone is no override")
    move(sqlite_store, plan(sqlite_store, name, "2"), reason="urgent", override=True)
    event = newest(sqlite_store, name, EventKind.STAGE)
    assert (event.overridden, event.reason) == (True, "urgent")
    (version,) = [v for v in registry.list_versions(sqlite_store, name) if v.version == "2"]
    assert version.tags["validation_status"] == "overridden"
    tags = {gate_tag(Stage.PRODUCTION): RULES}
    assert gate_state(version, Stage.PRODUCTION, tags, "") is GateState.OVERRIDDEN


def test_taking_a_move_back_asks_no_gate(sqlite_store: Store) -> None:
    name = make_versions(sqlite_store, 2)
    first = plan(sqlite_store, name, "1")
    move(sqlite_store, first)
    gate_rules.write_rules(sqlite_store, name, Stage.PRODUCTION, RULES, "")
    move(sqlite_store, first.undone())
    move(sqlite_store, first, is_undo=True)
    assert stages(sqlite_store, name)["1"] == "Production"


def test_a_move_that_was_made_is_told_as_made_when_what_follows_fails(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def note(*_: object) -> None:
        raise Unreachable("There is no answer.")

    monkeypatch.setattr(GatedEntry, "note", note)
    name = make_versions(sqlite_store, 1)
    with pytest.raises(ServiceError, match=r"v1 → Production was done, but: There is no answer"):
        move(sqlite_store, plan(sqlite_store, name, "1"))
    assert stages(sqlite_store, name) == {"1": "Production"}


def test_an_override_that_no_gate_asked_for_is_not_told(sqlite_store: Store) -> None:
    name = make_versions(sqlite_store, 1)
    move(sqlite_store, plan(sqlite_store, name, "1"), reason="urgent", override=True)
    assert not newest(sqlite_store, name, EventKind.STAGE).overridden
