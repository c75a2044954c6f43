"""What a typed filter lets through in lists of models and versions."""

import pytest

from mlops_tui.domain.matching import matches

HAYSTACK = ("Churn model", "stage:Production", "alias:champion")


@pytest.mark.parametrize(
    ("text", "passes"),
    [
        ("", True),
        ("   ", True),
        ("churn", True),
        ("CHURN prod", True),
        ("churn staging", False),
        ("staging | champion", True),
        ("churn staging | churn champion", True),
        ("staging | archived", False),
        ("| champion", True),
        ("a|b", False),
        ("churnmodel", False),
    ],
)
def test_every_word_has_to_occur_in_one_of_the_alternatives(text: str, *, passes: bool) -> None:
    assert matches(text, HAYSTACK) is passes


def test_nothing_matches_words_where_nothing_is() -> None:
    assert not matches("x", ())
    assert matches("", ())
