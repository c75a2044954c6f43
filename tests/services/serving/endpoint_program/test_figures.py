"""What an endpoint counts, as Prometheus reads it and as the interface does."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from mlops_tui.domain.serving.endpoint_figures import read_figures
from mlops_tui.services.serving.endpoint_program import figures as module
from mlops_tui.services.serving.endpoint_program.figures import Figures, percentile


class Clock:
    """Time as a test makes it pass."""

    def __init__(self, now: Callable[[], float]) -> None:
        self.monotonic = self.time = now


def samples(figures: Figures, capture: dict[str, int] | None = None) -> dict[Any, float]:
    """Return the samples as a parser of Prometheus reads them, by name and labels."""
    families = text_string_to_metric_families(figures.exposition(capture or {}))
    return {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in families
        for sample in family.samples
    }


def test_a_prometheus_parser_reads_every_figure() -> None:
    figures = Figures()
    figures.labels = {"model": 'a "quoted"\\name\nin two lines', "version": "2"}
    figures.count("POST", "/invocations", 200, 0.02, (100, 30))
    figures.count("POST", "/invocations", 500, 30.0, (10, 3))
    figures.count("BREW", "/pot/of/tea", 404, 0.001, (0, 0))
    read = samples(figures, {"written": 2, "dropped: queue full": 1})
    question = (("handler", "/invocations"), ("method", "POST"))
    assert read["http_requests_total", *question, ("status", "200")] == 1
    assert read["http_requests_total", *question, ("status", "500")] == 1
    other = (("handler", "other"), ("method", "other"), ("status", "404"))
    assert read["http_requests_total", *other] == 1
    bucket = ("http_request_duration_seconds_bucket", ("handler", "/invocations"))
    assert [read[*bucket, ("le", le)] for le in ("0.01", "0.025", "10.0", "+Inf")] == [0, 1, 1, 2]
    assert read["http_request_duration_seconds_count", ("handler", "/invocations")] == 2
    assert read["http_request_duration_seconds_sum", ("handler", "/invocations")] == 30.02
    assert read["http_request_body_bytes_total",] == 110
    assert read["capture_records_total", ("result", "dropped: queue full")] == 1
    assert read["served_model_info", ("model", figures.labels["model"]), ("version", "2")] == 1
    assert read["process_resident_memory_bytes",] > 10**6


def test_a_client_that_asks_for_a_million_paths_makes_no_million_series() -> None:
    figures = Figures()
    for number in range(1_000):
        figures.count("GET", f"/{number}", 404, 0.0, (0, 0))
    assert len(figures.counts) == 1


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [([1.0], 0.5, 1.0), ([1.0, 2.0], 0.5, 1.0), (list(map(float, range(1, 101))), 0.95, 95.0)],
)
def test_a_percentile_is_the_value_of_that_rank(
    values: list[float], share: float, expected: float
) -> None:
    assert percentile(values, share) == expected


def test_the_interface_reads_what_the_endpoint_tells(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1_000.0
    monkeypatch.setattr(module, "time", Clock(lambda: now))
    figures = Figures()
    figures.labels = {"model": "m", "version": "3"}
    for _ in range(10):
        figures.count("POST", "/invocations", 200, 0.02, (100, 30))
    now += 25
    figures.count("POST", "/invocations", 400, 0.5, (1, 1))
    figures.remember_error(400, "no such column", "id-1")
    figures.count("GET", "/ping", 200, 9.0, (0, 0))
    read = read_figures(json.loads(json.dumps(figures.state())))
    assert read is not None
    assert (read.version, read.requests, read.errors) == ("3", 11, {"400": 1})
    assert (read.p50_ms, read.p95_ms) == (20.0, 500.0)
    assert [point.per_second for point in read.curve] == [1.0, 0.0, 0.1]
    assert [point.errors_per_second for point in read.curve] == [0.0, 0.0, 0.1]
    assert [(error.status, error.text) for error in read.last_errors] == [(400, "no such column")]


def test_after_a_long_silence_the_curve_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1_000.0
    monkeypatch.setattr(module, "time", Clock(lambda: now))
    figures = Figures()
    figures.count("POST", "/invocations", 200, 0.02, (1, 1))
    now += 86_400
    state = figures.state()
    assert (state["recent"], state["percentiles_ms"]) == (0, {})
    assert state["curve"] == [{"per_second": 0.0, "errors_per_second": 0.0, "p95_ms": 0.0}]
