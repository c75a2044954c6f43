"""Sends one request again and again, by several clients at once."""

import http.client
import socket
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import SplitResult, quote, urlsplit

from mlops_tui.domain.errors import InvalidInput
from mlops_tui.domain.models.signature import Signature
from mlops_tui.domain.serving.load_figures import LoadFigures, percentile
from mlops_tui.domain.serving.query_result import OK
from mlops_tui.services.serving import scoring
from mlops_tui.services.worker.calls import may_take

PATIENCE = 10.0
"""Seconds that a part of an answer may take, and all that is under way once the time is over."""
CUT_OFF = 1.0
"""Seconds in which a client ends whose connection is cut off."""

LONGEST = 600.0
MOST_CLIENTS = 64
SIGNS = "!$%&'()*+,/:;=@~"
"""Signs of a path that stay as they are."""
HEADERS = {"Content-Type": "application/json", "Accept-Encoding": "identity"}


@may_take(LONGEST + 2 * PATIENCE)
def measure(
    url: str,
    body: str,
    clients: int,
    seconds: float,
    signature: Signature = Signature(),  # noqa: B008 - frozen
) -> LoadFigures:
    """Let so many clients send for so many seconds, each on a connection of its own.

    Raises ``ServiceError`` where the request, as JSON text or ``@PATH``, cannot be sent.
    """
    if not (0 < seconds <= LONGEST and 1 <= clients <= MOST_CLIENTS):
        raise InvalidInput(f"A load test takes up to {LONGEST:g} seconds, {MOST_CLIENTS} clients.")
    predict, sent = scoring.prepared(url, body, signature)
    where = urlsplit(predict)
    begun = time.perf_counter()
    each = [_Client(where, sent, begun + seconds) for _ in range(clients)]
    threads = [threading.Thread(target=client.run, daemon=True) for client in each]
    for thread in threads:
        thread.start()
    for thread, client in zip(threads, each, strict=True):
        thread.join(max(0.0, client.late - time.perf_counter()))
        if thread.is_alive():
            client.cut_off()
            thread.join(CUT_OFF)
    return _figures(each, time.perf_counter() - begun)


@dataclass
class _Client:
    """Sends until its time is over."""

    where: SplitResult
    body: bytes
    end: float
    latencies: list[float] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)
    cpu: float = 0.0
    connection: http.client.HTTPConnection | None = None
    answering: socket.socket | None = None
    """Of the last request: an answer may outlive its connection."""

    @property
    def late(self) -> float:
        """When an answer is no longer waited for."""
        return self.end + PATIENCE

    def cut_off(self) -> None:
        """End what is being read, from another thread."""
        if self.answering is not None:
            with suppress(OSError):
                self.answering.shutdown(socket.SHUT_RDWR)

    def run(self) -> None:
        begun = time.thread_time()
        while (now := time.perf_counter()) < self.end:
            try:
                status = self._send()
            except (OSError, ValueError, http.client.HTTPException) as error:
                self.errors[type(error).__name__] += 1
                self._close()
                # What refuses every connection is not to be asked as fast as a loop can.
                time.sleep(min(0.05, max(0.0, self.end - time.perf_counter())))
            else:
                self.latencies.append((time.perf_counter() - now) * 1000)
                if status != OK:
                    self.errors[str(status)] += 1
        self._close()
        self.cpu = time.thread_time() - begun

    def _send(self) -> int:
        if self.connection is None:
            is_secure = self.where.scheme == "https"
            kind = http.client.HTTPSConnection if is_secure else http.client.HTTPConnection
            self.connection = kind(self.where.netloc, timeout=PATIENCE)
        path = quote(self.where.path, safe=SIGNS)
        self.connection.request("POST", path, self.body, HEADERS)
        self.answering = self.connection.sock
        with self.connection.getresponse() as answer:
            more = True
            while more:
                more = bool(answer.read1(scoring.CHUNK))
                if time.perf_counter() >= self.late:
                    raise TimeoutError
            return answer.status

    def _close(self) -> None:
        if self.connection is not None:
            self.connection.close()
            self.connection = None


def _figures(clients: list[_Client], seconds: float) -> LoadFigures:
    ordered = sorted(latency for client in clients for latency in client.latencies)
    errors: Counter[str] = Counter()
    for client in clients:
        errors.update(client.errors)
    return LoadFigures(
        clients=len(clients),
        requests=len(ordered),
        seconds=seconds,
        errors=dict(errors),
        p50_ms=percentile(ordered, 0.5),
        p95_ms=percentile(ordered, 0.95),
        p99_ms=percentile(ordered, 0.99),
        client_cpu=sum(client.cpu for client in clients) / seconds,
    )
