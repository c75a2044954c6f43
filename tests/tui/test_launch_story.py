"""Launching a program of one's own, then again with a change."""

import json
from pathlib import Path

import pytest

from mlops_tui.domain.processes.process import ProcessState
from mlops_tui.domain.store import Store
from mlops_tui.services.jobs import jobs
from tests.making import make_run
from tests.tui.story import Story, story

PROGRAM = """
import argparse, json
p = argparse.ArgumentParser()
p.add_argument("--rate", type=float, default=0.1, help="[red]how fast")
p.add_argument("--fast", action="store_true")
p.add_argument("--token")
if __name__ == "__main__":
    print("got", json.dumps(vars(p.parse_args())))
"""


@pytest.fixture
def work(tmp_path: Path) -> Path:
    folder = tmp_path / "work"
    folder.mkdir()
    (folder / "learn.py").write_text(PROGRAM)
    return folder


def newest(state_dir: Path) -> ProcessState:
    return jobs.list_jobs(state_dir)[0].state


async def open_form(person: Story) -> None:
    await person.press("2", "n")
    await person.sees("What to launch", "learn.py")
    await person.type("learn.py")
    await person.press("enter")
    await person.sees("New training job: learn.py", "Fields read from argparse", "[red]how fast")


async def type_into(person: Story, name: str, text: str) -> None:
    for field in person.app.screen.query("Input"):
        if field.name == name:
            field.focus()
    await person.type(text)


async def retype(person: Story, text: str) -> None:
    await person.press("end", *["backspace"] * 6)
    await person.type(text)


@pytest.mark.slow
async def test_a_script_is_launched_from_its_form_then_again_with_a_change(
    sqlite_store: Store, state_dir: Path, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with story(sqlite_store, state_dir, size=(80, 24)) as person:
        monkeypatch.chdir(work)
        await open_form(person)
        await retype(person, "fast")
        await person.press("ctrl+s")
        await person.sees("✗ rate: a number")
        await retype(person, "0.5")
        await person.sees_no("✗ rate: a number")
        await person.sees("≠ default 0.1")
        await person.sees_command("--rate 0.5")
        await person.press("ctrl+s")
        await person.until(lambda: newest(state_dir) is ProcessState.FINISHED, "finished")
        await person.sees('"rate": 0.5')
        await person.press("a")
        await person.sees("New training job: learn.py")
        await retype(person, "0.7")
        await person.sees("≠ was 0.5")
        await person.press("enter")
        await person.until(lambda: len(jobs.list_jobs(state_dir)) == 2, "a second job")
        await person.until(lambda: newest(state_dir) is ProcessState.FINISHED, "finished")
        await person.sees('"rate": 0.7')


async def test_a_refused_launch_keeps_what_was_typed(
    sqlite_store: Store, state_dir: Path, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with story(sqlite_store, state_dir) as person:
        monkeypatch.chdir(work)
        await open_form(person)
        await type_into(person, "token", "tops3cret")
        await person.sees("•" * 9)
        await person.sees_command("'***'")
        await type_into(person, "variables", "NOT_SET")
        await person.press("ctrl+s")
        await person.sees(
            "NOT_SET is not set here", "what you typed is still here", "NOT_SET", "•" * 9
        )
        assert "tops3cret" not in person.screen
        await person.press("escape")
        await person.sees_no("New training job")
    assert jobs.list_jobs(state_dir) == ()


async def test_what_is_typed_is_launched_though_it_is_in_no_list(
    sqlite_store: Store,
    state_dir: Path,
    work: Path,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    (tmp_path / "elsewhere.py").write_text("import learn")
    async with story(sqlite_store, state_dir) as person:
        monkeypatch.chdir(work)
        await person.press("2", "n")
        await person.sees("What to launch", "learn.py")
        await person.type("magic")
        await person.press("enter")
        await person.sees("There is no magic to launch", "What to launch")
        await person.sees("learn.py")
        await person.type("-m learn")
        await person.press("enter")
        await person.sees("New training job: -m learn", "Fields read from argparse")


async def test_a_program_is_asked_with_help_where_its_text_says_nothing(
    sqlite_store: Store, state_dir: Path, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (work / "main.py").write_text("# __main__\n__import__('learn').p.parse_args()")
    async with story(sqlite_store, state_dir) as person:
        monkeypatch.chdir(work)
        await person.press("2", "n")
        await person.sees("main.py")
        await person.type("main.py")
        await person.press("enter")
        await person.sees("No parameters were found in its source")
        await person.press("ctrl+r")
        await person.sees("Fields read from --help", "rate")


async def test_a_run_is_made_again_from_where_it_is_shown(
    sqlite_store: Store, state_dir: Path, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tags = {"mlflow.source.name": str(work / "learn.py"), "mlflow.source.type": "LOCAL"}
    make_run(sqlite_store, params={"rate": "0.9", "other": 1}, tags=tags)
    async with story(sqlite_store, state_dir) as person:
        monkeypatch.chdir(work)
        await person.sees("1 loaded")
        await person.press("a")
        await person.sees("New training job: learn.py", "0.9", "No field for other")
        await person.press("ctrl+y")
        await person.until(lambda: "--rate 0.9" in person.app.clipboard, "the command copied")
        assert json.dumps("x") not in person.app.clipboard
        await person.press("ctrl+s")
        await person.until(lambda: jobs.list_jobs(state_dir), "a job")
        await person.sees("Program", "learn.py")
        await person.until(lambda: newest(state_dir) is ProcessState.FINISHED, "finished")


async def test_a_run_that_names_no_program_says_so(
    sqlite_store: Store, state_dir: Path, three_runs: dict[str, str]
) -> None:
    async with story(sqlite_store, state_dir) as person:
        await person.sees("3 loaded")
        await person.press("a")
        await person.sees("does not say which program made it")
        await person.press("2", "a")
        await person.sees("There is no job under the cursor")


COMMANDS = """
import argparse
p = argparse.ArgumentParser()
s = p.add_subparsers(dest="command", required=True)
s.add_parser("fit").add_argument("--rate", type=float, default=0.1)
s.add_parser("check").add_argument("--depth", type=int, default=3)
if __name__ == "__main__":
    print("got", vars(p.parse_args()))
"""


ONE_OF_MANY = "p.add_argument('--value-{0}', default='d{0}', help='number {0}')\n"
MANY = "import argparse\np = argparse.ArgumentParser()\n" + "".join(
    map(ONE_OF_MANY.format, range(90))
)


async def test_of_many_parameters_those_that_are_asked_for_are_shown(
    sqlite_store: Store, state_dir: Path, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (work / "many.py").write_text(MANY)
    async with story(sqlite_store, state_dir, size=(80, 24)) as person:
        monkeypatch.chdir(work)
        await person.press("2", "n")
        await person.sees("many.py")
        await person.type("many.py")
        await person.press("enter")
        await person.sees("New training job: many.py", "d0")
        await person.press("ctrl+f")
        await person.sees("Find a field", "number 0")
        await person.type("value_88")
        await person.press("enter")
        await person.sees("value_88: number 88", "d88", "49 more parameters: enter shows them")
        await person.type("x")
        await person.sees("≠ default d88")
        await person.sees_command("--value-88 x")
        await person.press("tab", "enter")
        await person.sees("value_40: number 40", "d41")


async def test_a_sub_command_is_chosen_before_its_parameters(
    sqlite_store: Store, state_dir: Path, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (work / "many.py").write_text(COMMANDS)
    async with story(sqlite_store, state_dir, size=(80, 24)) as person:
        monkeypatch.chdir(work)
        await person.press("2", "n")
        await person.sees("many.py")
        await person.type("many.py")
        await person.press("enter")
        await person.sees("New training job: many.py fit", "command", "rate")
        await person.press("enter", "down", "enter")
        await person.sees("New training job: many.py check", "depth")
        await person.sees_no("rate")
        await person.press("tab")
        await retype(person, "7")
        await person.sees_command("check --depth 7")
        await person.press("ctrl+s")
        await person.sees("'depth': 7")
        await person.press("a")
        await person.sees("New training job: many.py check", "7")
