"""Exporting a version, by key presses."""

from pathlib import Path

import pytest

from mlops_tui.domain.store import Store
from tests.tui.story import story


@pytest.mark.slow
async def test_a_version_is_exported_by_x_and_the_job_stands_on_training(
    sqlite_store: Store, flowers: str, state_dir: Path, tmp_path: Path
) -> None:
    (tmp_path / "rows.csv").write_text("length,width\n1,0\n3,2\n")
    (tmp_path / "b-Flowers-v1-bundle").mkdir()
    async with story(sqlite_store, state_dir, (80, 24)) as person:
        await person.press("3")
        await person.sees(f"{flowers}/1")
        await person.press("X")
        await person.sees("Export [b]Flowers v1", "an ONNX model in MLflow", "--to onnx")
        await person.press("down")
        await person.sees("that, and a folder that serves it")
        await person.press("down", "enter", "tab")
        await person.sees("--to bundle -o")
        await person.type("rows.csv")
        await person.press("enter")
        await person.sees("b-Flowers-v1-bundle exists")
        await person.sees("It was not started; what you typed is still here.")
        (tmp_path / "b-Flowers-v1-bundle").rmdir()
        await person.press("tab", "enter")
        await person.sees("export b-Flow", "finished", "Parity: 4 of 4 rows agree", "Bundle:")
    assert (tmp_path / "b-Flowers-v1-bundle" / "serve.py").exists()
