"""What an endpoint tells of its requests."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

from mlops_tui.domain.errors import InvalidInput
from mlops_tui.domain.json_text import Json
from mlops_tui.domain.serving.endpoint_options import CaptureChoice, check_capture


@dataclass(frozen=True, slots=True)
class RequestError:
    """One request that failed; ``at`` in milliseconds since the epoch."""

    at: int
    status: int
    text: str
    request_id: str


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """One stretch of time; rates per second, time in milliseconds."""

    per_second: float
    errors_per_second: float
    p95_ms: float


@dataclass(frozen=True, slots=True)
class CaptureState:
    """What is captured and where."""

    choice: CaptureChoice = field(default_factory=CaptureChoice)
    folder: str = ""
    size: int = 0
    """Bytes on the disk."""
    written: int = 0
    dropped: int = 0
    labels: int = 0
    problem: str = ""
    """Why nothing can be written now."""


@dataclass(frozen=True, slots=True)
class FollowState:
    """What an endpoint follows, with what stands in the way."""

    kind: str
    target: str
    loading: str
    problem: str


@dataclass(frozen=True, slots=True)
class RivalState:
    """How the second version compares with the first."""

    version: str
    mode: str
    share: float
    compared: int
    rows: int
    equal_rows: int
    largest_difference: float
    errors: int
    skipped: int
    p95_ms: float | None

    @property
    def agreement(self) -> float | None:
        """The share of rows with the same prediction, None without any."""
        return self.equal_rows / self.rows if self.rows else None


@dataclass(frozen=True, slots=True)
class EndpointFigures:
    """The figures of the last minutes; times in milliseconds, sizes in bytes."""

    version: str
    """The version that answers now."""
    previous: str
    """The one that a key swaps back to, empty when there is none."""
    requests: int
    per_second: float
    p50_ms: float | None
    p95_ms: float | None
    p99_ms: float | None
    errors: Mapping[str, int]
    """By status."""
    last_errors: tuple[RequestError, ...]
    in_flight: int
    received: int
    sent: int
    memory: int
    step_s: float
    curve: tuple[CurvePoint, ...]
    capture: CaptureState
    follow: FollowState | None
    rival: RivalState | None

    @property
    def error_count(self) -> int:
        """The number of requests that failed."""
        return sum(self.errors.values())


def read_figures(told: Json) -> EndpointFigures | None:
    """Return the figures of an endpoint's answer, None where it is no such answer.

    Whatever it holds, nothing is raised: a number that is none counts as 0.
    """
    if not isinstance(told, dict) or "in_flight" not in told:
        return None
    slow = _mapping(told.get("percentiles_ms"))
    return EndpointFigures(
        version=_text(_mapping(told.get("model")).get("version")),
        previous=_text(told.get("previous")),
        requests=_count(told.get("requests")),
        per_second=_number(told.get("per_second")),
        p50_ms=_maybe(slow.get("p50")),
        p95_ms=_maybe(slow.get("p95")),
        p99_ms=_maybe(slow.get("p99")),
        errors={key: _count(value) for key, value in _mapping(told.get("errors")).items()},
        last_errors=tuple(map(_error, _list(told.get("last_errors")))),
        in_flight=_count(told.get("in_flight")),
        received=_count(told.get("received_bytes")),
        sent=_count(told.get("sent_bytes")),
        memory=_count(told.get("memory_bytes")),
        step_s=_number(told.get("step_s")) or 1.0,
        curve=tuple(map(_point, _list(told.get("curve")))),
        capture=_capture(_mapping(told.get("capture"))),
        follow=_follow(told.get("follow")),
        rival=_rival(told.get("challenger")),
    )


def _error(told: Json) -> RequestError:
    error = _mapping(told)
    return RequestError(
        at=int(_number(error.get("at")) * 1000),
        status=_count(error.get("status")),
        text=_text(error.get("text")),
        request_id=_text(error.get("request_id")),
    )


def _point(told: Json) -> CurvePoint:
    point = _mapping(told)
    return CurvePoint(
        _number(point.get("per_second")),
        _number(point.get("errors_per_second")),
        _number(point.get("p95_ms")),
    )


def _capture(told: Mapping[str, Json]) -> CaptureState:
    counts = {key: _count(value) for key, value in _mapping(told.get("counts")).items()}
    return CaptureState(
        choice=_choice(told),
        folder=_text(told.get("folder")),
        size=_count(told.get("bytes")),
        written=counts.get("written", 0),
        dropped=sum(number for name, number in counts.items() if name.startswith("dropped")),
        labels=counts.get("labels", 0),
        problem=_text(told.get("problem")),
    )


def _choice(told: Mapping[str, Json]) -> CaptureChoice:
    names = ("share", "cap_kib", "limit_mib", "days", "columns")
    given: dict[str, Any] = {name: told[name] for name in names if name in told}
    try:
        choice = CaptureChoice(**given)
        check_capture(choice)
    except (InvalidInput, AttributeError, TypeError):
        return CaptureChoice()
    return choice


def _follow(told: Json) -> FollowState | None:
    if not isinstance(told, dict):
        return None
    names = ("kind", "target", "loading", "problem")
    return FollowState(*(_text(told.get(name)) for name in names))


def _rival(told: Json) -> RivalState | None:
    if not isinstance(told, dict):
        return None
    return RivalState(
        version=_text(told.get("version")),
        mode=_text(told.get("mode")),
        share=_number(told.get("share")),
        compared=_count(told.get("compared")),
        rows=_count(told.get("rows")),
        equal_rows=_count(told.get("equal_rows")),
        largest_difference=_number(told.get("largest_difference")),
        errors=_count(told.get("errors")),
        skipped=_count(told.get("skipped")),
        p95_ms=_maybe(told.get("p95_ms")),
    )


def _mapping(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, dict) else {}


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


def _text(value: Json) -> str:
    return value if isinstance(value, str) else ""


def _maybe(value: Json) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if isfinite(number) else None


def _number(value: Json) -> float:
    return _maybe(value) or 0.0


def _count(value: Json) -> int:
    return max(0, int(_number(value)))
