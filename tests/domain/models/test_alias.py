"""Which aliases MLflow takes."""

import pytest

from mlops_tui.domain.models.alias import alias_problem


@pytest.mark.parametrize("alias", ["champion", "Best-1_", "1", "Production", "v1a", "x" * 255, "ü"])
def test_a_good_alias_has_no_problem(alias: str) -> None:
    assert alias_problem(alias) == ""


@pytest.mark.parametrize(
    ("alias", "reason"),
    [
        ("", "at least one character"),
        ("a b", "without blanks"),
        ("a@b", "letters, digits"),
        ("champion\n", "letters, digits"),
        ("Latest", "always means the newest version"),
        ("V12", "read as a version number"),
        ("x" * 256, "at most 255"),
    ],
)
def test_a_wrong_alias_is_refused_with_the_reason(alias: str, reason: str) -> None:
    assert reason in alias_problem(alias)
