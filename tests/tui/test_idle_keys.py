"""A key that does nothing says why."""

import os
import signal
from pathlib import Path

import pytest

from mlops_tui.domain.store import Store
from mlops_tui.services.models import registration
from mlops_tui.services.store.store import client
from mlops_tui.services.worker.service_process import ServiceProcess
from mlops_tui.tui.artifacts.artifact_tree import ArtifactTree
from mlops_tui.tui.idle_keys import NO_SUCH_KEY
from mlops_tui.tui.kit import key_queue
from mlops_tui.tui.run.run_screen import RunScreen
from tests.making import erase_run, make_experiment, make_run
from tests.patience import PATIENCE
from tests.services.models.test_registry import ELSEWHERE
from tests.tui.story import Story, story


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for what a key does, however slow the machine is."""
    monkeypatch.setattr(key_queue, "MOST_PATIENCE", PATIENCE)


def offered(person: Story) -> set[str]:
    """Return what the footer names."""
    bindings = person.app.screen.active_bindings.values()
    return {each.binding.action for each in bindings if each.enabled and each.binding.show}


async def hears(person: Story, words: str) -> None:
    """Wait until a notice has the words, wherever its lines are broken."""
    await person.until(
        lambda: [each for each in person.app.notices if words in each], f"notice: {words}"
    )


async def test_a_key_says_where_it_works_or_why_it_does_not(
    sqlite_store: Store, state_dir: Path, three_runs: dict[str, str]
) -> None:
    async with story(sqlite_store, state_dir) as person:
        await person.sees("3 loaded")
        for keys, words in (
            ("t", "t does nothing here; it works in: Models (Stage)"),
            ("escape", "esc (Back): There is nothing to go back to."),
            ("x", "x (Settle): The run deep has already ended."),
            ("U", "U (Restore): The run deep is not deleted."),
            ("shift+tab T", "T (Tags): That is about runs; tab goes to them."),
            ("space", "space (Mark): Rows of this list cannot be marked."),
            ("2 F", "F does nothing here; it works in: Experiments (Feed)"),
            ("enter", "enter (Open): There is no row under the cursor."),
        ):
            await person.press(*keys.split())
            await hears(person, words)
        await person.press("1", "Q", "W")
        await hears(person, NO_SUCH_KEY)
        assert [n.message for n in person.app._notifications].count(NO_SUCH_KEY) == 1
        person.app.clear_notifications()
        await person.press("slash", "Q", "W", "escape")
        assert not [n for n in person.app._notifications if n.message == NO_SUCH_KEY]
        await person.press("tab", "D")
        await person.sees("Delete deep")
        await person.press("2")
        await hears(person, "2 does nothing here: ")


async def test_a_question_says_how_it_is_answered(sqlite_store: Store, state_dir: Path) -> None:
    from mlops_tui.tui.kit.confirm import ConfirmDialog

    async with story(sqlite_store, state_dir) as person:
        await person.sees("Default")
        person.app.push_screen(ConfirmDialog("Replace the file?", "It is there already."))
        await person.sees("Replace the file?")
        await person.press("y")
        await hears(person, "y (Copy): Enter says yes, esc no.")
        assert "copy" not in offered(person)


async def test_marks_and_cursor_are_told_apart(
    sqlite_store: Store, state_dir: Path, three_runs: dict[str, str]
) -> None:
    make_run(sqlite_store, "1", name="going", status="RUNNING")
    async with story(sqlite_store, state_dir) as person:
        await person.sees("4 loaded")
        assert "settle" in offered(person)
        await person.press("down", "space", "down", "space", "g", "x")
        await hears(person, "The 2 marked runs have already ended; M clears the marks.")
        assert "settle" not in offered(person)
        await person.press("R")
        await hears(person, "Only one run can be registered at a time: 2 are marked; M clears")
        await person.press("a")
        await hears(person, "Only one run can be launched again: 2 are marked; M clears the marks.")
        await person.press("D")
        await person.sees("Delete 2 runs (marked)")
        await person.press("escape", "M", "D")
        await person.sees("Delete going", "1 still RUNNING")
        assert "(marked)" not in person.screen


@pytest.mark.parametrize("read_only", [True, False])
async def test_the_page_of_a_run_offers_what_works_there(
    sqlite_store: Store, state_dir: Path, modelled_run: str, read_only: bool
) -> None:
    make_run(sqlite_store, name="going", status="RUNNING")
    async with story(sqlite_store, state_dir, read_only=read_only) as person:
        await person.sees("going")
        await person.press("enter")
        await person.until(lambda: isinstance(person.app.screen, RunScreen), "the run")
        await person.sees("RUNNING")
        writes = {"settle", "attach"} if not read_only else set()
        assert offered(person) & {"settle", "attach", "register"} == writes
        await person.press("R")
        why = "Read-only mode changes nothing" if read_only else "has logged no model to register"
        await hears(person, why)


async def test_a_model_of_a_run_and_a_version_are_opened(
    sqlite_store: Store, state_dir: Path, modelled_run: str
) -> None:
    from mlops_tui.services.runs.runs import get_run

    (model,) = get_run(sqlite_store, modelled_run).models
    registration.register(sqlite_store, name="iris", model=model, run_id=modelled_run)
    registration.register(sqlite_store, name="foreign", model=ELSEWHERE, run_id="")
    async with story(sqlite_store, state_dir) as person:
        await person.sees("1 loaded")
        await person.press("enter")
        await person.sees("FINISHED")
        await person.press(*["right_square_bracket"] * 5)
        await person.sees(model.name, "models:/m-")
        await person.press("enter")
        await person.sees("MLmodel")
        assert person.app.screen.query_one(ArtifactTree).has_focus
        await person.press("3")
        await person.sees("iris", "models:/foreign/1")
        await person.press("enter")
        await hears(person, "names no run, so its files are not known here")
        await person.press("shift+tab", "down", "tab")
        await person.until(lambda: person.app.screen.chosen == "iris", "iris")  # type: ignore[attr-defined]
        await person.sees(modelled_run[:8])
        await person.press("enter")
        await person.sees("MLmodel")


async def test_a_list_that_is_still_read_does_not_say_that_it_is_empty(
    sqlite_store: Store, state_dir: Path
) -> None:
    for name in ("m0", "m1"):
        registration.register(sqlite_store, name=name, model=ELSEWHERE, run_id="")
    async with story(sqlite_store, state_dir, services=ServiceProcess) as person:
        await person.press("3")
        await person.sees("models:/m0/1")
        pid = person.app.backend._process.pid
        os.kill(pid, signal.SIGSTOP)
        await person.press("shift+tab", "down")
        await person.sees("reading…")
        await person.press("tab", "slash")
        await person.type("v1")
        await person.sees("reading…")
        assert "No version" not in person.screen
        os.kill(pid, signal.SIGCONT)
        await person.sees("models:/m1/1")
        await person.sees_no("reading…")


async def test_of_marked_runs_that_are_gone_nothing_else_is_said(
    sqlite_store: Store, state_dir: Path
) -> None:
    experiment = make_experiment(sqlite_store, "Flowers")
    going = make_run(sqlite_store, experiment, name="going", status="RUNNING")
    binned = make_run(sqlite_store, experiment, name="binned")
    client(sqlite_store).delete_run(binned)
    async with story(sqlite_store, state_dir) as person:
        await person.sees("1 loaded")
        for name, run_id, list_key, key in (
            ("going", going, (), "x"),
            ("binned", binned, ("d",), "U"),
        ):
            await person.press(*list_key)
            await person.sees(name)
            await person.press("space")
            await person.sees("1 marked")
            erase_run(sqlite_store, run_id)
            await person.press(key)
            await hears(person, f"Gone from the store: {name}")
            await person.sees_no("1 marked")
            notices = person.app.notices
            assert not [each for each in notices if "ended" in each or "not deleted" in each]
