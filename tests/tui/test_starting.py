"""The first seconds, in which MLflow is still being loaded."""

import os
import signal
from pathlib import Path

import pytest

from mlops_tui.domain.store import Store
from mlops_tui.services.worker.service_process import ServiceProcess
from tests.tui.story import Story, story


def tell_services(person: Story, what: signal.Signals) -> None:
    os.kill(person.app.backend._process.pid, what)


async def test_the_first_frame_says_what_is_awaited(sqlite_store: Store, state_dir: Path) -> None:
    async with story(sqlite_store, state_dir, services=ServiceProcess) as person:
        tell_services(person, signal.SIGSTOP)
        assert "loading MLflow…" in person.screen
        tell_services(person, signal.SIGCONT)
        await person.sees("live")


async def test_a_filter_typed_meanwhile_denies_nothing(
    sqlite_store: Store, state_dir: Path, three_runs: dict[str, str]
) -> None:
    async with story(sqlite_store, state_dir, services=ServiceProcess) as person:
        tell_services(person, signal.SIGSTOP)
        await person.press("slash")
        await person.type("middl")
        await person.sees("reading…", "filter middl")
        assert "No run" not in person.screen
        tell_services(person, signal.SIGCONT)
        await person.sees("middling", "1 of 3 loaded")


async def test_the_garbage_collector_is_awake_afterwards(
    sqlite_store: Store, state_dir: Path
) -> None:
    import gc

    gc.disable()
    async with story(sqlite_store, state_dir, services=ServiceProcess) as person:
        await person.until(gc.isenabled, "the collector works")


async def test_the_status_bar_says_that_it_is_slower_and_the_help_says_why(
    sqlite_store: Store, state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_ENABLE_WORKSPACES", "true")
    monkeypatch.setenv("MLFLOW_WORKSPACE", "default")
    async with story(sqlite_store, state_dir, size=(80, 24)) as person:
        await person.sees("live · slower")
        await person.press("question_mark")
        await person.sees("Why the status bar says slower: Runs are read one by one")
