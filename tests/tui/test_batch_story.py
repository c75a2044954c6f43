"""Scoring files with a version, by key presses."""

from pathlib import Path

import pytest

from mlops_tui.domain.store import Store
from tests.tui.story import story


@pytest.mark.slow
async def test_files_are_scored_by_b_and_the_job_stands_on_training(
    sqlite_store: Store, flowers: str, state_dir: Path, tmp_path: Path
) -> None:
    (tmp_path / "my rows.csv").write_text("length,width\n1,0\n3,2\n")
    async with story(sqlite_store, state_dir, (80, 24)) as person:
        await person.press("3")
        await person.sees(f"{flowers}/1")
        await person.press("b")
        await person.sees("Score files with [b]Flowers v1", "the answers alone")
        await person.press("enter")
        await person.sees("No input is named")
        await person.type("'none.csv'")
        await person.sees("mlops-tui score", "none.csv -o", "b-Flowers-v1-scores.parquet")
        await person.press("enter")
        await person.sees("there is no such file")
        await person.sees("It was not started; what you typed is still here.")
        await person.type("'my rows.csv'")
        await person.press("enter")
        await person.sees("score b-Flower", "finished", "rows scored")
    assert (tmp_path / "b-Flowers-v1-scores.parquet").exists()


@pytest.mark.slow
async def test_slurm_is_asked_for_resources_and_the_job_waits_there_until_it_is_stopped(
    sqlite_store: Store, flowers: str, state_dir: Path, slurm: Path
) -> None:
    async with story(sqlite_store, state_dir, (80, 24)) as person:
        await person.press("3")
        await person.sees(f"{flowers}/1")
        await person.press("b")
        await person.sees("runs_on this machine")
        await person.sees_no("partition")
        await person.type("rows.csv")
        await person.press(*["tab"] * 5, "enter", "down", "enter")
        await person.sees("runs_on Slurm", "b-Flowers-v1-scores.parquet --runs-on Slurm")
        await person.press("tab")
        await person.type("nowhere")
        await person.press("tab", "tab")
        await person.type("many")
        await person.press("enter")
        await person.sees("✗ cpus: a whole number.", "✗ a whole number")
        await person.press("home", "ctrl+k")
        await person.type("1")
        await person.sees("--runs-on Slurm --partition nowhere --cpus", "account")
        await person.press("enter")
        await person.sees("Slurm refused the job: Invalid partition name specified.")
        await person.sees("It was not started; what you typed is still here.")
        await person.sees("--partition nowhere --cpus")
        await person.press(*["tab"] * 6, "home", "ctrl+k")
        await person.type("closed")
        await person.press("enter")
        await person.sees("score b-Flower", "Waiting in Slurm: PartitionDown.")
        await person.press("x")
        await person.sees("Stop")
        await person.press("enter")
        await person.sees("stopped")


async def test_the_master_is_asked_for_where_spark_scores_and_no_share_of_bad_rows(
    sqlite_store: Store, flowers: str, state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLURM_CONF", "/none")
    async with story(sqlite_store, state_dir, (80, 24)) as person:
        await person.press("3")
        await person.sees(f"{flowers}/1")
        await person.press("b")
        await person.sees("one process, in bounded memory", "Share of rows that may fail")
        await person.sees_no("runs_on")
        await person.type("rows.csv")
        person.app.screen.query_one("#engine").focus()
        await person.press("enter", "down", "enter")
        await person.sees("Spark's master: local[4]", "--engine spark")
        await person.sees_no("Share of rows that may fail")
        person.app.screen.query_one("#master").focus()
        await person.press("home", "ctrl+k")
        await person.type("mesos")
        await person.press("enter")
        await person.sees("The master of Spark is mesos.", "spark://HOST:PORT")
        await person.press("home", "ctrl+k")
        await person.type("local")
        await person.sees("--engine spark --master local")
