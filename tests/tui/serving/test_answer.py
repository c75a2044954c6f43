"""What a served model answered, in words."""

from rich.text import Text

from mlops_tui.domain.models.signature import ColumnSpec, Signature
from mlops_tui.domain.serving.query_result import QueryResult
from mlops_tui.tui.serving.answer import answer_text, failure_text


def test_only_the_status_of_an_answer_is_coloured() -> None:
    answer = answer_text(QueryResult(200, 3.0, [0], "", 20))
    failure = failure_text(QueryResult(500, 3.0, None, "it broke", 8), "{}", Signature())
    assert coloured(answer) == "✓ 200"
    assert coloured(failure) == "✗ 500"
    assert failure.plain.startswith("✗ 500  3 ms\n")


def coloured(text: Text) -> str:
    spans = [span for span in text.spans if "green" in str(span.style) or "red" in str(span.style)]
    return "all of it" if text.style else "".join(text.plain[s.start : s.end] for s in spans)


def test_what_the_check_says_above_is_not_said_again() -> None:
    signature = Signature((ColumnSpec("width", "double"),))
    refused = QueryResult(400, 3.0, None, '{"message": "Model is missing inputs"}', 8)
    body = '{"dataframe_records": [{"length": 1.0}]}'
    assert "width" in failure_text(refused, body, signature).plain
    again = failure_text(refused, body, signature, is_checked=True).plain
    assert "width" not in again
    assert "Model is missing inputs" in again
