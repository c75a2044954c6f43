"""Comparing runs, by their keys."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from mlops_tui.domain.store import Store
from mlops_tui.services.store.store import client
from mlops_tui.tui.compare import comparison_text
from mlops_tui.tui.experiments import experiment_view
from mlops_tui.tui.kit.table import Table
from tests.making import make_experiment, make_run
from tests.tui.story import Story, story

NEXT = "right_square_bracket"


@pytest.fixture
def working_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder."""
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@asynccontextmanager
async def comparing(store: Store, state_dir: Path) -> AsyncIterator[Story]:
    async with story(store, state_dir) as person:
        await person.sees("3 loaded")
        await person.press("C")
        await person.sees("Importance", "3 runs", "depth")
        yield person


async def test_runs_stand_beside_each_other_with_differences_and_deltas(
    sqlite_store: Store, state_dir: Path, three_runs: dict[str, str]
) -> None:
    client(sqlite_store).set_tag(three_runs["deep"], "team", "vision")
    async with comparing(sqlite_store, state_dir) as person:
        await person.sees("● deep", "▲ middling", "■ shallow", "rows · 3 runs", "✓ FINISHED")
        await person.until(lambda: "Open" not in person.screen.splitlines()[-1], "no chart")
        await person.press("enter")
        await person.sees("enter (Open): Only metrics and params have a chart.")
        person.app.screen.query_one("#comparison", Table).move_to("metric:accuracy")
        await person.until(lambda: "Open" in person.screen.splitlines()[-1], "a chart")
        await person.press("b")
        await person.sees("baseline: deep", "+0.1000", "-4")
        await person.press("d")
        await person.sees("differences only")
        await person.press("slash")
        await person.type("acc")
        await person.sees("1 of 8 rows")
        await person.press("enter", "w")
        await person.sees("Writes only the 1 of 8 rows that differ and pass the filter")
        await person.press("escape")
        await person.sees_no("Writes only")
        await person.press("escape")
        await person.press("escape")
        await person.sees("3 loaded")


async def test_curves_lie_over_each_other(
    sqlite_store: Store, state_dir: Path, three_runs: dict[str, str]
) -> None:
    async with comparing(sqlite_store, state_dir) as person:
        await person.press(NEXT)
        await person.sees("x: step", "accuracy  ● 0.8  ▲ 0.9  ■ 0.7")
        await person.press("right", "y")
        await person.sees("step 0")
        assert len(person.app.clipboard.splitlines()) == 3
        await person.press("left_square_bracket", "y")
        assert person.app.clipboard.startswith(f"|  | deep ({three_runs['deep'][:8]}) | middl")


async def test_a_row_is_looked_at_closer(
    sqlite_store: Store, state_dir: Path, three_runs: dict[str, str]
) -> None:
    client(sqlite_store).set_tag(three_runs["deep"], "team", "vision")
    async with comparing(sqlite_store, state_dir) as person:
        await person.press("home", "enter")
        await person.sees("Only metrics and params have a chart")
        await person.press("end", "up", "up", "enter")
        await person.sees("accuracy by depth  n=3")
        await person.press("left_square_bracket", "left_square_bracket", "down", "enter")
        await person.sees("x: step")


@asynccontextmanager
async def comparing_the_best(store: Store, state_dir: Path) -> AsyncIterator[Story]:
    """Compare the two best runs by accuracy."""
    async with story(store, state_dir) as person:
        await person.sees("3 loaded")
        await person.press("s")
        await person.sees("Sort by")
        await person.type("accuracy")
        await person.press("enter")
        await person.sees("accuracy▼")
        await person.press("C")
        await person.sees("Importance", "2 runs", "depth")
        yield person


async def test_scatter_lines_and_importance_look_at_the_metric_sorted_by_or_chosen(
    sqlite_store: Store,
    state_dir: Path,
    three_runs: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(experiment_view, "COMPARED", 2)
    for number, run_id in enumerate(three_runs.values()):
        client(sqlite_store).log_metric(run_id, "loss", 1.0 / (number + 1))
        client(sqlite_store).log_metric(run_id, "depth", 1.0)
    async with comparing_the_best(sqlite_store, state_dir) as person:
        await person.press(NEXT, NEXT)
        await person.sees("accuracy by param depth  n=2")
        await person.press("M")
        await person.sees("Which metric?")
        await person.press("enter")
        await person.sees("loss by param depth  n=2")
        await person.press(NEXT)
        await person.sees("param depth", "loss", "0.5")
        await person.press(NEXT)
        await person.sees("What loss depends on", "Over 3 runs that finished", "n=3", "best 9")


async def test_another_param_or_metric_lies_across_the_scatter(
    sqlite_store: Store,
    state_dir: Path,
    three_runs: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(comparison_text.DRAWN, "parallel-tab", 2)
    async with comparing(sqlite_store, state_dir) as person:
        await person.press(NEXT, NEXT)
        await person.sees("accuracy by depth  n=3")
        await person.press("X")
        await person.sees("What lies across?")
        await person.press("down", "enter")
        await person.sees("accuracy by accuracy")
        await person.press("X")
        await person.sees("What lies across?")
        await person.press("escape", NEXT)
        await person.sees("depth", "accuracy", "drawn: the first 2 of 3")


async def write_to(person: Story, name: str) -> None:
    await person.press("w")
    await person.sees("Write the comparison")
    await person.type(name)
    await person.press("enter")


@pytest.mark.parametrize("name", ["runs.md", "runs.json"])
async def test_a_comparison_is_written_but_nothing_is_replaced_unasked(
    sqlite_store: Store,
    state_dir: Path,
    three_runs: dict[str, str],
    working_dir: Path,
    name: str,
) -> None:
    path = working_dir / name
    async with comparing(sqlite_store, state_dir) as person:
        await write_to(person, name)
        await person.until(path.exists, "the file")
        text = path.read_text()
        assert text.startswith("|  | deep (" if name.endswith("md") else "[")
        path.write_text("mine")
        await write_to(person, name)
        await person.sees("is there already. Replace")
        await person.press("escape")
        await person.sees_no("Replace the file?")
        assert path.read_text() == "mine"
        await write_to(person, name)
        await person.sees("is there already. Replace")
        await person.press("enter")
        await person.until(lambda: path.read_text() == text, "the file replaced")


async def test_a_name_that_says_no_format_is_refused(
    sqlite_store: Store, state_dir: Path, three_runs: dict[str, str], working_dir: Path
) -> None:
    async with comparing(sqlite_store, state_dir) as person:
        await write_to(person, "runs.xls")
        await person.sees("must end in one of .csv, .json, .md")
        await person.press("escape")
        await person.sees_no("Write the comparison")
    assert not (working_dir / "runs.xls").exists()


async def test_a_comparison_is_written_as_csv_by_default(
    sqlite_store: Store,
    state_dir: Path,
    three_runs: dict[str, str],
    working_dir: Path,
) -> None:
    async with comparing(sqlite_store, state_dir) as person:
        await person.press("w")
        await person.sees("Write the comparison")
        await person.press("enter")
        await person.sees("Wrote ")
    assert "param,depth,9,5,2" in (working_dir / "comparison.csv").read_text().splitlines()


async def test_a_running_run_is_followed_while_it_is_compared(
    sqlite_store: Store, state_dir: Path
) -> None:
    experiment = make_experiment(sqlite_store, "Flowers")
    runs = [
        make_run(sqlite_store, experiment, name=name, metrics={"loss": [3.0, 2.0]}, status=status)
        for name, status in (("ended", "FINISHED"), ("running", "RUNNING"))
    ]
    async with story(sqlite_store, state_dir) as person:
        await person.sees("2 loaded")
        await person.press("C", NEXT)
        await person.sees("loss  ● 2  ▲ 2")
        client(sqlite_store).log_metric(runs[1], "loss", 0.125, step=2)
        await person.sees("loss  ● 0.125  ▲ 2")


async def test_runs_without_anything_in_common_say_so(sqlite_store: Store, state_dir: Path) -> None:
    experiment = make_experiment(sqlite_store, "Flowers")
    for name in ("one", "two"):
        make_run(sqlite_store, experiment, name=name)
    async with story(sqlite_store, state_dir) as person:
        await person.sees("2 loaded")
        await person.press("C")
        await person.sees("rows · 2 runs", "✓ FINISHED")
        await person.press(NEXT, NEXT)
        await person.sees("No param tells these runs apart")
        await person.press(NEXT, NEXT)
        await person.sees("These runs have no metric")


async def test_one_run_is_no_comparison(sqlite_store: Store, state_dir: Path) -> None:
    make_run(sqlite_store, make_experiment(sqlite_store, "Flowers"), name="alone")
    async with story(sqlite_store, state_dir) as person:
        await person.sees("1 loaded")
        await person.press("C")
        await person.sees("There are no two runs here to compare")
