"""What a served model answered, in words."""

from rich.text import Text

from mlops_tui.domain.models.signature import Signature
from mlops_tui.domain.serving.query_result import QueryResult
from mlops_tui.tui.words.answer import answer_text, failure_text


def test_only_the_status_of_an_answer_is_coloured() -> None:
    answer = answer_text(QueryResult(200, 3.0, [0], "", 20))
    failure = failure_text(QueryResult(500, 3.0, None, "it broke", 8), "{}", Signature())
    assert coloured(answer) == "✓ 200"
    assert coloured(failure) == "✗ 500"


def coloured(text: Text) -> str:
    spans = [span for span in text.spans if "green" in str(span.style) or "red" in str(span.style)]
    return "all of it" if text.style else "".join(text.plain[s.start : s.end] for s in spans)
