"""Nothing that a sub-command prints steers the terminal; what cannot be printed is told."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from mlops_tui.cli.safe_output import OutputFailed, SafeStream
from mlops_tui.domain.store import Store
from tests.cli.conftest import Command
from tests.making import make_experiment, make_run
from tests.patience import PATIENCE

EVIL = (
    "\x1b]0;title\x07\x1b]52;c;UFdORUQ=\x07\x9d0;c1\x9c"
    "\x1b[2J\x9b2J\x1bPdcs\x1b\\\u202ebidi\x08\x00"
)
STEERING = "\x1b\x07\x9b\x9c\x9d\x90\x08\x00\x7f\r\u202e\u2066"


def assert_harmless(shown: str) -> None:
    assert not set(shown) & set(STEERING), ascii(shown)


@pytest.fixture
def hostile_server() -> Iterator[str]:
    """Return the address of a server that answers every question with escape sequences."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            healthy = self.path == "/health"
            failure = {"error_code": "INVALID_PARAMETER_VALUE", "message": f"no {EVIL}"}
            body = b"OK" if healthy else json.dumps(failure, ensure_ascii=False).encode()
            self.send_response(200 if healthy else 400)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.do_GET()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    "arguments",
    [
        ("runs",),
        ("run", "abc"),
        ("compare", "abc", "def"),
        ("metrics", "abc", "loss"),
        ("doctor",),
    ],
)
def test_the_words_of_a_server_are_harmless(
    arguments: tuple[str, ...], hostile_server: str, command: Command
) -> None:
    done = command("--tracking-uri", hostile_server, *arguments)
    assert done.returncode in (1, 2)
    assert "title" not in done.stdout + done.stderr
    assert_harmless(done.stdout + done.stderr)


@pytest.mark.parametrize("form", [(), ("--csv",), ("--json",)])
def test_what_a_store_holds_is_harmless(
    form: tuple[str, ...], sqlite_store: Store, command: Command
) -> None:
    run = make_run(
        sqlite_store,
        make_experiment(sqlite_store, f"e{EVIL}"),
        name=f"name\n{EVIL}",
        params={"p": EVIL},
        metrics={"loss": [1.0]},
        tags={"t": EVIL},
    )
    uri = ("--tracking-uri", sqlite_store.tracking_uri)
    for arguments in (("runs",), ("run", run), ("compare", run, run), ("metrics", run, "loss")):
        done = command(*uri, *arguments, *form)
        assert done.returncode == 0, done.stderr
        assert_harmless(done.stdout + done.stderr)


@pytest.mark.parametrize(
    "arguments",
    [
        (f"--nope{EVIL}",),
        (f"nope{EVIL}",),
        ("run", EVIL),
        ("logs", EVIL),
        ("train", f"{EVIL}.py"),
        ("--state-dir", f"s{EVIL}", "jobs", EVIL),
        ("--tracking-uri", f"foo{EVIL}://x", "runs"),
        ("--refresh-interval", EVIL, "doctor"),
        ("--state-dir", f"s{EVIL.replace(chr(0), '')}", "doctor"),
    ],
)
def test_ones_own_arguments_are_harmless(arguments: tuple[str, ...], command: Command) -> None:
    done = command(*arguments)
    assert done.returncode in (0, 1, 2)
    assert_harmless(done.stdout + done.stderr)


def test_the_title_of_a_job_is_harmless(command: Command, tmp_path: Path) -> None:
    (tmp_path / "job.py").write_text("print(1)\n")
    state = ("--state-dir", str(tmp_path / "state"))
    title = EVIL.replace("\0", "")
    launched = command(*state, "train", "job.py", "--run-name", f"t{title}", "--wait")
    for done in (
        launched,
        command(*state, "stop", "last"),
        command(*state, "logs", "last", "--follow"),
        command(*state, "jobs"),
        command(*state, "queue"),
    ):
        assert done.returncode == 0, done.stderr
        assert_harmless(done.stdout + done.stderr)


def test_a_fault_of_ours_shows_harmless_words(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError(EVIL)

    monkeypatch.setattr("mlops_tui.services.doctor.doctor.examine", fail)
    done = command("doctor")
    assert done.returncode == 70
    assert "RuntimeError" in done.stderr
    assert_harmless(done.stderr)


def test_a_fault_of_ours_shows_no_password(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("postgresql://anna:hunter2@db/mlflow")

    monkeypatch.setattr("mlops_tui.services.doctor.doctor.examine", fail)
    shown = command("doctor").stderr
    assert "RuntimeError: postgresql://***@db/mlflow" in shown
    assert "hunter2" not in shown


def test_a_fault_of_ours_ends_with_its_exit_code_where_nobody_can_read_of_it(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        monkeypatch.setattr(sys, "stderr", SafeStream(None))
        raise RuntimeError

    monkeypatch.setattr("mlops_tui.services.doctor.doctor.examine", fail)
    assert command("doctor").returncode == 70


def _shell(line: str, environ: dict[str, str], cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", "-c", f'exec "$0" -m mlops_tui {line}', sys.executable],
        env=environ,
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("queue --json >&-", "mlops-tui: Nothing was printed: standard output is closed.\n"),
        (
            "queue --json > /dev/full",
            "mlops-tui: Standard output cannot be written: No space left on device.\n",
        ),
        ("queue --json >&- 2>&-", ""),
        ("queue --nope 2>/dev/full", ""),
        ("<&- >&- 2>&-", ""),
    ],
)
def test_output_that_nobody_takes_ends_in_one_sentence(
    line: str, sentence: str, environ: dict[str, str], tmp_path: Path
) -> None:
    done = _shell(line, environ, tmp_path)
    assert done.returncode in (1, 2)
    assert done.stderr == sentence


def test_a_terminal_without_utf8_gets_question_marks() -> None:
    with os.fdopen(os.dup(1), "w", encoding="ascii") as ascii_only:
        SafeStream(ascii_only).write("ø")
        assert ascii_only.errors == "replace"


def test_a_closed_stream_refuses_words() -> None:
    with pytest.raises(OutputFailed, match="closed"):
        SafeStream(None).write("x")
    assert not SafeStream(None).isatty()
