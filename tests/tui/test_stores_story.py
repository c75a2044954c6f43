"""Switching to another store inside the app."""

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from mlops_tui.domain.processes.process import ProcessKind
from mlops_tui.domain.store import Store
from mlops_tui.services.launchers import processes
from mlops_tui.services.stores import recent_stores, tunnel
from mlops_tui.tui.kit.table import Table
from mlops_tui.tui.stores.login_dialog import LoginDialog
from mlops_tui.tui.stores.stores_dialog import StoresDialog
from tests.making import make_experiment, make_run
from tests.mlflow_server import guarded_server
from tests.ports import free_port
from tests.ssh_server import HOST, SshServer
from tests.tui.story import Story, story
from tests.tui.test_training_story import record_of


@pytest.fixture
def attic(tmp_path: Path, empty_database: Path) -> Store:
    """Return another SQLite store, with one run."""
    path = tmp_path / "other.db"
    shutil.copyfile(empty_database, path)
    store = Store(f"sqlite:///{path}", name="attic")
    make_run(store, make_experiment(store, "Stones"), name="granite")
    return store


async def choose(person: Story, words: str) -> None:
    await person.press("at")
    await person.until(lambda: isinstance(person.app.screen, StoresDialog), "the list of stores")
    await person.until(lambda: person.app.screen.query_one(Table).keys, "stores")
    await person.type(words)
    await person.press("enter")


@pytest.mark.parametrize("size", [(80, 24), (200, 50)])
async def test_another_store_is_chosen_by_name_and_nothing_of_the_old_one_stays(
    sqlite_store: Store,
    attic: Store,
    state_dir: Path,
    three_runs: dict[str, str],
    size: tuple[int, int],
) -> None:
    async with story(sqlite_store, state_dir, size, servers={"attic": attic}) as person:
        await person.sees("deep", "live")
        await person.press("space", "j", "D")
        await person.sees("Delete")
        await person.press("enter")
        await person.sees("u undoes it")
        await person.press("slash", "s", "h", "enter")
        await person.sees_no("deep ")
        await person.press("2", "at")
        await person.sees("attic", "answers", "open now")
        await person.type("attic")
        await person.press("enter")
        await person.until(lambda: not isinstance(person.app.screen, StoresDialog), "the jobs")
        await person.sees(" attic ", "jobs live")
        await person.press("1")
        await person.sees("granite", "Stones", " attic ", "live")
        assert not person.app.selection.runs
        await person.press("u")
        await person.sees("nothing to undo")

        known = {store.tracking_uri for store in recent_stores.read(state_dir)}
        assert known == {sqlite_store.tracking_uri, attic.tracking_uri}
        await choose(person, "mlflow.db")
        await person.sees("middling")
        await person.sees_no("granite")


@contextmanager
def broken_server() -> Iterator[str]:
    """Run a server that is healthy, and fails at every question."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            is_probe = self.path in ("/health", "/version")
            self.send_response(200 if is_probe else 503)
            self.end_headers()
            self.wfile.write(b"OK" if self.path == "/health" else b"3.17.0")

        do_POST = do_GET  # noqa: N815 - the name that http.server calls

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


async def test_a_store_that_goes_away_while_it_is_opened_leaves_the_app_on_the_old_one(
    sqlite_store: Store, state_dir: Path, three_runs: dict[str, str]
) -> None:
    gone = f"http://127.0.0.1:{free_port()}"
    with broken_server() as broken:
        servers = {"broken": Store(broken, name="broken"), "gone": Store(gone, name="gone")}
        async with story(sqlite_store, state_dir, servers=servers) as person:
            await person.sees("deep", "live")
            backend = person.app.backend
            await choose(person, "broken")
            await person.sees("answers, MLflow 3.17.0", "failed inside", "Still on")
            await person.press("escape")
            await choose(person, "gone")
            await person.sees("unreachable", f"Nothing listens at {gone}", "Still on")
            await person.press("escape")
            await person.sees("deep", "live")
            assert person.app.backend is backend
            assert person.app.settings.store == sqlite_store


async def test_escape_gives_up_a_store_that_never_answers(
    sqlite_store: Store, state_dir: Path, three_runs: dict[str, str]
) -> None:
    done = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            done.wait()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    async with story(sqlite_store, state_dir) as person:
        await person.sees("deep", "live")
        await choose(person, f"http://127.0.0.1:{server.server_port}")
        await person.sees("Opening http")
        await person.press("escape")
        await person.sees_no("Opening http")
        await person.press("escape")
        await person.until(lambda: not isinstance(person.app.screen, StoresDialog), "the runs")
        await person.sees("deep", "live")
    done.set()
    server.shutdown()


@pytest.mark.slow
async def test_a_login_is_asked_for_in_the_app_kept_in_memory_and_given_to_jobs(
    sqlite_store: Store, state_dir: Path, tmp_path: Path, empty_database: Path
) -> None:
    script = tmp_path / "nothing-here" / "train.py"
    script.write_text(
        "import mlflow, os\n"
        "mlflow.set_experiment('Made here')\n"
        "with mlflow.start_run(run_name='by ' + os.environ['MLFLOW_TRACKING_USERNAME']):\n"
        "    pass\n"
    )
    with guarded_server(tmp_path, empty_database) as server:
        async with story(sqlite_store, state_dir, servers={"team": server.store}) as person:
            await person.sees("live")
            await choose(person, server.store.tracking_uri)
            await person.sees("login needed", "Log in to", "asks for a login")
            await person.type("root")
            await person.press("enter")
            await person.type("wrongpassword12")
            await person.press("enter")
            await person.sees("login refused as root")
            await person.until(
                lambda: isinstance(person.app.screen, LoginDialog), "the login once more"
            )
            await person.type("root")
            await person.press("enter")
            await person.type("rootpassword12")
            assert "rootpassword12" not in person.screen
            await person.press("enter")
            await person.sees(server.store.tracking_uri, "Default")
            await person.until(lambda: not isinstance(person.app.screen, StoresDialog), "switch")
            await person.press("2", "n")
            await person.sees("train.py")
            await person.type("train.py")
            await person.press("enter")
            await person.sees("New training job")
            await person.press("ctrl+s")
            await person.sees("finished")
            await person.press("1")
            await person.sees("Made here")
    assert_nothing_holds(state_dir, b"password12")


def assert_nothing_holds(folder: Path, secret: bytes) -> None:
    for path in folder.rglob("*"):
        assert not path.is_file() or secret not in path.read_bytes(), path


async def test_jobs_stay_where_they_are_and_name_their_store(
    sqlite_store: Store, attic: Store, state_dir: Path
) -> None:
    record = replace(record_of(ProcessKind.JOB, "print('said by the job')"), store=attic.label)
    processes.start(state_dir, record, os.environ)
    async with story(sqlite_store, state_dir, servers={"attic": attic}) as person:
        await person.press("2")
        await person.sees("said by the job", "▏ On ")
        await person.press("v")
        await person.sees("@ opens that store")
        await person.press("ctrl+p")
        await person.type("attic")
        await person.sees("store      attic")
        await person.press("enter")
        await person.sees(" attic ")
        await person.sees_no("▏ On ")
        await person.sees("said by the job", "jobs live")


@pytest.mark.slow
async def test_a_tunnel_that_breaks_is_told_until_it_is_open_again(
    sqlite_store: Store,
    server_store: Store,
    bastion: SshServer,
    state_dir: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tunnel, "FIRST_PAUSE", 0.1)
    lab = Store(server_store.tracking_uri, name="lab", ssh=HOST)
    make_experiment(server_store, "Far away")
    async with story(sqlite_store, state_dir, servers={"lab": lab}) as person:
        await person.sees("live")
        await choose(person, "lab")
        await person.sees(" lab ", "Far away", "live")
        bastion.kill()
        await person.sees(f"The tunnel through {HOST} ", "no tunnel", "Far away")
        await person.press("2")
        await person.sees("jobs live")
        bastion.start()
        await person.press("1")
        await person.sees_no("The tunnel through")
        await person.sees("Far away", "live")
