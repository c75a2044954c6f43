"""The model registry."""

import warnings
from pathlib import Path
from typing import Any

import pytest
from mlflow.exceptions import MlflowException

from mlops_tui.domain.errors import Conflict, InvalidInput, NotFound, ServiceError
from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.domain.models.stage import Stage
from mlops_tui.domain.models.transition import Transition, plan_transition
from mlops_tui.domain.runs.run import LoggedModel
from mlops_tui.domain.store import Store
from mlops_tui.services.models import registration, registry, registry_changes
from mlops_tui.services.models.registry import list_models, list_versions, models_changed
from mlops_tui.services.models.registry_changes import (
    delete_alias,
    describe_model,
    describe_version,
    set_alias,
    set_version_tags,
)
from mlops_tui.services.store import store as stores
from tests.making import COLUMNS, estimator, log_model, make_run, unique

ELSEWHERE = LoggedModel("m", "s3://bucket/model", "", "READY")
"""A model that no store looks for when it is registered."""


def register(store: Store, **what: Any) -> ModelVersion:
    return registration.register(store, **what).value


def move(store: Store, transition: Transition) -> tuple[ModelVersion, ...]:
    return registry_changes.move(store, transition).value


def make_versions(store: Store, count: int) -> str:
    name = unique("IrisClassifierRF")
    for _ in range(count):
        register(store, name=name, model=ELSEWHERE, run_id="")
    return name


def plan(
    store: Store, name: str, version: str, target: Stage, *, archive: bool = True
) -> Transition:
    return plan_transition(list_versions(store, name), version, target, archive_existing=archive)


def stages(versions: tuple[ModelVersion, ...]) -> dict[str, str]:
    return {one.version: one.stage.value for one in versions}


def test_a_logged_model_is_registered_with_what_was_said_of_it(any_store: Store) -> None:
    run_id = make_run(any_store)
    model = log_model(any_store, run_id)
    name = unique("Ir'is [red]")
    made = register(
        any_store,
        name=name,
        model=model,
        run_id=run_id,
        description="first [try]",
        tags={"team": "ünï"},
    )
    (listed,) = list_versions(any_store, name)
    assert made == listed
    assert (listed.version, listed.stage, listed.aliases) == ("1", Stage.NONE, ())
    assert (listed.run_id, listed.source) == (run_id, model.uri)
    assert (listed.description, listed.tags) == ("first [try]", {"team": "ünï"})


def test_a_registered_version_can_be_loaded(any_store: Store) -> None:
    import mlflow
    from pandas import DataFrame

    run_id = make_run(any_store)
    name = unique("Iris")
    made = register(any_store, name=name, model=log_model(any_store, run_id), run_id=run_id)
    rows = DataFrame([[0.0, 1.0]], columns=list(COLUMNS))
    assert list(mlflow.pyfunc.load_model(made.uri).predict(rows)) == [0]


def test_a_model_among_the_artifacts_of_a_run_can_be_registered(
    any_store: Store, tmp_path: Path
) -> None:
    import mlflow

    run_id = make_run(any_store)
    mlflow.sklearn.save_model(
        estimator(), str(tmp_path / "saved"), pip_requirements=["scikit-learn"]
    )
    stores.client(any_store).log_artifacts(run_id, str(tmp_path / "saved"), "old/model")
    model = LoggedModel("old/model", f"runs:/{run_id}/old/model", "", "READY")
    made = register(any_store, name=unique("Old"), model=model, run_id=run_id)
    assert made.source.endswith(f"{run_id}/artifacts/old/model")
    assert list(mlflow.pyfunc.load_model(made.uri).predict([[2.0, 3.0]])) == [1]


def test_models_are_read_page_by_page_each_with_its_newest_version(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "FIRST_PAGE", 2)
    monkeypatch.setattr(registry, "PAGE", 3)
    names = sorted(make_versions(sqlite_store, count) for count in (1, 2, 11, 1, 1, 1))
    (eleven,) = [m.name for m in list_models(sqlite_store) if m.newest == "11"]
    set_version_tags(sqlite_store, eleven, "11", {"validation_status": "passed"}, ())
    pages = [registry.models_page(sqlite_store)]
    while token := pages[-1].next_token:
        pages.append(registry.models_page(sqlite_store, token))
    assert [len(page.models) for page in pages] == [2, 3, 1]
    models = {model.name: model for page in pages for model in page.models}
    assert list(models) == names
    assert models[eleven].newest_tags == {"validation_status": "passed"}


def test_an_existing_model_gets_the_next_version(any_store: Store) -> None:
    name = make_versions(any_store, 2)
    describe_model(any_store, name, "kept")
    assert register(any_store, name=name, model=ELSEWHERE, run_id="").version == "3"
    (model,) = [one for one in list_models(any_store) if one.name == name]
    assert model.description == "kept"


def test_a_model_is_not_left_behind_without_its_version(any_store: Store) -> None:
    name = unique("Broken")
    gone = LoggedModel("m", "models:/m-" + "0" * 32, "m-" + "0" * 32, "READY")
    with pytest.raises(ServiceError, match=r"m-0000|failed inside"):
        register(any_store, name=name, model=gone, run_id="")
    assert name not in {one.name for one in list_models(any_store)}


def test_a_model_that_a_colleague_uses_meanwhile_stays_when_its_version_fails(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, client = unique("Shared"), stores.client(sqlite_store)
    create = type(client).create_model_version

    def late(self: Any, model: str, *_: Any, **__: Any) -> None:
        create(self, model, ELSEWHERE.uri)
        raise Conflict("The network is down.")

    monkeypatch.setattr(type(client), "create_model_version", late)
    with pytest.raises(ServiceError, match="network is down"):
        register(sqlite_store, name=name, model=ELSEWHERE, run_id="")
    assert [one.version for one in list_versions(sqlite_store, name)] == ["1"]


def test_a_model_that_was_there_stays_when_its_next_version_fails(any_store: Store) -> None:
    name = make_versions(any_store, 1)
    gone = LoggedModel("m", "models:/m-" + "0" * 32, "m-" + "0" * 32, "READY")
    with pytest.raises(ServiceError, match=r"m-0000|failed inside"):
        register(any_store, name=name, model=gone, run_id="")
    assert [one.version for one in list_versions(any_store, name)] == ["1"]


@pytest.mark.parametrize("name", ["", "  ", "a/b", "a:b", "x" * 257])
def test_a_wrong_name_is_refused_before_anything_is_written(store: Store, name: str) -> None:
    with pytest.raises(InvalidInput, match="name"):
        register(store, name=name, model=ELSEWHERE, run_id="")
    assert not stores.exists(store)


def test_a_name_taken_by_a_prompt_is_told(sqlite_store: Store) -> None:
    import mlflow

    stores.client(sqlite_store)
    mlflow.genai.register_prompt("greeting", "Hello {{name}}")
    with pytest.raises(Conflict, match="taken by a prompt"):
        register(sqlite_store, name="greeting", model=ELSEWHERE, run_id="")
    assert list_models(sqlite_store) == ()


def test_registering_says_nothing_on_the_terminal(
    any_store: Store, capfd: pytest.CaptureFixture[str]
) -> None:
    make_versions(any_store, 1)
    captured = capfd.readouterr()
    assert (captured.out, captured.err) == ("", "")


def test_models_are_listed_with_aliases_and_the_newest_of_each_stage(any_store: Store) -> None:
    name = make_versions(any_store, 3)
    set_alias(any_store, name, "champion", "2")
    move(any_store, plan(any_store, name, "1", Stage.PRODUCTION))
    (model,) = [one for one in list_models(any_store) if one.name == name]
    assert model.aliases == {"champion": "2"}
    assert model.latest == {"None": "3", "Production": "1"}
    assert model.created_at is not None


def test_more_than_a_page_is_listed_newest_first(
    any_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "PAGE", 3)
    name = make_versions(any_store, 11)
    found = [one.version for one in list_versions(any_store, name)]
    assert found == [str(number) for number in range(11, 0, -1)]
    names = {make_versions(any_store, 1) for _ in range(4)}
    assert names <= {one.name for one in list_models(any_store)}


def test_of_the_models_only_what_changed_is_asked_for(
    any_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "PAGE_OF_CHANGES", 2)
    old = [make_versions(any_store, 1) for _ in range(3)]
    newest = max(one.updated_at or 0 for one in list_models(any_store))
    assert models_changed(any_store, newest) == ()
    new = [make_versions(any_store, 1) for _ in range(4)]
    move(any_store, plan(any_store, old[1], "1", Stage.PRODUCTION))
    describe_model(any_store, old[0], "looked at")
    changed = models_changed(any_store, newest)
    assert [one.name for one in changed] == [old[0], old[1], *reversed(new)]
    assert changed[0].description == "looked at"
    assert changed[1].latest == {"Production": "1"}


@pytest.mark.parametrize("name", ["it's", 'the "best"', 'it\'s "the" best', "50%_ \\ [x]"])
def test_any_name_is_found_again(any_store: Store, name: str) -> None:
    name = unique(name)
    register(any_store, name=name, model=ELSEWHERE, run_id="")
    assert [one.name for one in list_versions(any_store, name)] == [name]


def test_the_versions_of_a_model_that_is_not_there_are_told(any_store: Store) -> None:
    with pytest.raises(NotFound, match="nothing-here"):
        list_versions(any_store, "nothing-here")


def test_aliases_stand_beside_the_stage_of_their_version(any_store: Store) -> None:
    name = make_versions(any_store, 2)
    set_alias(any_store, name, "champion", "1")
    set_alias(any_store, name, "Best-1_", "1")
    set_alias(any_store, name, "champion", "2", before="1")
    assert {one.version: one.aliases for one in list_versions(any_store, name)} == {
        "1": ("Best-1_",),
        "2": ("champion",),
    }
    delete_alias(any_store, name, "champion", before="2")
    delete_alias(any_store, name, "never-there")
    assert list_versions(any_store, name)[0].aliases == ()


@pytest.mark.parametrize("alias", ["", "a b", "latest", "LATEST", "v1", "V12", "x" * 256])
def test_an_alias_we_refuse_is_one_that_mlflow_refuses(sqlite_store: Store, alias: str) -> None:
    name = make_versions(sqlite_store, 1)
    with pytest.raises(InvalidInput, match=r"alias|reserved"):
        set_alias(sqlite_store, name, alias, "1")
    with pytest.raises(MlflowException, match="alias"):
        stores.client(sqlite_store).set_registered_model_alias(name, alias, "1")


def test_an_alias_on_a_version_that_is_not_there_is_told(any_store: Store) -> None:
    name = make_versions(any_store, 1)
    with pytest.raises(NotFound, match="version=7"):
        set_alias(any_store, name, "champion", "7")


def test_descriptions_with_tags_can_be_edited(any_store: Store) -> None:
    name = make_versions(any_store, 1)
    describe_model(any_store, name, "the model")
    describe_version(any_store, name, "1", "the version")
    set_version_tags(any_store, name, "1", {"a": "1", "b": "2"}, [])
    set_version_tags(any_store, name, "1", {"a": "3"}, ["b"], before={"a": "1", "b": "2"})
    (version,) = list_versions(any_store, name)
    assert (version.description, version.tags) == ("the version", {"a": "3"})
    describe_version(any_store, name, "1", "", before="the version")
    assert list_versions(any_store, name)[0].description == ""
    assert "the model" in {one.description for one in list_models(any_store)}


def test_moving_to_production_archives_what_was_there(any_store: Store) -> None:
    name = make_versions(any_store, 3)
    move(any_store, plan(any_store, name, "1", Stage.PRODUCTION))
    found = move(any_store, plan(any_store, name, "2", Stage.PRODUCTION))
    assert stages(found) == {"1": "Archived", "2": "Production", "3": "None"}
    assert [one.version for one in found] == ["3", "2", "1"]


def test_moving_can_leave_the_others_where_they_are(any_store: Store) -> None:
    name = make_versions(any_store, 2)
    move(any_store, plan(any_store, name, "1", Stage.STAGING))
    found = move(any_store, plan(any_store, name, "2", Stage.STAGING, archive=False))
    assert stages(found) == {"1": "Staging", "2": "Staging"}


@pytest.mark.parametrize("target", [Stage.ARCHIVED, Stage.NONE])
def test_moving_out_of_service_archives_nothing(any_store: Store, target: Stage) -> None:
    name = make_versions(any_store, 2)
    move(any_store, plan(any_store, name, "1", Stage.STAGING))
    found = move(any_store, plan(any_store, name, "1", target))
    assert stages(found) == {"1": target.value, "2": "None"}


def test_undoing_brings_back_the_archived_ones_too(any_store: Store) -> None:
    name = make_versions(any_store, 3)
    for version in ("1", "2"):
        move(any_store, plan(any_store, name, version, Stage.PRODUCTION, archive=False))
    done = plan(any_store, name, "3", Stage.PRODUCTION)
    assert stages(move(any_store, done)) == {"1": "Archived", "2": "Archived", "3": "Production"}
    found = move(any_store, done.undone())
    assert stages(found) == {"1": "Production", "2": "Production", "3": "None"}


def test_a_version_that_somebody_moved_meanwhile_stops_the_move(any_store: Store) -> None:
    name = make_versions(any_store, 2)
    move(any_store, plan(any_store, name, "1", Stage.PRODUCTION))
    ours = plan(any_store, name, "2", Stage.PRODUCTION)
    move(any_store, plan(any_store, name, "1", Stage.ARCHIVED))
    with pytest.raises(Conflict) as caught:
        move(any_store, ours)
    assert caught.value.message == (
        "v1 is in Archived now, not Production: somebody moved it meanwhile."
    )
    assert stages(list_versions(any_store, name)) == {"1": "Archived", "2": "None"}


def test_a_version_that_would_be_archived_unsaid_stops_the_move(any_store: Store) -> None:
    name = make_versions(any_store, 3)
    move(any_store, plan(any_store, name, "1", Stage.PRODUCTION))
    ours = plan(any_store, name, "2", Stage.PRODUCTION)
    move(any_store, plan(any_store, name, "3", Stage.PRODUCTION, archive=False))
    with pytest.raises(Conflict, match="v3 is in Production too now"):
        move(any_store, ours)
    assert stages(list_versions(any_store, name))["2"] == "None"


def test_a_version_that_somebody_deleted_meanwhile_stops_the_move(any_store: Store) -> None:
    name = make_versions(any_store, 2)
    ours = plan(any_store, name, "2", Stage.STAGING)
    stores.client(any_store).delete_model_version(name, "2")
    with pytest.raises(Conflict, match="v2 is gone"):
        move(any_store, ours)


def test_a_move_that_fails_half_way_says_what_was_done(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = make_versions(sqlite_store, 2)
    move(sqlite_store, plan(sqlite_store, name, "1", Stage.PRODUCTION))
    done = plan(sqlite_store, name, "2", Stage.PRODUCTION)
    move(sqlite_store, done)
    client = stores.client(sqlite_store)
    real = client.transition_model_version_stage

    def fails_on_one(model: str, version: str, stage: str, **options: bool) -> object:
        if version == "1":
            raise MlflowException("the disk is full")
        return real(model, version, stage, **options)

    monkeypatch.setattr(client, "transition_model_version_stage", fails_on_one)
    with pytest.raises(ServiceError) as caught:
        move(sqlite_store, done.undone())
    assert caught.value.message == ("v2 → None done, but not v1 → Production: the disk is full")
    assert stages(list_versions(sqlite_store, name)) == {"1": "Archived", "2": "None"}


def test_a_move_that_fails_at_once_is_told_in_the_servers_words(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = make_versions(sqlite_store, 1)
    ours = plan(sqlite_store, name, "1", Stage.STAGING)

    def fails(*_arguments: str, **_options: bool) -> None:
        raise MlflowException("the disk is full")

    monkeypatch.setattr(stores.client(sqlite_store), "transition_model_version_stage", fails)
    with pytest.raises(ServiceError) as caught:
        move(sqlite_store, ours)
    assert caught.value.message == "the disk is full"


def test_moving_does_not_warn_that_stages_will_go(sqlite_store: Store) -> None:
    name = make_versions(sqlite_store, 1)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        move(sqlite_store, plan(sqlite_store, name, "1", Stage.STAGING))
    assert not [one for one in caught if issubclass(one.category, FutureWarning)]


def test_versions_are_looked_up_as_they_are_now(any_store: Store) -> None:
    name, opened = make_versions(any_store, 2), stores.client(any_store)
    opened.set_registered_model_alias(name, "champion", "1")
    opened.transition_model_version_stage(name, "1", "Archived")
    opened.delete_model_version(name, "2")
    asked = [(name, "1"), (name, "2"), ("no such model", "1")]
    found = registry.versions_now(any_store, asked)
    first = found[asked[0]]
    assert first
    assert (first.stage, first.aliases) == (Stage.ARCHIVED, ("champion",))
    assert [found[each] for each in asked[1:]] == [None, None]
