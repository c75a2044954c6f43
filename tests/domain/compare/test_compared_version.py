"""Versions of a model as runs that are compared."""

from dataclasses import replace

from mlops_tui.domain.compare.compared_version import (
    as_compared,
    compared_ids,
    has_curves,
    requirements,
)
from mlops_tui.domain.compare.comparison import Kind, Trait, facts, traits
from mlops_tui.domain.models.mlmodel import signature_lines
from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.domain.models.stage import Stage
from tests.domain.made_up import made_up


def version(number: str, run_id: str) -> ModelVersion:
    return ModelVersion("iris", number, Stage.NONE, run_id=run_id, tags={"of": number})


VERSIONS = (version("3", "id-a"), version("2", "id-a"), version("1", ""))


def test_versions_of_one_run_or_of_none_can_be_told_apart() -> None:
    ids = compared_ids(VERSIONS)
    assert ids == ("id-a", "id-a/2", "/1")
    assert [has_curves(each) for each in ids] == [True, False, False]
    runs = as_compared(VERSIONS, {"id-a": made_up("a", {"lr": 1}, {"acc": 0.5})})
    assert [run.name for run in runs] == ["v3", "v2", "v1"]
    assert [Trait(Kind.METRIC, "acc").of(run) for run in runs] == [0.5, 0.5, None]
    assert [Trait(Kind.ATTRIBUTE, "status").of(run) for run in runs] == ["FINISHED"] * 2 + [None]
    assert [Trait(Kind.TAG, "of").of(run) for run in runs] == ["3", "2", "1"]


def test_what_only_a_version_has_is_compared_beside_its_run() -> None:
    run = replace(
        made_up("a", {"lr": 1}),
        model_facts={
            Kind.VERSION: {"stage": "None"},
            Kind.SIGNATURE: {"in width": "double"},
            Kind.REQUIREMENT: {"numpy": "==2.0"},
            Kind.GATE: {"Production: accuracy": "passed (0.9)"},
        },
    )
    bare = made_up("b")
    assert [str(trait) for trait in traits([run, bare])] == [
        "param:lr",
        "signature:in width",
        "package:numpy",
        "gate:Production: accuracy",
    ]
    assert str(facts([run, bare])[0]) == "version:stage"
    trait = Trait(Kind.REQUIREMENT, "numpy")
    assert (trait.of(run), trait.of(bare)) == ("==2.0", None)


def test_requirements_are_read_as_pip_writes_them() -> None:
    text = "# made by hand\nmlflow==3.17.2\nscikit-learn>=1.6,<2 # or so\nfoo[a,b]\n-r other\n\n"
    assert requirements(text) == {
        "mlflow": "==3.17.2",
        "scikit-learn": ">=1.6,<2",
        "foo[a,b]": "any",
    }
    assert requirements("\x00\xff=") == {}


def test_a_signature_is_compared_column_by_column() -> None:
    inputs = '[{"type": "double", "name": "w"}, {"type": "long", "name": "l", "required": false}]'
    outputs = '[{"type": "tensor", "tensor-spec": {"dtype": "int64", "shape": [-1]}}]'
    params = '[{"name": "k", "type": "integer", "default": 3}]'
    signature = {"inputs": inputs, "outputs": outputs, "params": params}
    assert dict(signature_lines({"signature": signature})) == {
        "in w": "double",
        "in l": "long, optional",
        "out 0": "int64[-1]",
        "param k": "integer = 3",
    }
    assert dict(signature_lines({"signature": {"inputs": "[["}})) == {}
