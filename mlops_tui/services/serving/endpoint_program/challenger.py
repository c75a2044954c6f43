"""A second model that is asked what the first is asked."""

import json
import random
import time
from collections import deque
from hashlib import sha256
from typing import Any

from .figures import ERROR, percentile
from .own_loop import OwnLoop
from .served_model import Served
from .watched import header

SHADOW, SPLIT = "shadow", "split"

AT_ONCE = 4
"""Requests to a shadow that run together; a further one is skipped, and counted."""

LARGEST_HEARD = 4 * 1024 * 1024
"""Bytes of a request that is asked again, and of an answer that is compared."""

KEPT = 2_000
"""Requests over which the shadow's latency is told."""

STICKY = (b"x-sticky-id", b"x-request-id")
"""Headers that keep one client on one model, the first that it sends."""


class Challenger:
    """As a shadow it hears every request and is never heard; in a split it answers a share."""

    def __init__(self, served: Served, mode: str, share: float) -> None:
        if mode not in (SHADOW, SPLIT) or not 0 < share <= 1:
            raise ValueError("a challenger is a shadow or a split, with a share above 0 up to 1")
        self.served, self.mode, self.share = served, mode, share
        self._loop = OwnLoop()
        self._compared = self._rows = self._equal_rows = self._errors = self._skipped = 0
        self._largest_difference = 0.0
        self._seconds: deque[float] = deque(maxlen=KEPT)

    def answers(self, headers: list[tuple[bytes, bytes]]) -> bool:
        """Return whether it answers a request of a split; one client always gets the same model."""
        if self.mode != SPLIT:
            return False
        given = dict(headers)
        sticky = next((given[name] for name in STICKY if name in given), None)
        if sticky is None:
            return random.random() < self.share  # noqa: S311 - a sample
        place = int.from_bytes(sha256(sticky).digest()[:8], "big") / 2**64
        return place < self.share

    def hears(self, headers: list[tuple[bytes, bytes]]) -> bool:
        """Return whether a shadow hears a request."""
        if self.mode != SHADOW or random.random() >= self.share:  # noqa: S311 - a sample
            return False
        size = header(headers, b"content-length")
        is_large = not size.isdigit() or int(size) > LARGEST_HEARD
        if self._loop.busy >= AT_ONCE or is_large:
            self._skipped += 1
            return False
        return True

    def ask(self, scope: Any, request: bytes, answer: bytes) -> None:
        """Ask the shadow what was asked, and compare its answer with the one that was given.

        It answers in threads of its own: one that hangs takes none from the primary.
        """
        if self._loop.busy >= AT_ONCE:
            self._skipped += 1
            return
        self._loop.begin(self._ask(scope, request, answer))

    async def _ask(self, scope: Any, request: bytes, answer: bytes) -> None:
        status, body = 0, bytearray()

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": request, "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            nonlocal status
            status = message.get("status", status)
            body.extend(message.get("body", b""))

        started = time.perf_counter()
        try:
            await self.served.app(dict(scope), receive, send)
        except Exception:  # noqa: BLE001 - a shadow may fail as it likes
            status = 500
        self._seconds.append(time.perf_counter() - started)
        if status >= ERROR:
            self._errors += 1
        else:
            self._compare(answer, bytes(body))

    def _compare(self, given: bytes, own: bytes) -> None:
        try:
            theirs, ours = _predictions(given), _predictions(own)
        except (ValueError, RecursionError):
            self._errors += 1
            return
        self._compared += 1
        self._rows += max(len(theirs), len(ours))
        for one, other in zip(theirs, ours, strict=False):
            self._equal_rows += one == other
            numbers = isinstance(one, int | float) and isinstance(other, int | float)
            if numbers and abs(one - other) > self._largest_difference:
                self._largest_difference = abs(one - other)

    def state(self) -> dict[str, object]:
        """Return how far both agree, and how long the shadow takes."""
        seconds = sorted(self._seconds)
        return {
            "version": self.served.version,
            "mode": self.mode,
            "share": self.share,
            "compared": self._compared,
            "rows": self._rows,
            "equal_rows": self._equal_rows,
            "largest_difference": self._largest_difference,
            "errors": self._errors,
            "skipped": self._skipped,
            "p95_ms": 1000 * percentile(seconds, 0.95) if seconds else None,
        }


def _predictions(body: bytes) -> list[Any]:
    answer = json.loads(body)
    found = answer.get("predictions", answer) if isinstance(answer, dict) else answer
    return found if isinstance(found, list) else [found]
