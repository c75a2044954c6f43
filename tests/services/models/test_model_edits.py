"""Renaming, tagging, deleting registered models and versions."""

import pytest

from mlops_tui.domain.errors import Conflict, InvalidInput, NotFound, ServiceError
from mlops_tui.domain.models.stage import Stage
from mlops_tui.domain.models.transition import plan_transition
from mlops_tui.domain.store import Store
from mlops_tui.services.models import history, model_edits, registry, registry_changes
from mlops_tui.services.store import store as stores
from tests.making import unique
from tests.services.models.test_registry import make_versions


def names(store: Store) -> set[str]:
    return {model.name for model in registry.list_models(store)}


def test_a_model_is_renamed_with_its_versions_and_aliases(any_store: Store) -> None:
    before, after = make_versions(any_store, 2), unique("Ro'se [red]")
    registry_changes.set_alias(any_store, before, "champion", "2")
    model_edits.rename_model(any_store, before, after)
    assert [v.aliases for v in registry.list_versions(any_store, after)] == [("champion",), ()]
    assert before not in names(any_store)


def test_a_name_that_is_taken_or_no_name_renames_nothing(any_store: Store) -> None:
    name, other = make_versions(any_store, 1), make_versions(any_store, 1)
    with pytest.raises(Conflict, match="is taken"):
        model_edits.rename_model(any_store, name, other)
    with pytest.raises(InvalidInput, match="no '/'"):
        model_edits.rename_model(any_store, name, "a/b")
    with pytest.raises(NotFound, match="no-such"):
        model_edits.rename_model(any_store, "no-such", unique("New"))
    assert {name, other} <= names(any_store)


def test_tags_of_a_model_are_set_and_removed_unless_they_were_changed_meanwhile(
    any_store: Store,
) -> None:
    name = make_versions(any_store, 1)
    model_edits.set_model_tags(any_store, name, {}, {"team": "a", "tier": "1"})
    model_edits.set_model_tags(any_store, name, {"team": "a", "tier": "1"}, {"team": "b"})
    with pytest.raises(Conflict, match=f"The tag team of {name} was changed meanwhile"):
        model_edits.set_model_tags(any_store, name, {"team": "a"}, {"team": "c", "new": "x"})
    (model,) = [one for one in registry.list_models(any_store) if one.name == name]
    assert model.tags == {"team": "b"}


def test_a_model_is_deleted_only_as_it_was_shown(any_store: Store) -> None:
    name = make_versions(any_store, 2)
    shown = registry.list_versions(any_store, name)
    registry_changes.set_alias(any_store, name, "champion", "1")
    with pytest.raises(Conflict, match="v1 has the alias champion now"):
        model_edits.delete_model(any_store, name, shown)
    with pytest.raises(Conflict, match=f"v2 of {name} was registered meanwhile"):
        model_edits.delete_model(any_store, name, shown[1:])
    assert name in names(any_store)
    model_edits.delete_model(any_store, name, registry.list_versions(any_store, name))
    assert name not in names(any_store)


def test_versions_are_deleted_only_as_they_were_shown(any_store: Store) -> None:
    name = make_versions(any_store, 3)
    shown = registry.list_versions(any_store, name)
    plan = plan_transition(shown, "1", Stage.PRODUCTION, archive_existing=False)
    registry_changes.move(any_store, plan)
    with pytest.raises(Conflict, match="v1 is in Production now, not None"):
        model_edits.delete_versions(any_store, shown)
    assert len(registry.list_versions(any_store, name)) == 3
    answer = model_edits.delete_versions(any_store, shown[:2])
    assert answer == model_edits.DeletedVersions(("3", "2"))
    assert [each.version for each in registry.list_versions(any_store, name)] == ["1"]
    with pytest.raises(NotFound, match="v3 is gone"):
        model_edits.delete_versions(any_store, shown[:1])


def test_what_could_not_be_deleted_is_named_beside_what_was(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = make_versions(sqlite_store, 2)
    shown = registry.list_versions(sqlite_store, name)
    mlflow = stores.client(sqlite_store)
    delete = mlflow.delete_model_version

    def refuse(model: str, version: str) -> None:
        if version == "1":
            raise ServiceError("not yours")
        delete(model, version)

    monkeypatch.setattr(mlflow, "delete_model_version", refuse)
    answer = model_edits.delete_versions(sqlite_store, shown)
    assert answer == model_edits.DeletedVersions(("2",), "v1 stays: not yours")


def test_the_history_tells_of_renaming_tags_and_deletions(any_store: Store) -> None:
    before, after = make_versions(any_store, 2), unique("Renamed")
    registry_changes.set_alias(any_store, before, "champion", "2")
    model_edits.rename_model(any_store, before, after)
    model_edits.set_model_tags(any_store, after, {}, {"team": "a"})
    told = [event.describe() for event in history.events(any_store, after)]
    assert told[:2] == ["tags of the model: team=a", f"renamed: {before} → {after}"]
    shown = registry.list_versions(any_store, after)
    model_edits.delete_versions(any_store, shown[:1])
    model_edits.delete_model(any_store, after, shown[1:])
    events = history.events(any_store, after)
    assert [event.describe() for event in events[:2]] == ["the model deleted", "v2 deleted"]
    assert events[1].before == "v2: @champion"
