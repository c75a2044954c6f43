"""Keys that come faster than the screens they open."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from mlops_tui.domain.models.stage import Stage
from mlops_tui.domain.store import Store
from mlops_tui.services.models import registration, registry
from mlops_tui.services.runs.runs import get_run
from mlops_tui.tui.experiments.experiments_screen import ExperimentsScreen
from mlops_tui.tui.kit import key_queue
from mlops_tui.tui.kit.field import Field
from mlops_tui.tui.kit.filter_bar import FilterBar
from mlops_tui.tui.launching.launch_dialog import LaunchDialog
from mlops_tui.tui.run.run_screen import RunScreen
from tests.tui.story import Story, story

NAME = "IrisClassifierRF"


async def test_a_transition_typed_in_one_burst_is_done(
    sqlite_store: Store, state_dir: Path, modelled_run: str
) -> None:
    (model,) = get_run(sqlite_store, modelled_run).models
    registration.register(sqlite_store, name=NAME, model=model, run_id=modelled_run)
    async with story(sqlite_store, state_dir) as person:
        await person.press("3")
        await person.sees(f"models:/{NAME}/1")
        await person.press("down", "up")
        await person.burst("t", "p", "enter")
        await person.sees("◆ Production")
    (version,) = registry.list_versions(sqlite_store, NAME)
    assert version.stage is Stage.PRODUCTION


async def test_a_filter_typed_in_one_burst_is_all_in_its_line(
    sqlite_store: Store, state_dir: Path, three_runs: dict[str, str]
) -> None:
    async with story(sqlite_store, state_dir) as person:
        await person.sees("shallow", "deep")
        await person.burst(
            "slash", *"deep", "enter", "s", *"acc", "enter", "enter", "right_square_bracket"
        )
        await person.until(lambda: isinstance(person.app.screen, RunScreen), "the run")
        await person.until(lambda: "depth" in person.screen, "params")


async def test_letters_after_tab_go_to_the_next_field(sqlite_store: Store, state_dir: Path) -> None:
    async with story(sqlite_store, state_dir) as person:
        await person.press("2")
        await person.sees("No training jobs")
        await person.press("n")
        await person.sees("What to launch", "Random forest")
        await person.press("enter")
        await person.until(lambda: isinstance(person.app.screen, LaunchDialog), "the form")
        await person.sees("run_name")
        await person.burst("tab", *"abc", "tab", *"xyz")

        def typed(letters: str) -> list[Field]:
            return [field for field in person.app.screen.query(Field) if letters in field.value]

        await person.until(lambda: typed("xyz"), "all letters")
        assert len(typed("abc")) == 1
        assert typed("abc") != typed("xyz")


async def test_keys_for_a_dialog_that_is_refused_are_dropped(
    sqlite_store: Store, state_dir: Path, three_runs: dict[str, str]
) -> None:
    async with story(sqlite_store, state_dir) as person:
        await person.sees("deep")
        await person.burst("R", "3")
        await person.sees("has logged no model to register")
        assert isinstance(person.app.screen, ExperimentsScreen)


async def test_a_filter_after_two_tabs_has_the_focus(
    sqlite_store: Store, state_dir: Path, three_runs: dict[str, str]
) -> None:
    async with story(sqlite_store, state_dir) as person:
        await person.sees("deep")
        await person.burst("enter", "right_square_bracket", "right_square_bracket", "slash", *"acc")
        await person.until(lambda: person.app.screen.query(FilterBar), "the run")
        await person.until(
            lambda: [f for f in person.app.screen.query(Field) if f.has_focus and f.value == "acc"],
            "the filter",
        )


async def test_escape_that_came_as_alt_closes_the_dialog_before_the_next_key(
    sqlite_store: Store, state_dir: Path
) -> None:
    async with story(sqlite_store, state_dir) as person:
        await person.sees("Default")
        await person.burst("n", "alt+3")
        await person.sees("No registered models")
        await person.burst("slash", "a", "alt+1")
        await person.until(lambda: isinstance(person.app.screen, ExperimentsScreen), "experiments")
        assert len(person.app.screen_stack) == 1


@contextmanager
def suspended_service(person: Story) -> Iterator[None]:
    """Let the service process stand still, as a store does that another program has locked."""
    pid = person.app.backend._process.pid
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        with suppress(ProcessLookupError):  # it was replaced
            os.kill(pid, signal.SIGCONT)


async def test_keys_for_a_dialog_wait_for_it_however_slow_the_store_is(
    sqlite_store: Store,
    state_dir: Path,
    three_runs: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(key_queue, "TOLD_AFTER", 0.2)
    async with story(sqlite_store, state_dir) as person:
        await person.sees("deep")
        with suspended_service(person):
            await person.burst("e", *"er", "enter", "j")
            await person.sees("Keys are held")
            assert isinstance(person.app.screen, ExperimentsScreen)
        await person.sees("▌✓ FINISHED middling", "FINISHED er")
    assert get_run(sqlite_store, three_runs["deep"]).run.name == "er"


async def test_escape_gives_up_a_dialog_that_does_not_open(
    sqlite_store: Store,
    state_dir: Path,
    three_runs: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(key_queue, "TOLD_AFTER", 0.2)
    async with story(sqlite_store, state_dir) as person:
        await person.sees("deep")
        with suspended_service(person):
            await person.burst("e", *"ab", "enter")
            await person.sees("esc cancels it")
            await person.burst("escape")
            await person.sees("Cancelled.", "3 keys were dropped")
            await person.burst("j")
            await person.sees("▌✓ FINISHED middling")
        assert isinstance(person.app.screen, ExperimentsScreen)


async def test_keys_wait_for_the_dialog_that_follows_another(
    sqlite_store: Store, state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_queue, "TOLD_AFTER", 0.2)
    async with story(sqlite_store, state_dir) as person:
        await person.press("2")
        await person.sees("No training jobs")
        await person.press("n")
        await person.sees("What to launch", "Random forest")
        with suspended_service(person):
            await person.burst("enter", "tab", *"abc")
            await person.sees("Keys are held", "No training jobs")
        await person.until(lambda: isinstance(person.app.screen, LaunchDialog), "the form")
        await person.until(
            lambda: [f for f in person.app.screen.query(Field) if "abc" in f.value], "the letters"
        )
