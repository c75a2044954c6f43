"""Answers that come while the screen that asked is being taken down, or later."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from mlops_tui.domain.errors import Unreachable
from mlops_tui.domain.store import Store
from mlops_tui.services.jobs import job_ends
from mlops_tui.services.runs.runs import get_run
from mlops_tui.tui.kit.control_screen import ControlScreen
from mlops_tui.tui.kit.messages import Topic
from mlops_tui.tui.kit.table import Table
from mlops_tui.tui.kit.write import Write, carry_out
from mlops_tui.tui.leaving import GROUP
from tests.making import make_run
from tests.tui.kit.test_key_queue import suspended_service
from tests.tui.story import Story, story


@pytest.mark.parametrize("answer", ["failure", "success"])
async def test_an_answer_that_comes_while_the_app_ends_does_no_harm(
    sqlite_store: Store, state_dir: Path, monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    leaving, answered = asyncio.Event(), asyncio.Event()

    async def held_back(function: object, *_: Any, **__: Any) -> tuple[()]:
        if function is job_ends.look:  # the watch over the jobs, which no screen waits for
            raise Unreachable("gone", "come back")
        await leaving.wait()
        answered.set()
        if answer == "failure":
            raise Unreachable("gone", "come back")
        return ()

    async def leave_slowly(_: Table) -> None:
        leaving.set()
        await asyncio.sleep(0.2)

    async with story(sqlite_store, state_dir) as person:
        await person.sees("live")
        monkeypatch.setattr(person.app.backend, "call", held_back)
        monkeypatch.setattr(Table, "on_unmount", leave_slowly, raising=False)
        await person.press("r")
        await asyncio.sleep(0)
    assert answered.is_set()


async def until_closed(person: Story) -> None:
    await person.until(lambda: len(person.app.screen_stack) == 1, "the list")


async def test_a_write_whose_screen_is_left_before_the_answer_is_told_and_undone(
    sqlite_store: Store, state_dir: Path, three_runs: dict[str, str]
) -> None:
    async with story(sqlite_store, state_dir) as person:
        await person.sees("deep")
        await person.press("enter")
        await person.sees("Overview", three_runs["deep"])
        await person.press("D")
        await person.sees("Delete deep")
        with suspended_service(person):
            await person.press("enter", "escape")
            await until_closed(person)
        await person.sees("deep: deleted", "2 loaded")
        await person.undo()
        await person.sees("deep: restored", "3 loaded")
    assert not get_run(sqlite_store, three_runs["deep"]).run.is_deleted


async def test_a_write_that_is_refused_after_its_screen_was_left_is_told(
    sqlite_store: Store,
    state_dir: Path,
    three_runs: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    left = asyncio.Event()

    async with story(sqlite_store, state_dir) as person:
        await person.sees("deep")
        await person.press("enter")
        await person.sees("Overview", three_runs["deep"])
        await person.press("D")
        await person.sees("Delete deep")

        async def refused_later(*_: object, **__: object) -> None:
            await left.wait()
            raise Unreachable("Nothing listens there.")

        with monkeypatch.context() as patch:
            patch.setattr(person.app.backend, "call", refused_later)
            await person.press("enter", "escape")
            await until_closed(person)
            assert person.app.selection.expected
            left.set()
            await person.sees("Nothing listens there")
        assert not person.app.selection.expected


async def test_marks_of_a_feed_that_was_left_before_the_answer_are_told(
    sqlite_store: Store, state_dir: Path
) -> None:
    make_run(sqlite_store, name="broken", status="FAILED")
    async with story(sqlite_store, state_dir) as person:
        await person.press("F")
        await person.sees("1 unread")
        with suspended_service(person):
            await person.press("A", "escape")
            await until_closed(person)
        await person.sees("Marked as read: 1")


async def test_an_answer_to_a_write_that_comes_while_the_app_ends_shows_nothing(
    sqlite_store: Store, state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    leaving, answered = asyncio.Event(), asyncio.Event()
    shown: list[str | None] = []

    async def call(_: object) -> str | None:
        await leaving.wait()
        answered.set()
        return "answer"

    async def leave_slowly(_: Table) -> None:
        leaving.set()
        await asyncio.sleep(0.2)

    async with story(sqlite_store, state_dir) as person:
        screen = person.app.screen
        assert isinstance(screen, ControlScreen)
        write = Write(title="Done", topic=Topic.RUNS, call=call, confirm=shown.append)
        person.app.run_worker(carry_out(screen, write))
        await person.pilot.pause()
        monkeypatch.setattr(Table, "on_unmount", leave_slowly, raising=False)
    assert answered.is_set()
    assert not shown


async def test_quitting_waits_for_a_change_that_is_being_written(
    sqlite_store: Store, state_dir: Path, three_runs: dict[str, str]
) -> None:
    async with story(sqlite_store, state_dir) as person:
        await person.sees("deep")
        await person.press("D")
        await person.sees("Delete deep")
        with suspended_service(person):
            await person.press("enter")
            await until_closed(person)
            await person.press("q")
            await person.sees("A change is still being written")
            assert person.app.is_running
        await person.until(lambda: person.app._exit, "the end")
    assert get_run(sqlite_store, three_runs["deep"]).run.is_deleted


async def test_a_second_q_does_not_wait(
    sqlite_store: Store, state_dir: Path, three_runs: dict[str, str]
) -> None:
    async with story(sqlite_store, state_dir) as person:
        await person.sees("deep")
        await person.press("D")
        await person.sees("Delete deep")
        with suspended_service(person):
            await person.press("enter")
            await until_closed(person)
            await person.press("q", "q")
            await person.until(lambda: person.app._exit, "the end")


async def test_quitting_stays_where_a_change_was_refused(
    sqlite_store: Store,
    state_dir: Path,
    three_runs: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = asyncio.Event()

    async def refuses(*_: Any, **__: Any) -> None:
        await asked.wait()
        raise Unreachable("The store is away.", "Try again.")

    async with story(sqlite_store, state_dir) as person:
        await person.sees("deep")
        await person.press("D")
        await person.sees("Delete deep")
        monkeypatch.setattr(person.app.backend, "call", refuses)
        await person.press("enter", "q")
        await person.sees("A change is still being written")
        asked.set()
        await person.sees("The store is away.")
        leaving = [each for each in person.app.workers if each.group == GROUP]
        await person.until(lambda: not any(each.is_running for each in leaving), "the decision")
        assert not person.app._exit
