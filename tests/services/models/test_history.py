"""The history of registered models."""

import getpass
from dataclasses import replace
from pathlib import Path

import pytest
from mlflow.exceptions import MlflowException

from mlops_tui.domain.errors import Conflict, InvalidInput, ServiceError
from mlops_tui.domain.experiments.experiment import HISTORY
from mlops_tui.domain.models.registry_event import EventKind, Outcome, RegistryEvent
from mlops_tui.domain.models.stage import Stage
from mlops_tui.domain.models.transition import Transition, plan_transition
from mlops_tui.domain.store import Store
from mlops_tui.services.experiments.experiments import list_experiments
from mlops_tui.services.feed import feed
from mlops_tui.services.models import (
    history,
    history_reading,
    registration,
    registry_ticket,
)
from mlops_tui.services.models.recorder import Recorder
from mlops_tui.services.models.registry import list_versions
from mlops_tui.services.models.registry_changes import (
    delete_alias,
    describe_model,
    describe_version,
    move,
    set_alias,
    set_version_tags,
)
from mlops_tui.services.models.rollback import roll_back, rollbacks
from mlops_tui.services.search import name_search
from mlops_tui.services.store import own_experiments
from mlops_tui.services.store import store as stores
from tests.making import unique
from tests.services.models.test_registry import ELSEWHERE

EXPERIMENT = own_experiments.NAMES[HISTORY]


def make_versions(store: Store, count: int) -> str:
    name = unique('it\'s [red] "iris"')
    for _ in range(count):
        registration.register(store, name=name, model=ELSEWHERE, run_id="")
    return name


def plan(store: Store, name: str, version: str, target: Stage) -> Transition:
    return plan_transition(list_versions(store, name), version, target, archive_existing=True)


def promote(store: Store, name: str, version: str, reason: str = "") -> None:
    move(store, plan(store, name, version, Stage.PRODUCTION), reason=reason)


def told(store: Store, name: str) -> list[str]:
    return [event.describe() for event in history.events(store, name)]


def test_each_change_is_told_newest_first(any_store: Store) -> None:
    name = make_versions(any_store, 2)
    promote(any_store, name, "1", "the first")
    promote(any_store, name, "2", "better by 2 %")
    set_alias(any_store, name, "champion", "1")
    set_alias(any_store, name, "champion", "2", "1")
    delete_alias(any_store, name, "champion", "2")
    describe_version(any_store, name, "2", "new", "")
    describe_model(any_store, name, "flowers", "")
    set_version_tags(any_store, name, "2", {"a": "1"}, [])
    assert told(any_store, name) == [
        "tags of v2: a=1",
        "description of the model: flowers",
        "description of v2: new",
        "@champion: v2 → nothing",
        "@champion: v1 → v2",
        "@champion: nothing → v1",
        "v2: None → Production; v1: Production → Archived; @previous → v1",
        "v1: None → Production",
        "v2 registered",
        "v1 registered",
    ]
    moved = history.events(any_store, name)[6]
    assert (moved.reason, moved.by) == ("better by 2 %", getpass.getuser())
    assert (moved.outcome, moved.is_seen) == (Outcome.DONE, False)
    assert moved.at >= history.events(any_store, name)[7].at


def test_the_history_of_one_model_has_nothing_of_another(any_store: Store) -> None:
    name, other = make_versions(any_store, 1), make_versions(any_store, 1)
    promote(any_store, other, "1")
    assert told(any_store, name) == ["v1 registered"]


def test_a_promotion_takes_the_alias_previous_along_and_its_undo_takes_it_back(
    any_store: Store,
) -> None:
    name = make_versions(any_store, 2)
    promote(any_store, name, "1")
    ours = plan(any_store, name, "2", Stage.PRODUCTION)
    now = {one.version: one for one in move(any_store, ours).value}
    assert now["1"].aliases == ("previous",)
    back = {one.version: one for one in move(any_store, ours.undone()).value}
    assert (back["1"].aliases, back["1"].stage) == ((), Stage.PRODUCTION)


def test_the_history_survives_the_version_and_the_model(any_store: Store) -> None:
    name = make_versions(any_store, 2)
    promote(any_store, name, "1")
    opened = stores.client(any_store)
    opened.transition_model_version_stage(name, "1", "Archived")
    opened.delete_model_version(name, "1")
    assert told(any_store, name)[0] == "v1: None → Production"
    opened.delete_registered_model(name)
    assert told(any_store, name)[0] == "v1: None → Production"


def test_the_history_follows_a_model_that_is_renamed(any_store: Store) -> None:
    name, after = make_versions(any_store, 1), unique("lily")
    stores.client(any_store).rename_registered_model(name, after)
    promote(any_store, after, "1")
    assert told(any_store, after) == [
        "v1: None → Production",
        f"renamed: {name} → {after}",
        "v1 registered",
    ]


def test_a_model_that_gets_the_name_of_one_that_is_gone_has_a_history_of_its_own(
    any_store: Store,
) -> None:
    name = make_versions(any_store, 2)
    stores.client(any_store).delete_registered_model(name)
    registration.register(any_store, name=name, model=ELSEWHERE, run_id="")
    assert told(any_store, name) == ["v1 registered"]


def test_the_experiment_of_the_history_is_not_among_the_experiments(any_store: Store) -> None:
    make_versions(any_store, 1)
    assert EXPERIMENT not in {each.name for each in list_experiments(any_store)}
    assert stores.client(any_store).get_experiment_by_name(EXPERIMENT) is not None


def test_looking_creates_nothing(sqlite_store: Store) -> None:
    stores.client(sqlite_store).create_registered_model("iris")
    before = stores.fingerprint(sqlite_store)
    assert history.events(sqlite_store, "iris") == ()
    assert history.events(sqlite_store, "nothing of that name") == ()
    assert stores.fingerprint(sqlite_store) == before


def test_a_store_that_is_not_there_has_no_history(store: Store) -> None:
    assert history.events(store, "iris") == ()
    assert not stores.exists(store)


def test_what_gates_and_servers_do_is_recorded_beside_the_changes(any_store: Store) -> None:
    name = make_versions(any_store, 1)
    gate = RegistryEvent(name, EventKind.GATE, "1", "Production", after="failed", gate_run="abc")
    history.record(any_store, gate, replace(gate, after="overridden", overridden=True))
    found = history.events(any_store, name)
    assert [(each.after, each.overridden, each.gate_run) for each in found[:2]] in (
        [("overridden", True, "abc"), ("failed", False, "abc")],
        [("failed", False, "abc"), ("overridden", True, "abc")],
    )


def test_a_reason_of_a_megabyte_is_refused_before_anything_is_written(sqlite_store: Store) -> None:
    name = make_versions(sqlite_store, 1)
    before = stores.fingerprint(sqlite_store)
    with pytest.raises(InvalidInput, match=r"1,000,000 characters; the history keeps 2,000"):
        promote(sqlite_store, name, "1", "x" * 1_000_000)
    assert stores.fingerprint(sqlite_store) == before


def test_what_is_no_longer_as_it_was_shown_is_not_changed(any_store: Store) -> None:
    name = make_versions(any_store, 2)
    set_alias(any_store, name, "champion", "1")
    describe_version(any_store, name, "1", "theirs", "")
    describe_model(any_store, name, "theirs", "")
    set_version_tags(any_store, name, "1", {"a": "theirs"}, [])
    recorded = told(any_store, name)
    with pytest.raises(Conflict, match="@champion points at v1 now, not at nothing"):
        set_alias(any_store, name, "champion", "2")
    with pytest.raises(Conflict, match="@champion points at v1 now, not at v2"):
        delete_alias(any_store, name, "champion", "2")
    with pytest.raises(Conflict, match="description of v1 is another one now"):
        describe_version(any_store, name, "1", "ours", "")
    with pytest.raises(Conflict, match=r"description of it's .* is another one now"):
        describe_model(any_store, name, "ours", "")
    with pytest.raises(Conflict, match="tag a of v1 is another one now"):
        set_version_tags(any_store, name, "1", {"a": "ours"}, [])
    with pytest.raises(Conflict, match="v3 is gone"):
        set_version_tags(any_store, name, "3", {"a": "ours"}, [])
    assert told(any_store, name) == recorded


def test_a_change_that_the_history_cannot_hold_is_made_and_the_answer_says_so(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = make_versions(sqlite_store, 1)
    client = stores.client(sqlite_store)

    def forbidden(*_arguments: object, **_options: object) -> None:
        raise MlflowException("Permission denied", error_code=7)

    monkeypatch.setattr(client, "create_run", forbidden)
    answer = set_alias(sqlite_store, name, "champion", "1")
    assert answer.unrecorded.startswith("It was done, but the history lacks it:")
    assert list_versions(sqlite_store, name)[0].aliases == ("champion",)
    with pytest.raises(Conflict):
        set_alias(sqlite_store, name, "champion", "1")


def test_a_history_that_somebody_deleted_is_told(sqlite_store: Store) -> None:
    name = make_versions(sqlite_store, 1)
    client = stores.client(sqlite_store)
    found = client.get_experiment_by_name(EXPERIMENT)
    assert found
    client.delete_experiment(found.experiment_id)
    answer = set_alias(sqlite_store, name, "champion", "1")
    assert "'Model registry history' was deleted. Restore it" in answer.unrecorded
    (deleted,) = list_experiments(sqlite_store, deleted=True)
    assert deleted.name == EXPERIMENT


def test_a_change_that_was_made_in_part_is_told_as_such(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = make_versions(sqlite_store, 2)
    promote(sqlite_store, name, "1")

    def fails(*_arguments: object) -> None:
        raise MlflowException("the disk is full")

    with monkeypatch.context() as faults:
        faults.setattr(stores.client(sqlite_store), "set_registered_model_alias", fails)
        with pytest.raises(ServiceError, match=r"done, but not @previous → v1: the disk is full"):
            promote(sqlite_store, name, "2")
    event = history.events(sqlite_store, name)[0]
    assert event.outcome is Outcome.FAILED
    assert "the disk is full" in event.trouble
    set_alias(sqlite_store, name, "previous", "1")
    assert [event.is_seen for event in history.events(sqlite_store, name)] == [False] * 5


def test_a_change_that_failed_altogether_leaves_no_line(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = make_versions(sqlite_store, 1)

    def fails(*_arguments: object) -> None:
        raise MlflowException("the disk is full")

    monkeypatch.setattr(stores.client(sqlite_store), "set_registered_model_alias", fails)
    with pytest.raises(ServiceError, match="the disk is full"):
        set_alias(sqlite_store, name, "champion", "1")
    assert told(sqlite_store, name) == ["v1 registered"]


def test_who_waits_too_long_for_a_colleague_is_told(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = make_versions(sqlite_store, 1)
    client = stores.client(sqlite_store)
    experiment = history.find(client)
    assert experiment
    key = history.created(client.get_registered_model(name))
    tags = {"mlops_tui.model_created": key, "mlflow.user": "ana"}
    client.create_run(experiment, tags=tags)
    monkeypatch.setattr(registry_ticket, "LIMIT", 0.0)
    with pytest.raises(Conflict, match="ana is changing this model right now"):
        set_alias(sqlite_store, name, "champion", "1")
    assert list_versions(sqlite_store, name)[0].aliases == ()


def test_what_was_in_production_comes_back_one_step_at_a_time(any_store: Store) -> None:
    name = make_versions(any_store, 3)
    for number in ("1", "2", "3"):
        promote(any_store, name, number)
    for now, before in (("3", "2"), ("2", "1")):
        (plan,) = rollbacks(any_store, name)[1]
        assert (plan.subject, plan.now, plan.before) == ("Production", (now,), (before,))
        roll_back(any_store, plan, reason="too slow")
    assert rollbacks(any_store, name)[1] == ()
    event = history.events(any_store, name)[0]
    assert event.describe().startswith("rollback of Production: v2 → v1; v2: Production → Archived")
    assert event.reason == "too slow"


def test_a_rollback_of_what_somebody_moved_meanwhile_is_refused(any_store: Store) -> None:
    name = make_versions(any_store, 3)
    for number in ("1", "2"):
        promote(any_store, name, number)
    (plan,) = rollbacks(any_store, name)[1]
    promote(any_store, name, "3")
    with pytest.raises(Conflict, match="v2 is in Archived now, not Production"):
        roll_back(any_store, plan)
    assert told(any_store, name)[0].startswith("v3: None → Production")


def test_changes_made_elsewhere_are_recorded_once_as_seen(any_store: Store) -> None:
    name = make_versions(any_store, 2)
    opened = stores.client(any_store)
    opened.transition_model_version_stage(name, "1", "Production")
    opened.update_model_version(name, "2", "new words")
    history_reading.notice(any_store, name)
    history_reading.notice(any_store, name)
    found = history_reading.read_history(any_store, name, may_record=True).events
    assert [event.describe() for event in found] == [
        "description of v2: new words",
        "v1: None → Production",
        "v2 registered",
        "v1 registered",
    ]
    assert [event.is_seen for event in found] == [True, True, False, False]
    assert found[1].since == found[2].at
    promote(any_store, name, "2")
    assert len(history.events(any_store, name)) == 5


def test_a_history_that_has_not_begun_is_not_begun_by_looking(sqlite_store: Store) -> None:
    client = stores.client(sqlite_store)
    client.create_registered_model("iris")
    before = stores.fingerprint(sqlite_store)
    history_reading.notice(sqlite_store, "iris")
    told = history_reading.read_history(sqlite_store, "iris", may_record=True)
    assert (told.events, stores.fingerprint(sqlite_store)) == ((), before)
    assert "begins its history" in told.remark


def test_a_look_at_a_change_that_is_underway_waits_for_its_end(sqlite_store: Store) -> None:
    name = make_versions(sqlite_store, 1)
    client = stores.client(sqlite_store)
    experiment = history.find(client)
    assert experiment
    key = history.created(client.get_registered_model(name))
    event = RegistryEvent(name, EventKind.STAGE, "1", "", "None", "Staging")
    ticket = Recorder(sqlite_store, client, experiment, key).take(event)
    client.transition_model_version_stage(name, "1", "Staging")
    history_reading.notice(sqlite_store, name)
    told = history_reading.read_history(sqlite_store, name, may_record=True)
    assert [(each.event_id == ticket, each.outcome) for each in told.events] == [
        (True, Outcome.UNDERWAY),
        (False, Outcome.DONE),
    ]


def test_neither_the_feed_nor_the_search_shows_the_history(
    any_store: Store, tmp_path: Path
) -> None:
    make_versions(any_store, 1)
    entries = feed.read_feed(tmp_path, any_store).entries
    assert EXPERIMENT not in {entry.experiment for entry in entries}
    assert name_search.find_named(any_store, "model registry history") == ()
    assert name_search.find_runs_named(any_store, "v1 registered") == ()
