"""What tests of services share."""

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

Answer = Callable[[str], tuple[int, str] | None]
"""Path to status with body; None says nothing until the test ends."""


@pytest.fixture
def serve_answers() -> Iterator[Callable[[Answer], str]]:
    """Return a function that starts an HTTP server with such answers, giving its address."""
    done = threading.Event()
    servers: list[ThreadingHTTPServer] = []

    def start(answer: Answer) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                found = answer(self.path)
                if found is None:
                    done.wait()
                    return
                status, body = found
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body.encode())

            do_POST = do_GET  # noqa: N815 - the name that http.server calls

            def log_message(self, *_arguments: object) -> None:
                """Say nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    done.set()
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def nothing_known() -> None:
    """Begin with no run remembered."""
    from mlops_tui.services.runs import run_memory

    run_memory.forget()
