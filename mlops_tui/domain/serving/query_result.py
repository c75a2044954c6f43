"""The answer of a served model."""

from dataclasses import dataclass

from mlops_tui.domain.json_text import Json

OK = 200


@dataclass(frozen=True, slots=True)
class QueryResult:
    """One answer; ``predictions`` is None unless the model gave some."""

    status: int
    latency_ms: float
    """From sending the request to the last byte of the answer."""
    predictions: Json
    body: str
    """The answer's text; of a long one the beginning and the end."""
    size: int
    """Bytes of the whole answer."""

    @property
    def ok(self) -> bool:
        """Whether the model predicted."""
        return self.status == OK


def shortened(text: str, limit: int) -> str:
    """Return the text, or its beginning and end with what is left out between them counted."""
    if len(text) <= limit:
        return text
    half = limit // 2
    return f"{text[:half]}\n… {len(text) - 2 * half:,} characters left out …\n{text[-half:]}"
