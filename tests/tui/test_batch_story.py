"""Scoring files with a version, by key presses."""

from pathlib import Path

import pytest

from mlops_tui.domain.runs.run import LoggedModel
from mlops_tui.domain.store import Store
from mlops_tui.services.models import registration
from mlops_tui.services.runs import runs
from tests.tui.story import story


@pytest.mark.slow
async def test_files_are_scored_by_b_and_the_job_stands_on_training(
    sqlite_store: Store,
    modelled_run: str,
    state_dir: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (model,) = runs.get_run(sqlite_store, modelled_run).models
    assert isinstance(model, LoggedModel)
    registration.register(sqlite_store, name="[b]Flowers", model=model, run_id=modelled_run)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my rows.csv").write_text("length,width\n1,0\n3,2\n")
    async with story(sqlite_store, state_dir, (80, 24)) as person:
        await person.press("3")
        await person.sees("[b]Flowers/1")
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
