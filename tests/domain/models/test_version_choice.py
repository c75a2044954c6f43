import pytest

from mlops_tui.domain.errors import NotFound
from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.domain.models.stage import Stage
from mlops_tui.domain.models.version_choice import choice_of, chosen_version, split_choice

VERSIONS = (
    ModelVersion("wine", "3", Stage.NONE),
    ModelVersion("wine", "2", Stage.STAGING, ("champion",)),
    ModelVersion("wine", "1", Stage.STAGING),
)


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("wine", "3"),
        ("wine/1", "1"),
        ("models:/wine/1", "1"),
        ("wine/staging", "2"),
        ("wine@champion", "2"),
        ("models:/wine@champion", "2"),
    ],
)
def test_a_version_is_named_as_in_mlflow(text: str, version: str) -> None:
    name, choice = split_choice(text)
    assert (name, chosen_version(VERSIONS, name, choice).version) == ("wine", version)


@pytest.mark.parametrize("text", ["wine/4", "wine/Production", "wine@none", "wine/"])
def test_what_is_not_there_is_told_with_what_is(text: str) -> None:
    name, choice = split_choice(text)
    with pytest.raises(NotFound, match="wine has no version") as refused:
        chosen_version(VERSIONS, name, choice)
    assert refused.value.hint == "It has the versions 3, 2, 1 and the aliases @champion."


def test_a_model_without_versions_is_told() -> None:
    with pytest.raises(NotFound, match="beer has no versions"):
        chosen_version((), "beer", "")


@pytest.mark.parametrize(
    ("version", "choice"),
    [(VERSIONS[0], "wine/3"), (VERSIONS[1], "wine@champion"), (VERSIONS[2], "wine/Staging")],
)
def test_a_version_is_meant_by_what_may_move_on_from_it(version: ModelVersion, choice: str) -> None:
    assert choice_of(version) == choice
