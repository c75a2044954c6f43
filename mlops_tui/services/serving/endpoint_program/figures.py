"""What an endpoint counts of its requests."""

import os
import resource
import time
from collections import Counter, deque
from math import ceil
from pathlib import Path

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Upper limits of the histogram in seconds: the defaults of Prometheus' own clients."""

PATHS = ("/invocations", "/ping", "/health", "/version", "/metrics")
"""What is counted by its own name; any other path is "other", as a client may ask for millions."""

WINDOW = 300.0
"""Seconds over which rate and percentiles are told."""

STEP = 10.0
"""Seconds of one point of a curve."""

POINTS = 30
KEPT_REQUESTS = 20_000
"""Requests of the window that percentiles are worked out from; beyond that, of the latest."""

KEPT_ERRORS = 20
LONGEST_ERROR = 400
ERROR = 400
"""The first status that is an error."""

CLIENT_GONE = 499
"""The status under which a request is counted whose client went away before the answer."""

PAGE_SIZE = resource.getpagesize()


class Figures:
    """Counts requests. Only the event loop's thread calls it, so it needs no lock."""

    def __init__(self) -> None:
        self.started_at = time.time()
        self.in_flight = 0
        self.labels: dict[str, str] = {}
        """The model that answers now: name and version."""
        self.counts: Counter[tuple[str, str, str]] = Counter()
        """Requests by handler, method and status."""
        self._seconds: dict[str, list[int]] = {}
        self._sum: dict[str, float] = {}
        self._received = self._sent = 0
        self._recent: deque[tuple[float, float, bool]] = deque(maxlen=KEPT_REQUESTS)
        self._points: deque[_Point] = deque(maxlen=POINTS)
        self._errors: deque[dict[str, object]] = deque(maxlen=KEPT_ERRORS)

    def count(
        self, method: str, path: str, status: int, seconds: float, sizes: tuple[int, int]
    ) -> None:
        """Count one request that has ended; ``sizes`` are the bytes received and sent."""
        handler = path if path in PATHS else "other"
        verb = method if method in ("GET", "POST") else "other"
        self.counts[handler, verb, str(status)] += 1
        buckets = self._seconds.setdefault(handler, [0] * (len(BUCKETS) + 1))
        place = next((n for n, limit in enumerate(BUCKETS) if seconds <= limit), len(BUCKETS))
        buckets[place] += 1
        self._sum[handler] = self._sum.get(handler, 0.0) + seconds
        self._received += sizes[0]
        self._sent += sizes[1]
        if handler == "/invocations":
            self._recent.append((time.monotonic(), seconds, status >= ERROR))
            self._point().add(seconds, is_error=status >= ERROR)

    def remember_error(self, status: int, text: str, request_id: str) -> None:
        """Keep an error to be read; only the latest are kept."""
        error = {"at": time.time(), "status": status, "text": text, "request_id": request_id}
        self._errors.append(error)

    def state(self) -> dict[str, object]:
        """Return the figures of the last minutes, as JSON can hold them."""
        now = time.monotonic()
        window = [entry for entry in self._recent if now - entry[0] <= WINDOW]
        lived = min(WINDOW, max(1.0, time.time() - self.started_at))
        if len(window) == KEPT_REQUESTS:
            lived = max(1.0, now - window[0][0])
        seconds = sorted(entry[1] for entry in window)
        self._point()
        return {
            "started_at": self.started_at,
            "window_s": lived,
            "requests": sum(n for key, n in self.counts.items() if key[0] == "/invocations"),
            "recent": len(window),
            "per_second": len(window) / lived,
            "percentiles_ms": {
                name: 1000 * percentile(seconds, share)
                for name, share in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99))
                if seconds
            },
            "errors": self._errors_by_status(),
            "last_errors": list(self._errors),
            "in_flight": self.in_flight,
            "received_bytes": self._received,
            "sent_bytes": self._sent,
            "memory_bytes": resident_bytes(),
            "step_s": STEP,
            "curve": [point.told() for point in self._points],
            "model": dict(self.labels),
        }

    def _errors_by_status(self) -> dict[str, int]:
        found: Counter[str] = Counter()
        for (handler, _, status), number in self.counts.items():
            if handler == "/invocations" and int(status) >= ERROR:
                found[status] += number
        return dict(found)

    def _point(self) -> "_Point":
        """Return the point of the curve that counts now; stretches without a request are zeros."""
        slot = int(time.monotonic() // STEP)
        if not self._points or slot - self._points[-1].slot > POINTS:
            self._points.clear()
            self._points.append(_Point(slot))
        while self._points[-1].slot < slot:
            self._points.append(_Point(self._points[-1].slot + 1))
        return self._points[-1]

    def exposition(self, capture: dict[str, int]) -> str:
        """Return all figures in Prometheus' text format, version 0.0.4.

        https://prometheus.io/docs/instrumenting/exposition_formats/
        """
        lines = [
            *_family("http_requests_total", "counter", "Requests that were answered."),
            *(
                _line("http_requests_total", number, handler=handler, method=method, status=status)
                for (handler, method, status), number in sorted(self.counts.items())
            ),
            *_family("http_requests_in_progress", "gauge", "Requests that are being answered."),
            _line("http_requests_in_progress", self.in_flight),
            *self._histogram(),
            *_family("http_request_body_bytes_total", "counter", "Bytes of bodies received."),
            _line("http_request_body_bytes_total", self._received),
            *_family("http_response_body_bytes_total", "counter", "Bytes of bodies sent."),
            _line("http_response_body_bytes_total", self._sent),
            *_family("served_model_info", "gauge", "The model that answers."),
            _line("served_model_info", 1, **self.labels),
            *_family("capture_records_total", "counter", "Requests captured, or dropped and why."),
            *(_line("capture_records_total", n, result=name) for name, n in capture.items()),
            *_family("process_start_time_seconds", "gauge", "Start of the process."),
            _line("process_start_time_seconds", self.started_at),
            *_family("process_cpu_seconds_total", "counter", "CPU time of the process."),
            _line("process_cpu_seconds_total", sum(os.times()[:2])),
            *_family("process_resident_memory_bytes", "gauge", "Memory of the process."),
            _line("process_resident_memory_bytes", resident_bytes()),
        ]
        return "\n".join(lines) + "\n"

    def _histogram(self) -> list[str]:
        name = "http_request_duration_seconds"
        lines = _family(name, "histogram", "Seconds from the request to the end of its answer.")
        for handler, buckets in sorted(self._seconds.items()):
            total = 0
            for limit, number in zip((*BUCKETS, "+Inf"), buckets, strict=True):
                total += number
                lines.append(_line(f"{name}_bucket", total, handler=handler, le=str(limit)))
            lines.append(_line(f"{name}_sum", self._sum[handler], handler=handler))
            lines.append(_line(f"{name}_count", total, handler=handler))
        return lines


class _Point:
    """The requests of one stretch of ``STEP`` seconds."""

    def __init__(self, slot: int) -> None:
        self.slot = slot
        self.errors = 0
        self._seconds: list[float] = []

    def add(self, seconds: float, *, is_error: bool) -> None:
        self.errors += is_error
        self._seconds.append(seconds)

    def told(self) -> dict[str, float]:
        """Return requests per second, errors per second, and the 95th percentile in ms."""
        slow = 1000 * percentile(sorted(self._seconds), 0.95) if self._seconds else 0.0
        rate = len(self._seconds) / STEP
        return {"per_second": rate, "errors_per_second": self.errors / STEP, "p95_ms": slow}


def percentile(ascending: list[float], share: float) -> float:
    """Return the smallest of the values that at least ``share`` of them do not exceed."""
    return ascending[max(0, ceil(share * len(ascending)) - 1)]


def resident_bytes(process: "int | str" = "self") -> int:
    """Return the memory of a process in bytes, 0 where the system does not tell."""
    try:
        return int(Path(f"/proc/{process}/statm").read_text("ascii").split()[1]) * PAGE_SIZE
    except (OSError, ValueError, IndexError):
        return 0


def _family(name: str, kind: str, about: str) -> list[str]:
    return [f"# HELP {name} {about}", f"# TYPE {name} {kind}"]


def _line(name: str, value: float, **labels: str) -> str:
    shown = ",".join(f'{key}="{_escaped(text)}"' for key, text in labels.items())
    return f"{name}{{{shown}}} {value}" if shown else f"{name} {value}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')
