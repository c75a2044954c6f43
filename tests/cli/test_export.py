"""``mlops-tui export``."""

import json
from functools import partial
from pathlib import Path

import pytest

from tests.cli.conftest import Command


@pytest.fixture
def export(program: Command, tmp_path: Path) -> Command:
    """Return what runs the sub-command on a logged model, in a folder with another one."""
    (tmp_path / "there").mkdir()
    return partial(program, "export")


def test_wrong_use_is_told_in_a_sentence(export: Command) -> None:
    for words, code, sentence in (
        (("--to", "bundle"), 2, "No folder is named"),
        (("-o", "new"), 2, "-o is for --to bundle"),
        (("--to", "bundle", "-o", "there"), 1, "there exists"),
        (("--to", "bundle", "-o", "none/new"), 1, "There is no folder"),
        (("--register-as", "a/b"), 2, "no '/' or ':'"),
        (("--read-only",), 2, "read-only"),
    ):
        done = export(*words)
        assert (done.returncode, sentence in done.stderr) == (code, True), done


@pytest.mark.process
@pytest.mark.slow
def test_a_model_is_exported_or_the_reason_is_told_with_exit_code_1(
    export: Command, tmp_path: Path
) -> None:
    failed = export("--data", "none.csv")
    assert failed.returncode == 1
    assert "There is no file" in failed.stderr
    done = export("--json", "--to", "bundle", "-o", "new", "--register-as", "small-onnx")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["rows"], told["agreeing"], told["version"]) == (2, 2, "small-onnx/1")
    assert told["model_uri"].startswith("models:/m-")
    assert told["output"] == str(tmp_path / "new")
    assert "2 of 2 rows agree" in done.stderr
    assert (tmp_path / "new" / "Dockerfile").exists()
