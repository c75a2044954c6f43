"""Which JSON values a column takes as they were meant; the server is asked in test_scoring."""

import pytest

from mlops_tui.domain.json_text import Json
from mlops_tui.domain.serving.column_value import ACCEPTS


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("double", [1, 1.5, None, "2.5", True], ["x", [1]]),
        ("long", [1, 2.0, "7", "-7", " 3 "], [1.5, "1.5", None, "--1"]),
        ("boolean", [True, 0, 1, 1.0], ["false", 2, None]),
        ("string", ["", "x", None], [1, True]),
        ("binary", ["eA=="], [None, 1]),
        ("datetime", ["2026-01-01", "2026-01-01T10:00:00", None, "May 5"], ["x", 5]),
        ("datetime", [], ["2026-01-01T10:00:00+02:00"]),
    ],
)
def test_a_value_is_taken_or_not(kind: str, good: list[Json], bad: list[Json]) -> None:
    assert all(ACCEPTS[kind](value) for value in good)
    assert not any(ACCEPTS[kind](value) for value in bad)
