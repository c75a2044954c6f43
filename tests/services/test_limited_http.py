"""Limits on whole answers, asked of servers that keep to none."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest
import requests

from mlops_tui.domain.errors import ServiceError, Unreachable
from mlops_tui.domain.store import Store
from mlops_tui.services import limited_http
from mlops_tui.services.limited_http import Limits, Request, TooLargeError, TooLateError
from mlops_tui.services.serving import scoring
from mlops_tui.services.store import store
from tests.patience import PATIENCE

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
HINT = "Start it."


@contextmanager
def server(answer: Callable[[socket.socket, threading.Event], None]) -> Iterator[str]:
    """Serve one answer after the other, each in bytes of the test's own."""
    over = threading.Event()
    listener = socket.create_server(("127.0.0.1", 0))

    def one(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.recv(65_536)
            answer(connection, over)

    def serve() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                threading.Thread(target=one, args=(connection,), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        over.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def again_and_again(first: bytes, piece: bytes) -> Callable[[socket.socket, threading.Event], None]:
    def answer(connection: socket.socket, over: threading.Event) -> None:
        connection.sendall(first)
        while not over.wait(0.01):
            connection.sendall(piece)

    return answer


def nothing(connection: socket.socket, over: threading.Event) -> None:
    over.wait()


ENDLESS = {
    "chunks": again_and_again(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n1\r\n"),
    "a length": again_and_again(HEAD + b"Content-Length: 99999999\r\n\r\n", b"1"),
    "no length": again_and_again(HEAD + b"\r\n", b"1"),
    "a header": again_and_again(HEAD + b"X: ", b"x"),
    "headers": again_and_again(HEAD, b"X: 1\r\n"),
    "continue": again_and_again(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "nothing": nothing,
}


@pytest.mark.parametrize("kind", ENDLESS)
def test_an_answer_without_an_end_is_given_up_in_time(kind: str) -> None:
    with server(ENDLESS[kind]) as url, pytest.raises(ServiceError) as failure:
        scoring.query(url, "{}", timeout=0.3, hint=HINT)
    words = {"headers": "broke the connection"}  # Python's own limit may be the first
    assert "did not answer within 0.3 seconds" in str(failure.value) or (
        kind in words and words[kind] in str(failure.value)
    )


HANDSHAKE = b"\x16\x03\x03\x40\x00"
"""The beginning of a TLS record of 16 KiB."""


def test_a_tls_handshake_in_drops_is_given_up_in_time() -> None:
    gone = threading.Event()

    def answer(connection: socket.socket, over: threading.Event) -> None:
        try:
            again_and_again(HANDSHAKE, b"\x02")(connection, over)
        except OSError:
            gone.set()

    with server(answer) as url:
        with pytest.raises(TooLateError):
            limited_http.send(Request("GET", url.replace("http:", "https:")), Limits(0.3, 2))
        assert gone.wait(PATIENCE)


def test_a_host_name_that_nobody_resolves_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: over.wait())
    with pytest.raises(TooLateError):
        limited_http.send(Request("GET", "http://somewhere"), Limits(0.1, 2))
    over.set()


@pytest.mark.parametrize("kind", ["chunks", "a length", "no length", "a header"])
def test_a_server_without_an_end_is_not_ready(kind: str) -> None:
    with server(ENDLESS[kind]) as url:
        assert not scoring.ping(url, 0.2)


def test_an_answer_has_a_largest_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scoring, "LARGEST_ANSWER", 1024**2)
    answer = again_and_again(HEAD + b"\r\n", b"x" * 500_000)
    with server(answer) as url, pytest.raises(ServiceError, match="larger than 1 MiB"):
        scoring.query(url, "{}")


def test_a_whole_answer_is_returned() -> None:
    def answer(connection: socket.socket, over: threading.Event) -> None:
        connection.sendall(HEAD + b"Content-Length: 2\r\n\r\n[]")

    with server(answer) as url:
        assert limited_http.send(Request("GET", url), Limits(60, 2)) == (200, b"[]")
        with pytest.raises(TooLargeError):
            limited_http.send(Request("GET", url), Limits(60, 1))
    with pytest.raises(requests.ConnectionError):
        limited_http.send(Request("GET", url), Limits(60, 2))


def test_what_a_library_asks_has_a_limit_too() -> None:
    over = threading.Event()
    with pytest.raises(TooLateError):
        limited_http.within(0.05, over.wait)
    over.set()
    assert limited_http.within(60, over.wait)
    with pytest.raises(ZeroDivisionError, match="division"):
        limited_http.within(60, lambda: 1 // 0)


@pytest.mark.parametrize("kind", ["chunks", "a length", "no length", "a header", "nothing"])
def test_a_probe_of_a_tracking_server_ends(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "PROBE_TIMEOUT", 0.2)
    with server(ENDLESS[kind]) as url:
        check = store.check(Store(url))
    assert check.sentence == f"{url} did not answer in time."


@pytest.mark.parametrize("kind", ["chunks", "a length", "a header"])
def test_a_store_that_answers_in_drops_is_given_up(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "REACH_LIMIT", 0.5)
    monkeypatch.setattr(store, "probe", lambda _uri: "3.17.0")
    with server(ENDLESS[kind]) as url:
        check = store.check(Store(url))
    assert (check.ok, check.sentence) == (False, f"{url} did not answer in time.")


def test_a_probe_reads_no_more_than_it_needs() -> None:
    answer = again_and_again(HEAD + b"\r\n", b"x" * 100_000)
    with server(answer) as url, pytest.raises(Unreachable, match="is no MLflow server"):
        store.probe(url)
