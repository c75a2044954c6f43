"""Filtering runs: what is loaded as one types, what the server has on enter."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual.widgets import Input

from mlops_tui.domain.store import Store
from mlops_tui.services.experiments import run_reading
from mlops_tui.tui.experiments.runs_pane import RunsPane
from mlops_tui.tui.kit.control_screen import ControlScreen
from mlops_tui.tui.kit.table import Table
from mlops_tui.tui.kit.workers import is_working
from tests.making import make_experiment, make_run
from tests.tui.story import Story, story


def rows(person: Story) -> tuple[str, ...]:
    return tuple(person.app.screen.query_one("#runs", Table).keys)


async def test_a_half_typed_filter_keeps_the_last_good_rows_telling_why(
    sqlite_store: Store, state_dir: Path, three_runs: dict[str, str]
) -> None:
    async with story(sqlite_store, state_dir) as person:
        await person.sees("deep")
        await person.press("slash")
        await person.type("depth>4")
        await person.sees("2 of 3 loaded")
        await person.type(" |")
        await person.sees("✗ Something is missing after |.")
        assert rows(person) == (three_runs["deep"], three_runs["middling"])
        await person.press("enter")
        await person.sees("✗ Something is missing after |.")
        await person.type(" name:shal")
        await person.sees("3 loaded")
        await person.sees_no("Something is missing")
        assert len(rows(person)) == 3
        await person.press("enter")
        await person.sees("filter: depth>4 | name:shal")
        assert person.app.screen.query_one("#runs").has_focus
        await person.press("slash")
        await person.type(" /[a-/")
        await person.sees("✗ The expression [a- is not right")
        assert len(rows(person)) == 3
        await person.press("ctrl+u")
        await person.type("dpeth>4")
        await person.sees("No loaded run matches the filter: none has dpeth.")
        await person.press("enter")
        await person.sees("0 of 3 loaded", "filter: dpeth>4")
        await person.press("escape")
        await person.sees_no("filter: dpeth>4")
        assert len(rows(person)) == 3


async def test_tab_takes_the_key_then_the_value_that_is_offered(
    sqlite_store: Store, state_dir: Path
) -> None:
    experiment = make_experiment(sqlite_store, "Flowers")
    adam = make_run(sqlite_store, experiment, name="one", params={"optimizer": "adam"})
    make_run(sqlite_store, experiment, name="two", params={"optimizer": "sgd", "option": "x"})
    async with story(sqlite_store, state_dir) as person:
        await person.sees("one", "two")
        await person.press("slash")
        await person.type("-op")
        await person.sees("tab ⇥ optimizer  option")
        await person.press("tab")
        assert person.app.screen.query_one("FilterBar Input", Input).value == "-optimizer"
        await person.type("=s")
        await person.sees("tab ⇥ sgd")
        await person.until(lambda: "=sgd" in person.screen, "the completion behind the cursor")
        await person.press("right")
        assert person.app.screen.query_one("FilterBar Input", Input).value == "-optimizer=sgd"
        await person.sees("1 of 2 loaded")
        assert rows(person) == (adam,)
        await person.press("tab")
        assert person.app.screen.query_one("FilterBar Input", Input).has_focus


async def test_the_server_is_asked_in_the_same_language(
    sqlite_store: Store, state_dir: Path, three_runs: dict[str, str]
) -> None:
    async with story(sqlite_store, state_dir) as person:
        await person.sees("deep")
        await person.press("f")
        await person.type("accuracy>0.85 | depth=2")
        await person.press("enter")
        await person.sees("query: accuracy>0.85 | depth=2", "2 loaded")
        assert rows(person) == (three_runs["middling"], three_runs["shallow"])
        await person.sees_no("tested here")
        await person.press("f", "escape")
        await person.sees("3 loaded")


async def test_what_the_server_cannot_do_is_done_here_but_not_in_silence(
    sqlite_store: Store, state_dir: Path, three_runs: dict[str, str]
) -> None:
    async with story(sqlite_store, state_dir) as person:
        await person.sees("deep")
        await person.press("f")
        await person.type("name~^(deep)|low$")
        await person.press("enter")
        await person.sees("2 loaded · 3 tested here by name~^(deep)|low$")
        assert rows(person) == (three_runs["deep"], three_runs["shallow"])


async def test_a_wrong_filter_for_the_server_keeps_rows_with_text(
    sqlite_store: Store, state_dir: Path, three_runs: dict[str, str]
) -> None:
    async with story(sqlite_store, state_dir) as person:
        await person.sees("deep")
        await person.press("f")
        await person.type("status=fine")
        await person.press("enter")
        await person.sees("✗ No run has the status fine.")
        assert len(rows(person)) == 3
        assert person.app.screen.query_one("FilterBar Input", Input).value == "status=fine"


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Let the answer to a query wait until this is set."""
    is_answered, ask = asyncio.Event(), ControlScreen.ask

    async def ask_slowly(
        screen: ControlScreen, function: Callable[..., Any], *args: Any, **kwargs: Any
    ) -> Any:
        if function is run_reading.refresh and args[1].query:
            await is_answered.wait()
        return await ask(screen, function, *args, **kwargs)

    monkeypatch.setattr(ControlScreen, "ask", ask_slowly)
    return is_answered


async def test_escape_cancels_a_query_that_is_running(
    sqlite_store: Store, state_dir: Path, three_runs: dict[str, str], answers: asyncio.Event
) -> None:
    async with story(sqlite_store, state_dir) as person:
        await person.sees("deep")
        await person.press("f")
        await person.type("depth=2")
        await person.press("enter", "escape")
        answers.set()
        pane = person.app.screen.query_one(RunsPane)
        await person.until(lambda: not is_working(pane, "query"), "an end of the query")
        assert not pane.run_list.server_filter
        assert person.app.screen.query_one("#runs").has_focus
        assert len(rows(person)) == 3


async def test_the_answer_to_a_query_leaves_the_focus_where_it_went(
    sqlite_store: Store, state_dir: Path, three_runs: dict[str, str], answers: asyncio.Event
) -> None:
    async with story(sqlite_store, state_dir) as person:
        await person.sees("deep")
        await person.press("f")
        await person.type("depth=2")
        await person.press("enter")
        experiments = person.app.screen.query_one("#experiments")
        experiments.focus()
        await person.press("slash")
        await person.type("low")
        answers.set()
        await person.sees("query: depth=2")
        field = person.app.screen.query_one("FilterBar Input", Input)
        assert (field.value, field.has_focus) == ("low", True)
