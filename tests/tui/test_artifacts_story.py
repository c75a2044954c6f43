"""The artifacts of a run: looked into, written to disk, read elsewhere."""

import os
import sys
from pathlib import Path

import pytest

from mlops_tui.domain.store import Store
from mlops_tui.services.store.store import client
from tests.making import make_experiment, make_run
from tests.terminal import Terminal
from tests.tui.story import Story, story

PAGER = "import sys; print('PAGING', open(sys.argv[1]).read(), flush=True); input()"

SLOW = """
import sys, time
if "mlops_tui.services.artifacts.artifact_fetcher" in sys.orig_argv:
    time.sleep(600)
"""
"""Lets the process that fetches take its time."""


@pytest.fixture
def run_with_files(sqlite_store: Store, tmp_path: Path) -> str:
    """Make a run with a file of every kind; return its id."""
    from PIL import Image

    run_id = make_run(sqlite_store, make_experiment(sqlite_store, "Flowers"), name="deep")
    folder = tmp_path / "made"
    folder.mkdir()
    (folder / "a.json").write_text(
        '{"accuracy":NaN,"rows":[[1,2],[3,4]],"name":"' + "x" * 80 + '"}'
    )
    (folder / "b.csv").write_text("id,[red]\x1b[31m\n7,\x1b[2Jmine\n8,\u202eother\n")
    (folder / "c.md").write_text("# Title\n\n* item &#x202e;[2J\n")
    Image.new("RGB", (64, 64), (255, 0, 0)).save(folder / "d.png")
    client(sqlite_store).log_artifacts(run_id, str(folder))
    return run_id


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Go to a working directory of the test's own."""
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


async def open_artifacts(person: Story) -> None:
    await person.sees("deep")
    await person.press("enter")
    await person.sees("Overview", "run id")
    await person.press(*["right_square_bracket"] * 4)
    await person.sees("a.json", "d.png")
    await person.press("g")


async def test_files_are_looked_into_by_their_kind(
    sqlite_store: Store, state_dir: Path, run_with_files: str
) -> None:
    async with story(sqlite_store, state_dir, size=(80, 24)) as person:
        await open_artifacts(person)
        await person.sees('"accuracy": NaN,', "[1, 2],")
        await person.press("j")
        await person.sees("2 rows, 2 columns", "id [red]", "mine", "·other")
        assert "\x1b" not in person.screen
        await person.press("enter")
        await person.sees_no("a.json")
        await person.press("down", "y")
        assert person.app.clipboard == f"runs:/{run_with_files}/b.csv"
        await person.press("escape")
        await person.sees("a.json")
        await person.press("j")
        await person.sees("Title", "item ·[2J")
        await person.press("j")
        await person.sees("PNG, 64 × 64 pixels", "▀" * 20)  # noqa: RUF001 - as it is shown
        narrow = person.screen.count("▀")
        await person.press("enter")
        await person.until(lambda: person.screen.count("▀") > narrow, "a larger picture")
        await person.press("escape", "escape")
        await person.sees("1 loaded")


async def test_a_file_is_written_to_disk_but_nothing_replaced(
    sqlite_store: Store, state_dir: Path, run_with_files: str, work: Path
) -> None:
    (work / "kept").write_text("mine")
    async with story(sqlite_store, state_dir) as person:
        await open_artifacts(person)
        await person.press("j", "w")
        await person.sees("Write b.csv to disk", "1 file", "nothing is replaced")
        await person.press("ctrl+y")
        assert f"artifact_uri='runs:/{run_with_files}/b.csv'" in person.app.clipboard
        await person.press("ctrl+u")
        await person.type("kept")
        await person.press("enter")
        await person.sees("another name")
        await person.press("ctrl+u")
        await person.type("new.csv")
        await person.press("enter")
        await person.sees("Wrote 1 file")
    assert (work / "new.csv").read_text().startswith("id,")
    assert (work / "kept").read_text() == "mine"


async def test_a_download_is_cancelled_with_nothing_left(
    sqlite_store: Store,
    state_dir: Path,
    run_with_files: str,
    work: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "sitecustomize.py").write_text(SLOW)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    async with story(sqlite_store, state_dir) as person:
        await open_artifacts(person)
        await person.press("w")
        await person.sees("1 file")
        await person.press("enter")
        await person.sees("asking the store, 0 B of 127 B")
        assert [name.partition("-")[0] for name in names_in(work)] == [".a.json.part"]
        await person.press("escape")
        await person.sees("Cancelled; nothing was written.")
    assert names_in(work) == []


async def test_where_the_terminal_cannot_be_lent_it_is_said(
    sqlite_store: Store, state_dir: Path, run_with_files: str
) -> None:
    async with story(sqlite_store, state_dir) as person:
        await open_artifacts(person)
        await person.press("p")
        await person.sees("This terminal cannot be given to a pager")
        await person.press("O")
        await person.sees("This terminal cannot be given to an editor")


def test_a_file_is_read_in_the_persons_own_pager(
    sqlite_store: Store, run_with_files: str, tmp_path: Path
) -> None:
    script = tmp_path / "my pager.py"
    script.write_text(PAGER)
    command = [sys.executable, "-m", "mlops_tui", "--tracking-uri", sqlite_store.tracking_uri]
    environ = {
        **os.environ,
        "PAGER": f"'{sys.executable}' '{script}'",
        "MLOPS_TUI_STATE_DIR": str(tmp_path / "state"),
    }
    with Terminal(command, columns=100, lines=30, environ=environ) as terminal:
        terminal.wait_for("deep")
        terminal.press("enter")
        terminal.wait_for("run id")
        for _ in range(4):
            terminal.type("]")
        terminal.wait_for("a.json")
        terminal.type("g")
        terminal.type("p")
        terminal.wait_for('PAGING {"accuracy":NaN')
        terminal.press("enter")
        terminal.wait_for("Artifacts")
        terminal.type("q")
        assert terminal.wait_exit() == 0


@pytest.mark.slow
async def test_what_cannot_be_listed_keeps_its_reason_and_what_was_measured_is_shown_by_data_set(
    sqlite_store: Store, state_dir: Path
) -> None:
    from mlflow.entities import LoggedModelOutput

    ensured = client(sqlite_store)
    experiment = ensured.create_experiment("Flowers", "s3://bucket/flowers")
    run_id = make_run(sqlite_store, experiment, name="deep", metrics={"accuracy": 0.9953})
    model = ensured.create_logged_model(experiment, "net", run_id)
    ensured.log_outputs(run_id, [LoggedModelOutput(model.model_id, 0)])
    ensured.log_metric(
        run_id,
        "accuracy",
        0.9441,
        model_id=model.model_id,
        dataset_name="held-out",
        dataset_digest="d",
    )
    async with story(sqlite_store, state_dir) as person:
        await person.sees("deep")
        await person.press("enter")
        await person.sees("Overview", "net on held-out", "0.9441")
        await person.press(*["right_square_bracket"] * 4)
        await person.sees("botocore is not installed", "pip install boto3")
        await person.press("j", "r")
        await person.sees("botocore is not installed")
        await person.press("right_square_bracket")
        await person.sees("held-out: accuracy 0.9441")
