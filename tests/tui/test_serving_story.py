"""Serving a version, asking it."""

import json
import os
import socket
from dataclasses import replace
from pathlib import Path

import pytest
from textual.events import Paste

from mlops_tui.domain.processes.process import ProcessKind
from mlops_tui.domain.runs.run import LoggedModel
from mlops_tui.domain.store import Store
from mlops_tui.services.launchers import processes
from mlops_tui.services.models import registration
from mlops_tui.services.runs import runs
from mlops_tui.services.serving import servers
from tests import detached
from tests.ports import free_port
from tests.services.serving.inference_server import inference_server
from tests.tui.story import Story, story
from tests.tui.test_training_story import record_of

pytestmark = pytest.mark.xdist_group("serve")


@pytest.fixture
def registered(sqlite_store: Store, modelled_run: str) -> Store:
    (model,) = runs.get_run(sqlite_store, modelled_run).models
    assert isinstance(model, LoggedModel)
    registration.register(sqlite_store, name="Flowers", model=model, run_id=modelled_run)
    return sqlite_store


async def open_dialog(person: Story, port: int) -> None:
    await person.press("3")
    await person.sees("models:/Flowers/1")
    await person.press("s")
    await person.sees("Serve Flowers v1", "mlflow models serve")
    await person.press(*["backspace"] * 5)
    await person.type(str(port))


async def test_a_busy_port_is_noticed_before_anything_starts(
    registered: Store, state_dir: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = busy.getsockname()[1]
        async with story(registered, state_dir) as person:
            await open_dialog(person, port)
            await person.sees(
                f"Port {port} is in use", "The environment has what the model requires"
            )
            await person.press("enter")
            await person.sees(f"Port {port} is in use")
    assert servers.list_servers(state_dir) == ()


@pytest.mark.slow
async def test_a_version_is_served_queried_then_stopped(registered: Store, state_dir: Path) -> None:
    async with story(registered, state_dir) as person:
        await open_dialog(person, free_port())
        await person.press("tab", *"@best")
        await person.sees("Flowers has no version best")
        await person.press(*["backspace"] * 5, "tab", "9")
        await person.sees("Flowers has no version 9")
        await person.press("backspace", "enter")
        await person.sees("POST http://127.0.0.1:", "starting")
        await person.sees("ready", "requests", "off: c begins it")
        await capture_all(person)
        await person.press("enter", "ctrl+s")
        await person.sees("✓ 200", "prediction")
        await person.sees("1 in all", "1 kept")
        await fill_in_and_replay(person)
        await person.press("ctrl+t", "ctrl+s")
        await person.sees("✓ 200")
        await paste(person, json.dumps({"dataframe_records": [[0.0, 1.0]]}))
        await person.sees("ctrl+o rewrites the request as the model expects it")
        await person.press("ctrl+s")
        await person.sees("✗ 400", "width", "length")
        await read_errors(person)
        await person.press("ctrl+o", "ctrl+s")
        await person.sees("✓ 200")
        await person.press("escape", "x")
        await person.sees("Stop serving Flowers")
        await person.press("enter")
        await person.sees("stopped")
        await person.press("enter", "ctrl+s")
        await person.sees("Nothing answers", "Start it")


async def fill_in_and_replay(person: Story) -> None:
    await person.press("ctrl+g")
    await person.sees("width", "double", "row 1 of")
    await person.type("12.5")
    await person.press("enter")
    await person.sees("✓ 200")
    await person.press("ctrl+g")
    await person.sees("[12.5,")
    await person.press("ctrl+r")
    await person.sees("Requests of Flowers", "example", "12.5")
    await person.press("down", "n")
    await person.sees("Name of the request")
    await person.type("wide")
    await person.press("enter")
    await person.sees("wide: {")
    await person.press("g", "enter")
    await person.sees("POST http")
    assert "12.5" not in person.screen


async def capture_all(person: Story) -> None:
    await person.press("c")
    await person.sees("Capture of Flowers v1", "readable by you alone")
    await person.type("2")
    await person.sees("'2' is no share")
    await person.press("backspace", "1", "enter")
    await person.sees("100% of requests")


async def read_errors(person: Story) -> None:
    await person.press("escape")
    await person.sees("(400: 1)")
    await person.press("e")
    await person.sees("Last errors of Flowers v1", "  400  ")
    await person.press("escape", "enter")


async def paste(person: Story, text: str) -> None:
    """Replace the request by what is pasted."""
    from textual.widgets import TextArea

    area = person.app.screen.query_one("#request", TextArea)
    area.load_text("")
    area.insert(text)
    await person.pilot.pause()


ENDLESS = """
import socket, sys, threading, time
def answer(connection):
    request = connection.recv(65536)
    connection.sendall(b"HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n")
    while b"POST" in request:
        connection.sendall(b"1\\r\\n1\\r\\n")
        time.sleep(0.05)
    connection.sendall(b"0\\r\\n\\r\\n")
    connection.close()
server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while True:
    threading.Thread(target=answer, args=server.accept()[:1], daemon=True).start()
"""
"""Is ready, but answers a request without an end."""


async def test_an_answer_is_cancelled_and_a_large_paste_kept_as_a_file(
    store: Store, state_dir: Path
) -> None:
    port = str(free_port())
    details = {"model": "Endless", "version": "1", "port": port}
    record = record_of(ProcessKind.SERVER, ENDLESS, **details)
    with detached.nothing_left_behind():
        processes.start(state_dir, replace(record, command=(*record.command, port)), os.environ)
        try:
            await cancel_and_paste(store, state_dir)
        finally:
            processes.stop(state_dir, ProcessKind.SERVER, record.process_id)


async def cancel_and_paste(store: Store, state_dir: Path) -> None:
    async with story(store, state_dir) as person:
        await person.press("4")
        await person.sees("Endless", "ready")
        await person.press("enter", "1", "ctrl+s")
        await person.sees("sending… (esc cancels)")
        await person.press("ctrl+s")
        await person.sees("Still waiting for the answer")
        await person.press("escape")
        await person.sees("Cancelled: the answer is no longer awaited.")
        await person.press("ctrl+l")
        person.app.post_message(Paste('{"inputs": [' + "1.0, " * 4_000_000 + "1.0]}"))
        await person.sees("The request is too large", "@/")
        await person.press("ctrl+s")
        await person.sees("sending…")
        await person.press("escape", "escape")
        (kept,) = (state_dir / "requests").iterdir()
        assert kept.stat().st_size > 20_000_000


async def test_an_endpoint_of_others_is_added_queried_and_removed(
    store: Store, state_dir: Path
) -> None:
    with inference_server() as url:
        async with story(store, state_dir) as person:
            await person.press("4")
            await person.sees("No servers yet")
            await person.press("n")
            await person.type("nothing")
            await person.sees("'nothing' is no address of a model server")
            await person.press(*["backspace"] * 7)
            await person.type(f"{url}/v2/models/sum")
            await person.press("enter")
            await person.sees("ready", f"POST {url}/v2/models/sum/infer", '"x": 0.0')
            await person.press("x")
            await person.sees("It was not started here")
            await person.press("enter", "ctrl+g")
            await person.sees("double")
            await person.type("2.5")
            await person.press("ctrl+s")
            await person.sees("✓ 200", "prediction  2.5")
            await person.press("escape", "D")
            await person.sees("No servers yet")
