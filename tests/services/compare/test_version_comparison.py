"""Versions of a model beside each other."""

from mlops_tui.domain.compare.comparison import Kind, Trait
from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.domain.models.stage import Stage
from mlops_tui.domain.store import Store
from mlops_tui.services.compare.version_comparison import read_compared_versions
from mlops_tui.services.models import registration
from tests.making import give_dataset, log_model, make_run, unique


def test_a_version_is_compared_by_run_signature_packages_and_data(sqlite_store: Store) -> None:
    run_id = make_run(sqlite_store, params={"depth": 3}, metrics={"acc": 0.75})
    give_dataset(sqlite_store, run_id, "iris", "d1")
    name = unique("Iris")
    made = registration.register(
        sqlite_store, name=name, model=log_model(sqlite_store, run_id), run_id=run_id
    ).value
    lost = ModelVersion(name, "2", Stage.NONE, source="/no/such/folder", run_id="0" * 32)
    first, second = read_compared_versions(sqlite_store, [made, lost])
    found = {
        Trait(Kind.METRIC, "acc"): 0.75,
        Trait(Kind.PARAM, "depth"): "3",
        Trait(Kind.DATASET, "iris"): "d1",
        Trait(Kind.SIGNATURE, "in width"): "double",
        Trait(Kind.REQUIREMENT, "scikit-learn"): "any",
        Trait(Kind.VERSION, "flavors"): "sklearn",
        Trait(Kind.VERSION, "stage"): "None",
    }
    assert {trait: trait.of(first) for trait in found} == found
    nothing = dict.fromkeys(found)
    assert {trait: trait.of(second) for trait in found} == nothing | {
        Trait(Kind.VERSION, "stage"): "None"
    }
    assert [run.name for run in (first, second)] == ["v1", "v2"]
