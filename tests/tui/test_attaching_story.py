"""Watching what was not launched here."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from secrets import token_hex

import pytest

from mlops_tui.domain.processes.process import ProcessState
from mlops_tui.domain.store import Store
from mlops_tui.services.jobs import jobs
from mlops_tui.services.store.store import client
from tests import detached
from tests.making import make_run
from tests.tui.story import story


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """Train as if in another terminal, under a name of its own: other tests train, too."""
    script = tmp_path / f"far[{token_hex(3)}.py"
    script.write_text("import time\nprint('epoch 1', flush=True)\ntime.sleep(600)")
    with (tmp_path / "out.log").open("wb") as log:
        child = subprocess.Popen([sys.executable, script], cwd=tmp_path, stdout=log, stderr=log)
    with child:
        yield child
        child.kill()


def name_of(process: "subprocess.Popen[bytes]") -> str:
    assert isinstance(process.args, list)
    return Path(process.args[1]).name


async def test_a_process_is_found_watched_stopped_removed(
    store: Store, state_dir: Path, elsewhere: "subprocess.Popen[bytes]"
) -> None:
    with detached.nothing_left_behind():
        async with story(store, state_dir, size=(80, 24)) as person:
            await person.press("2")
            await person.sees("Press n to launch one")
            await person.press("A")
            await person.sees("Attach to")
            await person.type(name_of(elsewhere))
            await person.sees(f"{elsewhere.pid} ", name_of(elsewhere))
            await person.press("enter")
            await person.sees("● running", f"pid {elsewhere.pid}", "epoch 1", "not launched here")
            await person.press("a")
            await person.sees("what was launched")
            await person.press("x")
            await person.sees(f"Process {elsewhere.pid} was not")
            await person.press("enter")
            elsewhere.wait()
            await person.sees("■ stopped")
            await person.press("D")
            await person.sees("Its log stays")
            await person.press("enter")
            await person.sees("Press n to launch one")
    assert jobs.list_jobs(state_dir) == ()


async def test_a_typed_pid_is_taken_its_end_is_told(
    store: Store, state_dir: Path, elsewhere: "subprocess.Popen[bytes]"
) -> None:
    async with story(store, state_dir) as person:
        await person.press("2")
        await person.sees("Press n to launch one")
        await person.press("A")
        await person.sees("Attach to")
        await person.type("2147483647")
        await person.sees("the process that was typed")
        await person.press("enter")
        await person.sees("There is no process 2147483647")
        await person.press("A")
        await person.sees("Attach to")
        await person.type(str(elsewhere.pid))
        await person.press("enter")
        await person.sees("● running")
        elsewhere.kill()
        elsewhere.wait()
        await person.sees("□ ended", "It has ended; as it", f"{name_of(elsewhere)} ended")
    (job,) = jobs.list_jobs(state_dir)
    assert job.state is ProcessState.ENDED


async def test_a_run_id_opens_the_page_of_a_run_that_has_ended(
    sqlite_store: Store, state_dir: Path, three_runs: dict[str, str]
) -> None:
    async with story(sqlite_store, state_dir) as person:
        await person.press("2", "A")
        await person.sees("Attach to")
        await person.type("nothing of the kind")
        await person.press("enter")
        await person.sees("Nothing matches")
        await person.press(*["backspace"] * 19)
        await person.type(three_runs["deep"])
        await person.sees("attach to the run")
        await person.press("enter")
        await person.sees("Overview", "deep has ended")
        await person.press("A")
        await person.sees("has already ended")
    assert jobs.list_jobs(state_dir) == ()


async def test_a_run_is_attached_to_with_the_process_that_the_person_takes_for_its_own(
    sqlite_store: Store, state_dir: Path, elsewhere: "subprocess.Popen[bytes]", tmp_path: Path
) -> None:
    tags = {"mlflow.source.name": str(tmp_path / name_of(elsewhere))}
    run = make_run(
        sqlite_store, "0", name="mine", metrics={"loss": [2, 1]}, tags=tags, status="RUNNING"
    )
    async with story(sqlite_store, state_dir, size=(80, 24)) as person:
        await person.press("2", "A")
        await person.sees("Attach to")
        await person.type(run)
        await person.press("enter")
        await person.sees(
            "Which process writes the run mine? None is certain.", name_of(elsewhere), "none of"
        )
        await person.press("enter")
        await person.sees("● running", f"pid {elsewhere.pid}", "epoch 1", "loss 1")
        await person.press("v")
        await person.sees("Overview", "mine")
        await person.press("A")
        await person.sees("● running", "epoch 1")
        await person.press("x")
        await person.sees(f"Process {elsewhere.pid} was not")
        await person.press("escape")
    (job,) = jobs.list_jobs(state_dir)
    assert job.pid == elsewhere.pid


async def test_a_run_without_a_process_is_watched_until_it_ends(
    sqlite_store: Store, state_dir: Path
) -> None:
    tags = {"hostname": "gpu-7", "pid": "1"}
    run = make_run(
        sqlite_store, "0", name="[far", metrics={"loss": [2, 1]}, tags=tags, status="RUNNING"
    )
    async with story(sqlite_store, state_dir) as person:
        await person.sees("[far")
        await person.press("enter")
        await person.sees("Overview", "[far")
        await person.press("A")
        await person.sees("● running", f"run {run[:7]}", "It runs on gpu-7, as a tag says", "★ 1")
        await person.press("x")
        await person.sees("stop it where it runs")
        client(sqlite_store).set_terminated(run, "FAILED")
        await person.sees("✗ failed", "[far failed")
        await person.press("D")
        await person.sees("Remove [far from the list?")
        await person.press("enter")
        await person.sees("Press n to launch one")
