"""``mlops-tui score``."""

import json
import shlex
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from mlops_tui.cli.parser import parse
from mlops_tui.cli.score import request_of
from mlops_tui.domain.batch.scoring import ScoringRequest
from tests.cli.conftest import Command

REQUEST = ScoringRequest("models:/[b]a/1", ("my rows.csv",), "out.csv", Path())
RESOURCES = {"partition": "short", "cpus": "2", "time_limit": "2:00:00"}


@pytest.fixture
def score(program: Command, tmp_path: Path) -> Command:
    """Return what runs the sub-command on a logged model, in a folder with rows."""
    (tmp_path / "rows.csv").write_text("length,width\n1,0\n3,2\nx,1\n")
    return partial(program, "score")


def test_wrong_use_is_told_in_a_sentence(score: Command) -> None:
    for words, code, sentence in (
        (("rows.csv", "-o", "out.xls"), 2, "must end in .parquet or .csv"),
        (("rows.csv", "-o", "out.csv", "--max-bad-share", "2"), 2, "not 0 to 1"),
        (("rows.csv", "-o", "rows.csv"), 1, "rows.csv exists"),
        (("none*.csv", "-o", "out.csv"), 1, "there is no such file"),
        (("rows.csv", "-o", "out.csv", "--read-only"), 2, "read-only"),
    ):
        done = score(*words)
        assert (done.returncode, sentence in done.stderr) == (code, True), done


@pytest.mark.parametrize(
    "request_",
    [
        REQUEST,
        REQUEST.on("Slurm", {}),
        replace(REQUEST, with_inputs=True, batch_rows=5, max_bad_share=0.4).on("Slurm", RESOURCES),
        replace(REQUEST, engine="spark", master="local[2]").on("Slurm", RESOURCES),
    ],
)
def test_the_command_of_a_request_asks_for_the_same(request_: ScoringRequest) -> None:
    _, *words = shlex.split(request_.command())
    assert request_of(parse(words)) == replace(request_, folder=Path.cwd())


@pytest.mark.process
@pytest.mark.slow
def test_scores_are_written_or_the_reason_is_told_with_exit_code_1(
    score: Command, tmp_path: Path
) -> None:
    failed = score("rows.csv", "-o", "out.csv")
    assert failed.returncode == 1
    assert "'x' is no double" in failed.stderr
    assert not (tmp_path / "out.csv").exists()
    done = score("rows.csv", "-o", "out.csv", "--max-bad-share", "0.4", "--with-inputs", "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["rows"], told["bad_rows"]) == (3, 1)
    assert told["output"] == str(tmp_path / "out.csv")
    assert "3 rows, 1 of them failed" in done.stderr
    header, *lines = (tmp_path / "out.csv").read_text().splitlines()
    assert header == '"length","width","prediction"'
    assert len(lines) == 3
