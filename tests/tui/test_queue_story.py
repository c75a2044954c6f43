"""Jobs that wait for their turn."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from mlops_tui.domain.store import Store
from tests import detached
from tests.queueing import Jobs
from tests.tui.story import story


@pytest.fixture
def jobs(tmp_path: Path) -> Iterator[Jobs]:
    with detached.nothing_left_behind():
        yield Jobs(tmp_path, slots=1)


async def test_waiting_jobs_are_moved_held_released(store: Store, jobs: Jobs) -> None:
    for name in "abc":
        jobs.launch(name)
    async with story(store, jobs.state_dir, size=(80, 24)) as person:
        await person.press("2")
        await person.sees("1 of 1 slots busy, 2 waiting", "● running    a", "◌ waiting 2  c")
        await person.press("H")
        await person.sees("a does not wait: it is running")
        await person.press("j", "K")
        await person.sees("b is the next one already")
        await person.press("J")
        await person.sees("◌ waiting 1  c", "◌ waiting 2  b")
        await person.press("H")
        await person.sees("◫ held       b", "1 waiting, 1 held", "until H releases it")
        await person.undo()
        await person.sees("◌ waiting 2  b", "It waits for a slot")
        await person.press("T", "H")
        await person.sees("◫ held       b", "◌ waiting 2  c")
        jobs.let_go("a")
        await person.sees("● running    c", "✓ finished   a")
        await person.press("H")
        await person.sees("◌ waiting 1  b")
        jobs.let_go(*"bc")
        await person.sees("0 of 1 slots busy", "✓ finished   b")
    assert jobs.journal() == ["+a", "-a", "+c", "-c", "+b", "-b"]


async def test_a_waiting_job_is_taken_out_another_is_given_a_slot(store: Store, jobs: Jobs) -> None:
    for name in "abc":
        jobs.launch(name)
    async with story(store, jobs.state_dir, size=(80, 24)) as person:
        await person.press("2")
        await person.sees("1 of 1 slots busy, 2 waiting")
        await person.press("G", "x")
        await person.sees("Take c out of the queue? It has not run")
        await person.press("enter")
        await person.sees("■ stopped    c", "1 of 1 slots busy, 1 waiting")
        await person.press("number_sign")
        await person.sees("How many jobs run at once")
        await person.type("x")
        await person.sees("A number from 0 to 999")
        await person.press("backspace", "2", "enter")
        await person.sees("2 of 2 slots busy", "● running    b")
        await person.undo()
        await person.sees("2 of 1 slots busy")
        await person.press("u")
        await person.sees("There is nothing to undo")
        jobs.let_go(*"ab")
        jobs.ended(*"ab")
