"""The words for what a served model answered."""

import json
from collections.abc import Sequence

from rich.text import Text

from mlops_tui.domain.byte_size import bytes_size
from mlops_tui.domain.errors import InvalidInput
from mlops_tui.domain.models.signature import Signature
from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.serving.payload import parse_payload
from mlops_tui.domain.serving.payload_check import Problem, problems
from mlops_tui.domain.serving.query_result import QueryResult
from mlops_tui.domain.serving.scoring_failure import explain

SHOWN = 200
"""Predictions listed; the rest is counted."""


def answer_text(result: QueryResult) -> Text:
    """Return status, latency, then a line per prediction."""
    text = Text().append(f"✓ {result.status}", "bold green")
    text.append(f"  {result.latency_ms:.0f} ms  {bytes_size(result.size)}\n", "dim")
    predictions = result.predictions
    rows = predictions if isinstance(predictions, list) else [predictions]
    for number, row in enumerate(rows[:SHOWN]):
        text.append(f"prediction {number}  " if len(rows) > 1 else "prediction  ", "dim")
        text.append(one_line(json.dumps(row, ensure_ascii=False), 300) + "\n", "bold")
    if len(rows) > SHOWN:
        text.append(f"… {len(rows) - SHOWN:,} more", "dim")
    return text


def failure_text(
    result: QueryResult, body: str, signature: Signature, *, is_checked: bool = False
) -> Text:
    """Return what the server did not like: column, expected, got.

    Where the request ``is_checked``, what its check found stands above and is not said again.
    """
    try:
        payload = parse_payload(body)
    except InvalidInput:
        payload = None
    failure = explain(result.status, result.body, signature, payload)
    text = Text().append(f"✗ {failure.status}", "bold red")
    text.append(f"  {result.latency_ms:.0f} ms\n", "dim")
    text.append(failure.sentence + "\n")
    said = problems(payload, signature) if payload and is_checked else ()
    return text + problem_text([each for each in failure.problems if each not in said])


def problem_text(problems: Sequence[Problem]) -> Text:
    """Return a line per problem: where, what is expected, what it got."""
    text = Text()
    for problem in problems[:SHOWN]:
        if not problem.column and not problem.expected:
            text.append(f"✗ {one_line(problem.sentence, 200)}\n")
            continue
        where = f"row {problem.row} " if problem.row is not None else ""
        text.append(f"✗ {where}{one_line(problem.column, 40)}  ", "bold")
        text.append(f"expected {one_line(problem.expected, 60)}")
        text.append(f", got {one_line(problem.got, 60)}\n" if problem.got else "\n")
    return text
