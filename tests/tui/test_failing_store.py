"""Stores that do not answer, answer wrongly, or go away."""

import os
import signal
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from mlops_tui.domain.processes.process import ProcessKind
from mlops_tui.domain.store import Store
from mlops_tui.services.launchers import processes
from mlops_tui.services.worker.service_process import ServiceProcess
from mlops_tui.tui.kit.table import Table
from tests.making import make_run
from tests.ports import free_port
from tests.tui.story import story
from tests.tui.test_training_story import record_of


@pytest.fixture
def silent_server() -> Iterator[str]:
    """Return the address of a server that takes requests without ever answering."""
    done = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            done.wait()

        do_POST = do_GET  # noqa: N815 - the name that http.server calls

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    done.set()
    server.shutdown()


async def test_a_server_that_is_down_is_said_to_be(state_dir: Path) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    async with story(Store(url), state_dir) as person:
        await person.sees(f"Nothing listens at {url}", "no answer")
        await person.press("3")
        await person.sees(f"Nothing listens at {url}")
        await person.press("2")
        await person.sees("Press n to launch one", "jobs live")
        await person.press("4")
        await person.sees("servers live")


async def test_a_server_that_hangs_keeps_no_key_waiting(
    silent_server: str, state_dir: Path
) -> None:
    async with story(Store(silent_server), state_dir) as person:
        await person.sees("reading…")
        await person.press("2")
        await person.sees("Press n to launch one")
        await person.press("question_mark")
        await person.sees("Launch a training job")
        await person.press("escape")
        program = "print('said by the job')"
        processes.start(state_dir, record_of(ProcessKind.JOB, program), os.environ)
        await person.sees("said by the job", "✗ The store has not answered for")


async def test_a_file_that_is_no_database_is_named(tmp_path: Path, state_dir: Path) -> None:
    broken = tmp_path / "broken.db"
    broken.write_text("junk that is no database at all")
    async with story(Store(f"sqlite:///{broken}"), state_dir) as person:
        await person.sees("is no SQLite database")


async def test_a_failed_refresh_keeps_the_rows(
    sqlite_store: Store, state_dir: Path, three_runs: dict[str, str]
) -> None:
    path = sqlite_store.sqlite_path
    assert path is not None
    async with story(sqlite_store, state_dir) as person:
        await person.sees("deep", "3 loaded")
        kept = path.read_bytes()
        path.write_bytes(b"overwritten by something else")
        await person.sees("✗", "s ago")
        assert len(person.app.screen.query_one("#runs", Table).keys) == 3
        path.write_bytes(kept)
        await person.press("r")
        await person.sees("live")


async def test_a_service_process_that_dies_is_started_again(
    sqlite_store: Store,
    state_dir: Path,
    three_runs: dict[str, str],
) -> None:
    async with story(sqlite_store, state_dir, services=ServiceProcess) as person:
        process = person.app.backend._process
        young = process.pid
        os.kill(young, signal.SIGKILL)
        await person.sees("it restarts", "✗ restarting", "3 loaded")
        assert process.pid != young
        os.kill(process.pid, signal.SIGKILL)
        await person.sees("it restarts", "✗ restarting", "deep")
        make_run(sqlite_store, "1", name="after the restart")
        await person.sees("after the restart", "live")


async def test_more_runs_are_loaded_when_the_cursor_comes_near_the_end(
    sqlite_store: Store, state_dir: Path
) -> None:
    for number in range(130):
        make_run(sqlite_store, "0", name=f"run {number:03}")
    async with story(sqlite_store, state_dir) as person:
        await person.sees("130 loaded", "run 129")
        await person.press("f")
        await person.type("status:finished")
        await person.press("enter")
        await person.sees("100 loaded", "more on the server", "run 129")
        await person.press("G")
        await person.sees("130 loaded")
        await person.press("G")
        await person.sees("run 000")
        make_run(sqlite_store, "0", name="made meanwhile")
        await person.sees("131 loaded")
