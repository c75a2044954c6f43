"""Two answers to one request."""

import pytest

from mlops_tui.domain.json_text import Json
from mlops_tui.domain.serving.answer_difference import difference
from mlops_tui.domain.serving.load_figures import LoadFigures, percentile
from mlops_tui.domain.serving.query_result import QueryResult


def result(predictions: Json, status: int = 200) -> QueryResult:
    return QueryResult(status, 5.0, predictions, "", 0)


@pytest.mark.parametrize(
    ("first", "second", "equal", "differences"),
    [
        ([1, 2], [1, 2.5], 1, [0.0, 0.5]),
        ([[0.1, 0.9]], [[0.4, 0.6]], 0, [0.3]),
        ([{"p": 1, "q": "a"}], [{"p": 3, "q": "b"}], 0, [2.0]),
        (["a"], ["b"], 0, [None]),
        ([True, None], [False, None], 1, [None, None]),
        (7, 7, 1, [0.0]),
        ([1], [1, 2], 1, [0.0, None]),
        ([10**400], [1], 0, [None]),
    ],
)
def test_predictions_are_compared_row_by_row(
    first: Json, second: Json, equal: int, differences: list[float | None]
) -> None:
    found = difference(result(first), result(second))
    assert (found.equal, found.is_equal) == (equal, equal == len(differences))
    assert [each.difference for each in found.rows] == [
        each if each is None else pytest.approx(each) for each in differences
    ]


def test_a_refusal_is_not_equal_to_anything() -> None:
    found = difference(result(None, 400), result(None, 400))
    assert (found.is_equal, found.rows) == (False, ())
    assert found.describe() == "The answers have the status 400 and 400."
    told = difference(result([1, 2]), result([1, 4])).describe()
    assert told == "1 of 2 predictions are equal, largest difference 2."


def test_percentiles_are_values_that_were_measured() -> None:
    assert [percentile(range(1, 101), share) for share in (0.5, 0.95, 0.99)] == [50, 95, 99]
    assert (percentile([7.0], 0.5), percentile([], 0.5)) == (7.0, None)
    assert LoadFigures(1, 0, 0.0, {}, None, None, None, 0.0).per_second == 0.0
