"""Takes the pictures of the README from the real app: the whole loop, on a real store."""

import asyncio
import os
import shutil
import sys
import tempfile
from pathlib import Path

import pandas as pd
from sklearn.datasets import make_classification
from sklearn.model_selection import train_test_split

from mlops_tui.domain.models.stage import Stage
from mlops_tui.domain.processes.process import ProcessKind, ProcessState
from mlops_tui.domain.serving.model_server import ServerState
from mlops_tui.domain.store import Store
from mlops_tui.recipes import synthetic_forest
from mlops_tui.services.gate import gate_rules
from mlops_tui.services.jobs import jobs
from mlops_tui.services.launchers import processes
from mlops_tui.services.models import registry
from mlops_tui.services.serving import servers
from mlops_tui.services.store.store import prepare_environment
from screenshots.picture import draw
from tests.tui.story import Story, story

HERE = Path(__file__).parent
WIDE, NARROW = (120, 30), (80, 24)
MODEL = "IrisClassifierRF"
RULES = """
[[rule]]
metric = "accuracy"
min = 0.9

[[rule]]
evaluate = "f1_macro"
data = "holdout.csv"
target = "label"
better_by = 0.001

[[rule]]
signature = "champion"

[[rule]]
example = true

[[rule]]
p95_ms = 500

[[rule]]
max_size_mb = 20
"""
DEPTHS = {"RandomForest_Run_1": "5", "RandomForest_Run_2": "12", "RandomForest_Run_3": "3"}
"""The names of the runs with how deep their trees may grow."""

NEUTRAL = dict.fromkeys(("USER", "LOGNAME", "LNAME", "USERNAME"), "demo")
"""Where MLflow may find the name of the person: a picture shows nobody's."""

LINK = Path(tempfile.gettempdir()) / "mlops-tui"


def save(person: Story, name: str) -> None:
    """Write the screen as a picture, unless it names a folder of this machine."""
    ours = (str(HERE.resolve().parent), str(Path.home()))
    if any(folder in person.screen for folder in ours):
        sys.exit(f"{name} would show a folder of this machine:\n{person.screen}")
    draw(person.app.screen._compositor.render_strips(), HERE / f"{name}.png")  # noqa: SLF001 - Textual's own picture is an SVG, which needs the viewer's fonts


async def quiet(person: Story) -> None:
    """Wait until the toasts are gone."""
    person.app.clear_notifications()
    await person.pilot.pause(0.5)


def states(state_dir: Path) -> list[ProcessState]:
    return [job.state for job in jobs.list_jobs(state_dir)]


async def launch(person: Story, run_name: str, depth: str) -> None:
    """Fill the form in; start the job."""
    await person.press("n")
    await person.sees("What to launch")
    await person.type("synthetic")
    await person.sees("Random forest on synthetic data")
    await person.press("enter")
    await person.sees("max_depth", "^s Launch")
    await person.press("tab")
    await person.type(run_name)
    await person.press(*["tab"] * 7)
    await person.type(depth)
    if run_name.endswith("1"):
        save(person, "new-job")
    await person.press("ctrl+s")
    await person.sees(run_name)


async def train(person: Story, state_dir: Path) -> None:
    """Launch three jobs, the last one watched while it trains."""
    await person.press("F")
    await person.sees("Feed")
    await person.press("escape", "2")
    for number, (run_name, depth) in enumerate(DEPTHS.items()):
        await launch(person, run_name, depth)
        if run_name != list(DEPTHS)[-1]:
            done = [ProcessState.FINISHED] * (number + 1)
            await person.until(lambda done=done: states(state_dir) == done, "finished")  # type: ignore[misc]
    await person.press("home")
    await person.sees("50 trees")
    await quiet(person)
    save(person, "training")
    await person.until(lambda: states(state_dir) == [ProcessState.FINISHED] * 3, "finished")


async def browse(person: Story) -> None:
    """Look at the runs, then at one of them."""
    await person.press("1")
    await person.sees("0.905", "3 loaded")
    await quiet(person)
    save(person, "experiments")
    await person.press("F")
    await person.sees("unread", "RandomForest_Run_3")
    await quiet(person)
    save(person, "feed")
    await person.press("escape")
    await person.sees("3 loaded")
    await person.press("enter")
    await person.sees("Overview", "run id")
    await person.press("right_square_bracket", "right_square_bracket")
    await person.sees("step")
    await quiet(person)
    save(person, "run")
    await person.press("escape")
    await person.sees("3 loaded")
    await person.press("A", "C")
    await person.sees("Differences")
    await quiet(person)
    save(person, "compare")
    await person.press("escape", "M")


async def register(person: Story, store: Store) -> None:
    """Register two runs, promote the first version, look at the transition of the second."""
    for number, run_name in (("1", "RandomForest_Run_3"), ("2", "RandomForest_Run_2")):
        await person.press("1", "home" if number == "1" else "down")
        await person.press("R")
        await person.sees(f"Register a model of {run_name}")
        await person.type(MODEL)
        await person.press("enter")
        await person.sees("Go there?")
        await person.press("enter")
        await person.sees(f"models:/{MODEL}/{number}")
        if number == "1":
            await promote(person, store)
    await quiet(person)
    save(person, "models")
    await check(person, store)
    await person.press("t", "p")
    await person.sees("→ Archived", "Gate: v2 passed")
    await quiet(person)
    save(person, "transition")
    await person.press("enter")
    await person.sees("Production", "Archived")
    await person.press("H")
    await person.sees("History of", "gate of Production for v2: passed")
    await quiet(person)
    save(person, "history")
    await person.press("escape")
    await person.sees_no("History of")


async def check(person: Story, store: Store) -> None:
    """Give Production a gate; check the second version against the first."""
    folder = Path(tempfile.gettempdir()) / "mlops-demo"
    given = {each.name: each.default for each in synthetic_forest.RECIPE.parameters}
    names = ("n_samples", "n_features", "n_informative", "n_redundant", "random_state")
    X, y = make_classification(**{name: given[name] for name in names})  # noqa: N806 - the matrix
    rows = pd.DataFrame(X, columns=[f"f{number}" for number in range(X.shape[1])]).assign(label=y)
    held_out = train_test_split(rows, test_size=0.2, random_state=given["random_state"])
    held_out[1].to_csv(folder / "holdout.csv", index=False)
    gate_rules.write_rules(store, MODEL, Stage.PRODUCTION, RULES, "")
    os.chdir(folder)
    await person.press("V")
    await person.sees("Gate of", "v2 has not been checked")
    await person.press("r")
    await person.sees("v2 passed against v1")
    await person.press("down")
    await quiet(person)
    save(person, "gate")
    await person.press("escape")
    await person.sees_no("Gate of")


async def promote(person: Story, store: Store) -> None:
    """Move the version to Production, give it an alias."""
    await person.press("t", "p", "enter")
    await person.until(
        lambda: registry.list_versions(store, MODEL)[0].stage == "Production", "moved"
    )
    await person.press("a")
    await person.sees("Set an alias")
    await person.type("champion")
    await person.press("enter")
    await person.sees("@champion")


async def serve(person: Story, state_dir: Path) -> None:
    """Serve the version in Production, ask it."""
    await person.press("s")
    await person.sees("mlflow models serve")
    await person.press("enter")
    await person.until(
        lambda: [s.state for s in servers.list_servers(state_dir)] == [ServerState.READY], "ready"
    )
    await person.sees("ready")
    await person.press("c")
    await person.sees("Capture of")
    await person.type("1")
    await person.press("enter")
    await person.sees("100% of requests")
    await person.press("enter", "ctrl+s")
    await person.sees("prediction", "1 kept")
    await quiet(person)
    save(person, "serving")
    await person.press("escape", "x")
    await person.sees("Stop serving")
    await person.press("enter")
    await person.sees("stopped")


async def monitor(person: Story) -> None:
    """Monitor the version on files whose rows move away from the hold-out, day by day."""
    folder = Path(tempfile.gettempdir()) / "mlops-demo"
    (folder / "incoming").mkdir()
    rows = pd.read_csv(folder / "holdout.csv")
    for day in range(1, 6):
        moved = rows.sample(frac=0.8, random_state=day)
        moved["f0"] += 0.8 * rows["f0"].std() * max(0, day - 3)
        moved.to_csv(folder / "incoming" / f"day{day}.csv", index=False)
    await person.press("3")
    await person.sees(f"models:/{MODEL}/2")
    await person.press("w")
    await person.sees("Set up a monitor")
    await person.press("tab")
    await person.type("incoming")
    await person.press("tab", "tab", "tab")
    await person.type("holdout.csv")
    await person.press("enter")
    await person.sees("chunk 5 of 5", "drifted since chunk 4")
    await person.press("enter", "down")
    await quiet(person)
    save(person, "monitoring")
    await person.press("x")
    await person.sees("Stop the monitor")
    await person.press("enter")
    await person.sees("stopped")


async def show_data(person: Story) -> None:
    """Look at the versions of the data that were trained on, with their runs and models."""
    await person.press("6")
    await person.sees("Data set (")
    await person.press("down", "enter")
    await person.sees("Version (2", "Run (", MODEL)
    await quiet(person)
    save(person, "data")


async def close_the_loop(person: Story) -> None:
    """Let the demo tell its story, up to where a person is asked."""
    await person.press("0")
    await person.sees("S tells the story of the demo")
    await person.press("S")
    await person.sees("v1 ✓")
    await person.sees("allow v2 into Production")
    await quiet(person)
    save(person, "loop")


def stop_all(state_dir: Path) -> None:
    """Stop endpoint, monitor and client of the story."""
    for kind in ProcessKind:
        for record in processes.list_processes(state_dir, kind):
            if record.state.is_active:
                processes.stop(state_dir, kind, record.process_id)


def leave_for(link: Path) -> None:
    """Run again by way of a link: commands in the pictures then name no place of this machine."""
    if Path(__file__).is_relative_to(link):
        return
    link.unlink(missing_ok=True)
    link.symlink_to(HERE.parent)
    python = link / Path(sys.executable).relative_to(HERE.parent)
    environ = {**os.environ, "PYTHONPATH": str(link)}
    os.execve(python, [str(python), "-P", "-m", "screenshots"], environ)  # noqa: S606 - no shell


async def main() -> None:
    """Go through the loop once, then look at a small terminal."""
    os.environ.update(NEUTRAL)
    prepare_environment()
    folder = Path(tempfile.gettempdir()) / "mlops-demo"
    shutil.rmtree(folder, ignore_errors=True)
    store, state_dir = Store(f"sqlite:///{folder}/mlflow.db"), folder / "state"
    folder.mkdir()
    async with story(store, state_dir, WIDE, python=sys.executable) as person:
        await train(person, state_dir)
        await browse(person)
        await register(person, store)
        await serve(person, state_dir)
        await monitor(person)
        await show_data(person)
    async with story(store, state_dir, NARROW) as person:
        await person.sees("4 loaded")
        save(person, "experiments-narrow")
    told = folder / "story"
    told.mkdir()
    store, state_dir = Store(f"sqlite:///{told}/mlflow.db"), told / "state"
    is_demo = {"tracking_uri": "demo"}
    async with story(store, state_dir, WIDE, python=sys.executable, sources=is_demo) as person:
        await close_the_loop(person)
    stop_all(state_dir)
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    leave_for(LINK)
    asyncio.run(main())
