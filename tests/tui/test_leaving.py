"""Answers that come while the screen that asked is being taken down."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from mlops_tui.domain.errors import Unreachable
from mlops_tui.domain.store import Store
from mlops_tui.services.jobs import job_ends
from mlops_tui.tui.kit.table import Table
from tests.tui.story import story


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
