"""What is opened and closed leaves nothing behind in the interface."""

import gc
from collections import Counter
from pathlib import Path

from textual.signal import Signal
from textual.widget import Widget

from mlops_tui.domain.store import Store
from mlops_tui.tui.run.run_screen import RunScreen
from tests.tui.story import Story, story

DIALOGS = ("ctrl+p", "e", "T", "c", "n", "question_mark")
"""Keys that open something over the list of runs."""


def kept(person: Story) -> Counter[str]:
    """Count the widgets that are still held, with all that the app calls when something happens."""
    gc.collect()
    found = gc.get_objects()
    count = Counter(type(each).__name__ for each in found if isinstance(each, Widget))
    signals = [each for each in found if isinstance(each, Signal)]
    count["subscribers"] = sum(len(each._subscriptions) for each in signals)
    watchers = getattr(person.app, "__watchers", {})
    count["watchers"] = sum(map(len, watchers.values()))
    return count


async def open_all(person: Story) -> None:
    """Open a run, then dialog after dialog; close each."""
    await person.press("enter")
    await person.until(lambda: isinstance(person.app.screen, RunScreen), "the run")
    await person.sees("Overview", "deep")
    await person.press("escape")
    for key in DIALOGS:
        await person.until(lambda: len(person.app.screen_stack) == 1, "the list")
        await person.press(key)
        await person.until(lambda: len(person.app.screen_stack) == 2, key)
        await person.press("escape")
    await person.until(lambda: len(person.app.screen_stack) == 1, "the list")
    await person.pilot.pause()


async def test_runs_and_dialogs_that_were_closed_are_forgotten(
    sqlite_store: Store, state_dir: Path, three_runs: dict[str, str]
) -> None:
    async with story(sqlite_store, state_dir) as person:
        await person.sees("deep", "shallow")
        await open_all(person)
        before = kept(person)
        await open_all(person)
        await person.until(lambda: not kept(person) - before, "what was closed, forgotten")
        assert person.app.undo_stack.maxlen
