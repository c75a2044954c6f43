"""Which names MLflow takes for a registered model."""

import pytest

from mlops_tui.domain.models.model_name import model_name_problem


@pytest.mark.parametrize("name", ["IrisClassifierRF", "it's [red] ünï 👩‍🔬", "x" * 256])
def test_a_good_name_has_no_problem(name: str) -> None:
    assert model_name_problem(name) == ""


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("", "needs a name"),
        (" ", "needs a name"),
        ("a/b", "parts of a model URI"),
        ("a:b", "parts of a model URI"),
        ("x" * 257, "at most 256"),
    ],
)
def test_a_wrong_name_is_refused_with_the_reason(name: str, reason: str) -> None:
    assert reason in model_name_problem(name)
