"""A sweep from the keyboard, to the run of its best trial."""

from pathlib import Path

import pytest
from textual.widgets import Input

from mlops_tui.domain.processes.process import ProcessState
from mlops_tui.domain.store import Store
from mlops_tui.services.jobs import jobs
from tests import detached
from tests.tui.story import Story, story

PROGRAM = """
import argparse
p = argparse.ArgumentParser()
p.add_argument("--rate", type=float, default=0.1, help="[red]how fast")
if __name__ == "__main__":
    rate = p.parse_args().rate
    if rate == 3:
        raise SystemExit("[bold]too fast")
    import mlflow
    with mlflow.start_run(run_name=f"rate {rate}"):
        mlflow.log_metric("score", rate)
"""


async def retype(person: Story, text: str) -> None:
    await person.press("end", *["backspace"] * 8)
    await person.type(text)


async def fill_in(person: Story) -> None:
    """Fill in a grid of three trials, two at once, of which one fails."""
    await person.press("w")
    await person.sees("What to launch", "learn.py")
    await person.type("learn.py")
    await person.press("enter")
    await person.sees("New sweep: learn.py", "[red]how fast")
    await person.press("ctrl+s")
    await person.sees("✗ metric: needs a value")
    await person.type("score")
    await person.sees("No parameter has more than one value")
    await person.press("shift+tab")
    await retype(person, "1,2,x")
    await person.sees("✗ a number")
    await retype(person, "1,3,2")
    await person.press("tab", "tab", "tab", "tab", "tab")
    await retype(person, "2")
    await person.sees("20 trials, 2 at once: random search for the greatest score")
    await person.press("shift+tab", "shift+tab", "enter", "up", "enter")
    await person.sees("3 trials, 2 at once: grid search")
    await person.sees("mlops-tui sweep learn.py -P rate=1,3,2 --metric score --method grid")
    await person.press("ctrl+s")


async def look_round(person: Story) -> None:
    """Go from the trials of the sweep to all that is known of them."""
    await person.press("x")
    await person.sees("The sweep is not running")
    await person.press("s", "home", "enter")
    await person.sees("rate 2.0", "status")
    await person.press("escape", "v")
    await person.sees("best_score", "sweep of learn.py")
    await person.press("escape", "c")
    await person.sees("Make the 1 of 3 trials that are not done, failed ones too?")
    await person.press("escape", "C")
    await person.sees("Parallel", "Importance")
    await person.press("escape", "o")
    await person.sees("Best of 3; 1 failed: trial 2 with score 2: rate=2.0")
    await person.press("escape", "escape")
    await person.sees("sweep learn.py")
    await complete_the_metric(person)
    await person.press("y")
    await person.sees("Copied", "MLFLOW_TRACKING_URI=")
    await person.press("a")
    await person.sees("New sweep: learn.py", "1,3,2", "≠ default 0.1")


async def complete_the_metric(person: Story) -> None:
    """Take the metric that the runs before have logged."""
    await person.press("w")
    await person.sees("What to launch", "learn.py")
    await person.type("learn.py")
    await person.press("enter")
    await person.sees("New sweep: learn.py")
    await person.press("tab")
    await retype(person, "sc")
    await person.sees("score")
    await person.press("right")
    field = person.app.screen.query_one("#how Input", Input)
    await person.until(lambda: field.value == "score", "completed")
    await person.press("escape")


def newest(state_dir: Path) -> ProcessState:
    return jobs.list_jobs(state_dir)[0].state


@pytest.mark.slow
async def test_a_sweep_is_filled_in_watched_its_best_trial_opened(
    sqlite_store: Store, state_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = tmp_path / "work"
    work.mkdir()
    (work / "learn.py").write_text(PROGRAM)
    with detached.nothing_left_behind():
        async with story(sqlite_store, state_dir, size=(100, 30)) as person:
            monkeypatch.chdir(work)
            await person.press("2", "c")
            await person.sees("Only a sweep that has ended can be continued")
            await fill_in(person)
            await person.sees("sweep of learn.py", "sweep learn.py")
            await person.press("enter")
            await person.sees("Best so far")
            await person.until(lambda: newest(state_dir) is ProcessState.FINISHED, "finished")
            await person.sees("sweep of learn.py finished.")
            await person.sees("★ score 2: rate=2.0 (trial 2); 2 of 3 done, 1 failed")
            await person.sees("exit code 1: [bold]too fast")
            await look_round(person)
