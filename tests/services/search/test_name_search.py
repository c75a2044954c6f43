"""Names that are looked for over the whole store."""

from pathlib import Path

import pytest

from mlops_tui.domain.named_thing import Kind, NamedThing
from mlops_tui.domain.store import Store
from mlops_tui.services.models import registry_changes
from mlops_tui.services.search.name_search import MOST, find_named, find_runs_named
from mlops_tui.services.store import store as stores
from tests.making import make_experiment, make_run, unique
from tests.services.models.test_registry import make_versions

HOSTILE = 'it\'s "[red]" 50%_\\'


def test_experiments_and_runs_are_found_by_any_part_of_their_names(any_store: Store) -> None:
    name = unique("Flowers of spring")
    experiment = make_experiment(any_store, name)
    run_id = make_run(any_store, experiment, name=f"Deep {name}")
    make_run(any_store, experiment, name="shallow")
    part = name[-8:]
    assert find_named(any_store, f"flowers {part}") == (
        NamedThing(Kind.EXPERIMENT, name, experiment),
    )
    (found,) = find_runs_named(any_store, f"{part} deep")
    assert found == NamedThing(Kind.RUN, f"Deep {name}", run_id, f"in {name}")
    assert find_named(any_store, f"flowers x{part}") == ()


def test_models_are_found_with_their_versions_in_use(any_store: Store) -> None:
    name = make_versions(any_store, 3)
    registry_changes.set_alias(any_store, name, "champion", "1")
    shown = [(one.kind, one.key, one.about) for one in find_named(any_store, name.lower())]
    assert shown == [
        (Kind.MODEL, name, ""),
        (Kind.VERSION, "3", ""),
        (Kind.VERSION, "1", "@champion"),
    ]
    numbered = find_named(any_store, f"v2 {name}")
    assert [one.key for one in numbered] == [name, "2"]
    assert len(find_named(any_store, f"{name} 9")) == len(shown)


@pytest.mark.parametrize("text", [HOSTILE, "it's", '"[red]"', "50%_", "\\"])
def test_a_name_that_hurts_is_found(sqlite_store: Store, text: str) -> None:
    experiment = make_experiment(sqlite_store, HOSTILE)
    make_experiment(sqlite_store, "its red 50")
    make_run(sqlite_store, experiment, name=HOSTILE)
    assert [one.name for one in find_named(sqlite_store, text)] == [HOSTILE]
    assert [one.name for one in find_runs_named(sqlite_store, text)] == [HOSTILE]


def test_only_so_many_are_found_the_newest_runs_first(sqlite_store: Store) -> None:
    experiment = make_experiment(sqlite_store, "Flowers")
    for number in range(MOST + 3):
        make_run(sqlite_store, experiment, name=f"deep {number}")
    assert [one.name for one in find_runs_named(sqlite_store, "deep")] == [
        f"deep {number}" for number in range(MOST + 2, 2, -1)
    ]


@pytest.mark.parametrize("text", ["", "   "])
def test_nothing_is_looked_for_without_a_word(sqlite_store: Store, text: str) -> None:
    make_run(sqlite_store, name="deep")
    assert find_named(sqlite_store, text) == find_runs_named(sqlite_store, text) == ()


def test_looking_makes_no_store(store: Store) -> None:
    assert find_named(store, "deep") == find_runs_named(store, "deep") == ()
    assert not stores.exists(store)


def test_models_of_a_registry_are_found_before_there_is_any_run(tmp_path: Path) -> None:
    registry_alone = Store(f"sqlite:///{tmp_path}/models.db")
    name = make_versions(registry_alone, 1)
    store = Store(f"sqlite:///{tmp_path}/runs.db", registry_alone.tracking_uri)
    assert [one.key for one in find_named(store, name)] == [name, "1"]
    assert not (tmp_path / "runs.db").exists()
