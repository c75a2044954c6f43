"""What an endpoint does beside answering, as it is typed."""

import pytest

from mlops_tui.domain.errors import InvalidInput
from mlops_tui.domain.serving.endpoint_options import Rivalry, parse_rivalry, read_rivalry


@pytest.mark.parametrize(
    ("text", "rival"),
    [
        ("", None),
        ("3", Rivalry("3", "shadow", 1.0)),
        ("v3", Rivalry("3", "shadow", 1.0)),
        ("3:10%", Rivalry("3", "split", 0.1)),
        (" 3 : 0.5 ", Rivalry("3", "split", 0.5)),
    ],
)
def test_a_second_version_hears_all_or_answers_a_share(text: str, rival: Rivalry | None) -> None:
    assert read_rivalry(text) == rival
    if rival:
        assert read_rivalry(rival.words()) == rival


@pytest.mark.parametrize("text", ["x", "3:", "3:0", "3:2", "x:0.1", ":0.1", "3:10%:4"])
def test_what_names_no_second_version_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        read_rivalry(text)


def test_a_version_does_not_do_both() -> None:
    with pytest.raises(InvalidInput, match="not both"):
        parse_rivalry("3", "2:0.1")
