import ast
import shlex

import pytest

from mlops_tui.domain.models import model_equivalents
from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.domain.models.stage import Stage
from mlops_tui.domain.models.transition import StageChange, Transition

HOSTILE = 'it\'s "[red]" $(rm -rf ~)\n\\ é'


def calls(python: str) -> list[tuple[str, list[object]]]:
    """Read the calls of a snippet back: it is valid Python with the very same values."""
    found = []
    for node in ast.walk(ast.parse(python)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            values = [*node.args, *(keyword.value for keyword in node.keywords)]
            constants = [ast.literal_eval(v) for v in values if not isinstance(v, ast.Attribute)]
            found.append((node.func.attr, constants))
    return found


def test_registering_is_one_line_of_python() -> None:
    assert model_equivalents.register(uri="models:/m-1", name="IrisClassifierRF") == (
        "import mlflow\n\nversion = mlflow.register_model('models:/m-1', 'IrisClassifierRF')\n"
    )


def test_registering_carries_description_and_tags() -> None:
    python = model_equivalents.register(
        uri="models:/m-1", name=HOSTILE, description=HOSTILE, tags={"k": HOSTILE}
    )
    assert ("register_model", ["models:/m-1", HOSTILE, {"k": HOSTILE}]) in calls(python)
    assert ("update_model_version", [HOSTILE, HOSTILE]) in calls(python)


def test_a_transition_archives_others_by_mlflows_own_flag() -> None:
    change = Transition(
        "m",
        (
            StageChange("2", Stage.STAGING, Stage.PRODUCTION),
            StageChange("1", Stage.PRODUCTION, Stage.ARCHIVED),
        ),
    )
    assert model_equivalents.transition(change) == (
        "from mlflow import MlflowClient\n\nclient = MlflowClient()\n"
        "client.transition_model_version_stage('m', '2', 'Production', "
        "archive_existing_versions=True)\n"
    )
    assert calls(model_equivalents.transition(change.undone())) == [
        ("transition_model_version_stage", ["m", "2", "Staging"]),
        ("transition_model_version_stage", ["m", "1", "Production"]),
    ]


@pytest.mark.parametrize("target", list(Stage))
def test_a_transition_alone_needs_no_flag(target: Stage) -> None:
    change = Transition("m", (StageChange("2", Stage.NONE, target),))
    assert calls(model_equivalents.transition(change)) == [
        ("transition_model_version_stage", ["m", "2", target.value])
    ]


@pytest.mark.parametrize(
    ("python", "expected"),
    [
        (
            model_equivalents.set_alias(HOSTILE, "champion", "3"),
            ("set_registered_model_alias", [HOSTILE, "champion", "3"]),
        ),
        (
            model_equivalents.delete_alias(HOSTILE, "champion"),
            ("delete_registered_model_alias", [HOSTILE, "champion"]),
        ),
        (
            model_equivalents.describe_version("m", "3", HOSTILE),
            ("update_model_version", ["m", "3", HOSTILE]),
        ),
        (
            model_equivalents.describe_model("m", HOSTILE),
            ("update_registered_model", ["m", HOSTILE]),
        ),
    ],
)
def test_values_arrive_in_python_as_they_are(python: str, expected: object) -> None:
    assert calls(python.replace("MlflowClient()", "object")) == [expected]


def test_tags_are_set_then_removed() -> None:
    python = model_equivalents.set_version_tags("m", "3", {"a": HOSTILE}, ["b"])
    assert calls(python) == [
        ("set_model_version_tag", ["m", "3", "a", HOSTILE]),
        ("delete_model_version_tag", ["m", "3", "b"]),
    ]


def test_serving_is_a_command_for_a_shell() -> None:
    command = model_equivalents.serve(ModelVersion("my model", "2", Stage.NONE), 1234)
    assert shlex.split(command) == [
        *("mlflow", "models", "serve", "-m", "models:/my model/2"),
        *("-h", "127.0.0.1", "-p", "1234", "--env-manager", "local"),
    ]
