"""Why a scoring server refused a request."""

import ast
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from mlops_tui.domain.models.signature import Signature, column_type
from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.serving.payload import Payload
from mlops_tui.domain.serving.payload_check import LIMIT, Problem, problems

LONGEST = 300
"""Characters of a server's sentence that are worth showing."""

CAUSE = re.compile(r"^(?:[\w.]*\.)?\w*(?:Error|Exception|Warning): (?P<cause>.+)", re.MULTILINE)
"""The line of a stack trace that names the exception; its message may run on after it."""

MISSING = re.compile(r"Model is missing inputs (\[.*?\])\.(?: Note that there were extra|\s*$)")
CONVERT = re.compile(
    r"Failed to convert column (?P<column>.*) to type '(?P<type>[^']*)'\. Error: (?P<reason>.*)",
    re.DOTALL,
)
INCOMPATIBLE = re.compile(
    r"Incompatible input types for column (?P<column>.*)\. "
    r"Can not safely convert (?P<got>\S+) to (?P<type>\w+)"
)
COUNTS = (
    re.compile(r"Shape of input (?P<got>\(.*?\)) does not match expected shape (?P<want>\(.*?\))"),
    re.compile(r"dtype of input (?P<got>\S+) does not match expected dtype (?P<want>\S+)"),
    re.compile(r"X has (?P<got>\d+ features), but \w+ is expecting (?P<want>\d+ features)"),
    re.compile(r"(?P<want>\d+ columns) passed, passed data had (?P<got>\d+ columns)"),
    re.compile(r"declares (?P<want>\d+ inputs) +but .* only has (?P<got>\d+ inputs)"),
    re.compile(r"passed had (?P<got>\d+ columns) and an input shape of (?P<want>\([^)]*\))"),
)
"""MLflow's and scikit-learn's ways to say that a number, a shape or a type does not agree."""

MESSAGE = re.compile(
    r'\{"error_code": "\w+", "message": "(?P<message>.+?)(?:", "stack_trace|"\}|$)'
)
"""MLflow's answer, whole or cut."""

QUOTED = re.compile(r"could not convert string to float: (?P<value>'.*?'|\".*?\")")


@dataclass(frozen=True, slots=True)
class ScoringFailure:
    """A refused request: one sentence, then what is wrong where, as far as it can be told."""

    status: int
    sentence: str
    problems: tuple[Problem, ...] = ()


def explain(
    status: int, body: str, signature: Signature, payload: Payload | None = None
) -> ScoringFailure:
    """Return what a person needs of an answer other than 200."""
    if status != 400:  # noqa: PLR2004 - the status of every refused request
        return ScoringFailure(status, _other(status, body))
    cause = useful(body)
    found = problems(payload, signature) if payload else ()
    return ScoringFailure(status, _sentence(cause), found or tuple(_told(cause))[:LIMIT])


def useful(body: str) -> str:
    """Return the cause in the body of a refusal, without the data and traces around it."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return _end(body)
    if not isinstance(answer, dict):
        answer = {"message": body}
    trace = answer.get("stack_trace")
    if isinstance(trace, str) and (causes := CAUSE.findall(trace)):
        return str(causes[-1])
    message = str(answer.get("message") or answer.get("detail") or body)
    if "Failed to convert column " in message:
        return message[message.index("Failed to convert column ") :]
    cause = message.rpartition("\nError: ")[2].rpartition(". Error: ")[2]
    return cause.removeprefix("Invalid input. ").partition("\nInput: ")[0]


def beginning(body: str) -> str:
    """Return what a body that was cut at its end says first, without JSON and advice around it."""
    found = MESSAGE.match(body)
    return (found["message"] if found else body).partition(" IMPORTANT: ")[0].strip()


def _end(body: str) -> str:
    """Return the last cause in a body that was shortened, or that is no JSON."""
    return body.rpartition("Error: ")[2].partition("\\n")[0].partition('", "')[0]


def _sentence(cause: str) -> str:
    """Return the cause as one line; advice and references after the first sentences go."""
    text = cause.partition(" IMPORTANT: ")[0].partition(" Note that there were extra")[0].strip()
    if found := CONVERT.search(text):
        value = QUOTED.search(found["reason"])
        reason = f"{value['value']} is no number" if value else _inner(found["reason"])
        name, wanted = one_line(found["column"], 60), column_type(found["type"])
        return one_line(f"Column {name} cannot be made {wanted}: {reason}.", LONGEST)
    return one_line(text, LONGEST) or "The model refused the request without saying why."


def _inner(reason: str) -> str:
    """Return the text inside MLflow's ``'ValueError("…")'``."""
    inside = re.search(r"\w+\((['\"])(?P<text>.*)\1\)", reason, re.DOTALL)
    return (inside["text"] if inside else reason).rstrip(".")


def _other(status: int, body: str) -> str:
    known = {
        404: "There is no model at this address: /invocations was not found.",
        405: "This address takes no requests.",
        413: "The request is too large for the server.",
        415: "The server does not take this content type; it wants application/json.",
        503: "The server is not ready.",
        504: "The model did not answer within the server's time limit.",
    }
    if status in known:
        return known[status]
    who = "The server failed" if status >= 500 else "The server answered"  # noqa: PLR2004 - HTTP
    said = body.strip()
    if not said or re.match(r"(?i)<!doctype|<html|<\?xml", said):
        return f"{who} with status {status}."
    return f"{who} with status {status}: {one_line(useful(said).strip(), LONGEST)}"


def _told(cause: str) -> Sequence[Problem]:
    """Return the problems that the server's own words name."""
    if found := MISSING.search(cause):
        return [_missing(name) for name in _names(found[1])]
    if found := CONVERT.search(cause):
        value = QUOTED.search(found["reason"])
        got = value["value"] if value else ""
        return [_problem(cause, found["column"], column_type(found["type"]), got)]
    if found := INCOMPATIBLE.search(cause):
        return [_problem(cause, found["column"], column_type(found["type"]), found["got"])]
    for pattern in COUNTS:
        if found := pattern.search(cause):
            return [_problem(cause, "", found["want"], found["got"])]
    return []


def _problem(cause: str, column: str, expected: str, got: str) -> Problem:
    return Problem(_sentence(cause), column, expected, one_line(got, 60))


def _missing(name: str) -> Problem:
    return Problem(f"column {one_line(name, 60)} is missing.", name, "a value", "")


def _names(text: str) -> list[str]:
    try:
        names = ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return []
    return [str(name) for name in names]
