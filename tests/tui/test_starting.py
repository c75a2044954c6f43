"""The first seconds, in which MLflow is still being loaded."""

import os
import signal
from pathlib import Path

import pytest

from mlops_tui.domain.place import Place
from mlops_tui.domain.processes.process import ProcessKind
from mlops_tui.domain.store import Store
from mlops_tui.services.worker.service_process import ServiceProcess
from mlops_tui.tui.modes import MODES
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


@pytest.mark.parametrize(
    ("kind", "chosen", "shown"),
    [
        (ProcessKind.JOB, None, "Experiments"),
        (ProcessKind.SERVER, None, "No registered models yet"),
        (ProcessKind.MONITOR, None, "No registered models yet"),
        (ProcessKind.SERVER, Place.DATA, "Data set (0)"),
    ],
)
async def test_the_loop_opens_first_once_models_are_at_work(
    sqlite_store: Store, state_dir: Path, kind: ProcessKind, chosen: Place | None, shown: str
) -> None:
    (state_dir / kind).mkdir(parents=True)
    async with story(sqlite_store, state_dir, first_screen=chosen) as person:
        await person.sees(shown, "live")
        await person.press("3")
        await person.sees("Models (0)")
        await person.press("1")
        await person.sees("Experiments (1)")
        await person.press("0")
        await person.sees("No registered models yet")


def test_each_screen_with_a_digit_has_a_name_in_the_settings() -> None:
    assert set(MODES) == set(Place)
