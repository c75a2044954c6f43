"""A note written in the person's own editor, in a real terminal."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mlops_tui.domain.store import Store
from mlops_tui.services.runs.runs import get_run
from tests.making import make_experiment, make_run
from tests.terminal import Terminal
from tests.tui.story import story

EDITOR = """
import pathlib, sys
path = pathlib.Path(sys.argv[1])
print("EDITING", repr(path.read_text()), flush=True)
path.write_text(path.read_text() + input())
"""


@pytest.fixture
def noted_run(sqlite_store: Store) -> str:
    """Make a run with a note."""
    tags = {"mlflow.note.content": "Before, "}
    return make_run(sqlite_store, make_experiment(sqlite_store, "Flowers"), name="deep", tags=tags)


@contextmanager
def terminal_with(store: Store, tmp_path: Path, editor: str) -> Iterator[Terminal]:
    """Open the app in a terminal whose environment names the editor."""
    command = [sys.executable, "-m", "mlops_tui", "--tracking-uri", store.tracking_uri]
    environ = {**os.environ, "VISUAL": editor, "MLOPS_TUI_STATE_DIR": str(tmp_path / "state")}
    with Terminal(command, columns=100, lines=30, environ=environ) as terminal:
        terminal.wait_for("deep")
        terminal.press("e")
        terminal.wait_for("Edit deep")
        yield terminal


def test_the_app_stands_aside_for_the_editor_then_takes_its_text(
    sqlite_store: Store, noted_run: str, tmp_path: Path
) -> None:
    script = tmp_path / "my editor.py"
    script.write_text(EDITOR)
    with terminal_with(sqlite_store, tmp_path, f"'{sys.executable}' '{script}'") as terminal:
        terminal.press("ctrl+e")
        terminal.wait_for("EDITING 'Before, '")
        terminal.type("after $(x)")
        terminal.press("enter")
        terminal.wait_for("Before, after $(x)")
        terminal.press("ctrl+s")
        terminal.wait_for("note changed")
        terminal.press("q")
        assert terminal.wait_exit() == 0
    assert get_run(sqlite_store, noted_run).run.note == "Before, after $(x)"


def test_an_editor_that_is_not_there_is_named_in_the_dialog(
    sqlite_store: Store, noted_run: str, tmp_path: Path
) -> None:
    with terminal_with(sqlite_store, tmp_path, "no-such-editor") as terminal:
        terminal.press("ctrl+e")
        terminal.wait_for("The editor no-such-editor does not start")
        terminal.wait_for("Before,")


async def test_where_the_terminal_cannot_be_lent_the_dialog_says_so(
    sqlite_store: Store, noted_run: str, state_dir: Path
) -> None:
    async with story(sqlite_store, state_dir) as person:
        await person.sees("deep")
        await person.press("e")
        await person.sees("Edit deep")
        await person.press("ctrl+e")
        await person.sees("This terminal cannot be given to an editor", "Before,")
