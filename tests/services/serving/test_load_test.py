"""A load test of a real server."""

import threading
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from mlops_tui.domain.errors import InvalidInput
from mlops_tui.services.serving import load_test
from mlops_tui.services.serving.load_test import measure
from tests.ports import free_port


class Answering(BaseHTTPRequestHandler):
    """Answers a good request with 200, another with 400, and counts connections."""

    protocol_version = "HTTP/1.1"
    connections = 0

    def setup(self) -> None:
        type(self).connections += 1
        super().setup()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path.startswith("/endless"):
            self.close_connection = True
            self._drip(b"HTTP/1.1 200 OK\r\n" + (b"\r\n" if b"inputs" in body else b"A: "))
            return
        self.send_response(200 if b"inputs" in body else 400)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def _drip(self, beginning: bytes) -> None:
        """Send a byte now and then until nobody listens; after a status, or within a header."""
        with suppress(OSError):
            self.wfile.write(beginning)
            while not self.server.stopped.wait(0.005):  # type: ignore[attr-defined]
                self.wfile.write(b"a")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def url() -> Iterator[str]:
    Answering.connections = 0
    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        server.daemon_threads = True
        server.stopped = threading.Event()  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.stopped.set()  # type: ignore[attr-defined]
        server.shutdown()
        thread.join()


def test_several_clients_send_on_a_connection_each(url: str) -> None:
    found = measure(url, '{"inputs": [1]}', 4, 0.2)
    assert (found.clients, found.error_count, Answering.connections) == (4, 0, 4)
    assert found.requests > 4
    assert found.p50_ms is not None
    assert found.p99_ms is not None
    assert 0 < found.p50_ms <= found.p99_ms
    assert found.client_cpu > 0
    assert found.per_second == pytest.approx(found.requests / found.seconds)


def test_refusals_are_counted_by_their_status(url: str) -> None:
    found = measure(url, "[1]", 1, 0.1)
    assert found.errors == {"400": found.requests}


def test_a_server_that_is_not_there_is_counted_and_not_asked_without_pause() -> None:
    found = measure(f"http://127.0.0.1:{free_port()}", "[1]", 1, 0.1)
    assert (found.requests, found.p50_ms) == (0, None)
    assert 0 < found.errors["ConnectionRefusedError"] < 10


@pytest.mark.parametrize(
    ("body", "clients", "seconds"), [("{", 1, 0.1), ("[1]", 0, 0.1), ("[1]", 1, 0), ("[1]", 99, 1)]
)
def test_what_cannot_be_measured_is_told(body: str, clients: int, seconds: float) -> None:
    with pytest.raises(InvalidInput):
        measure("http://127.0.0.1:9", body, clients, seconds)


@pytest.mark.parametrize("body", ['{"inputs": [1]}', "[1]"])
def test_an_answer_without_end_is_given_up(
    url: str, body: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(load_test, "PATIENCE", 0.3)
    found = measure(f"{url}/endless", body, 2, 0.05)
    assert (found.requests, found.errors) == (0, {"TimeoutError": 2})


def test_a_model_may_have_a_name_of_any_letters(url: str) -> None:
    found = measure(f"{url}/v1/models/modèle d%C3%A9", '{"instances": [1], "inputs": []}', 1, 0.1)
    assert found.requests
    assert not {"UnicodeEncodeError", "InvalidURL"} & found.errors.keys()
