"""The client of the demo: it asks an endpoint about applications, and tells the labels later."""

import json
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.json_text import Json
from mlops_tui.domain.serving.query_result import OK
from mlops_tui.services.demo.loans import COLUMNS, Application, applications, write_csv
from mlops_tui.services.limited_http import Limits, Request, TooLargeError, TooLateError, send

if TYPE_CHECKING:
    from mlops_tui.domain.serving.model_server import ModelServer

ROWS = 8
"""Applications in one request."""
PAUSE = 0.15
"""Seconds between two requests."""
LATER = 6.0
"""Seconds after which the label of a request is known."""
AT_ONCE = 40
"""Requests whose labels are told together."""
SET_ASIDE = 3
"""Of so many requests one is kept to validate on."""
HELD_OUT = 400
"""Rows of the file to validate on: the newest ones."""
ANSWER = Limits(20.0, 1 << 20)
TellLabels = Callable[[list[Json]], object]


@dataclass(frozen=True, slots=True)
class Sent:
    """A request whose labels are not told yet. ``at`` is in seconds of the monotonic clock."""

    request_id: str
    rows: tuple[Application, ...]
    at: float


class Traffic:
    """Sends requests one after the other; whoever calls ``step`` decides for how long."""

    def __init__(
        self, server: "ModelServer", holdout: Path, tell_labels: TellLabels, seed: int = 1
    ) -> None:
        self.sent = 0
        self.failed = 0
        self.is_shifted = False
        """Whether prices have risen."""
        self._server = server
        self._holdout = holdout
        self._tell_labels = tell_labels
        self._random = Random(seed)  # noqa: S311 - made-up rows
        self._waiting: deque[Sent] = deque()
        self._held_out: deque[Application] = deque(maxlen=HELD_OUT)

    def step(self) -> None:
        """Send one request; tell the labels that are known by now."""
        rows = tuple(islice(self._rows(), ROWS))
        self.sent += 1
        request_id = f"demo-{self.sent}"
        if self._ask(request_id, rows):
            self._waiting.append(Sent(request_id, rows, time.monotonic()))
        else:
            self.failed += 1
        self._tell()
        time.sleep(PAUSE)

    def _rows(self) -> Iterator[Application]:
        return applications(self._random, shifted=self.is_shifted)

    def _ask(self, request_id: str, rows: tuple[Application, ...]) -> bool:
        import requests

        asked = {"columns": list(COLUMNS), "data": [row.inputs() for row in rows]}
        body = json.dumps({"dataframe_split": asked}).encode()
        headers = {"Content-Type": "application/json", "x-request-id": request_id}
        try:
            request = Request("POST", f"{self._server.url}/invocations", body, headers)
            status, _ = send(request, ANSWER)
        except (requests.RequestException, TooLateError, TooLargeError):
            return False
        return status == OK

    def _tell(self) -> None:
        """Tell the labels that have become known, many at once; keep some rows to validate on."""
        now = time.monotonic()
        known = [each for each in self._waiting if now - each.at >= LATER]
        if len(known) < AT_ONCE:
            return
        labels: list[Json] = [
            {"request_id": each.request_id, "label": [row.paid_back for row in each.rows]}
            for each in known
        ]
        try:
            self._tell_labels(labels)
        except ServiceError:
            return  # they are told with the next ones
        for each in known:
            self._waiting.popleft()
            if int(each.request_id.partition("-")[2]) % SET_ASIDE == 0:
                self._held_out.extend(each.rows)
        if len(self._held_out) == HELD_OUT:
            write_csv(self._holdout, self._held_out)
