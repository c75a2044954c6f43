"""What a request to score files says, and what it refuses."""

import shlex
from dataclasses import replace
from pathlib import Path

import pytest

from mlops_tui.domain.batch.scoring import ScoringRequest
from mlops_tui.domain.errors import InvalidInput

REQUEST = ScoringRequest("models:/a/1", ("rows.csv",), "out.parquet", Path("/data"))


def test_the_command_names_the_engine_where_it_is_not_the_usual_one() -> None:
    assert "--engine" not in REQUEST.command()
    asked = replace(REQUEST, engine="spark", master="local[2]")
    assert shlex.split(asked.command())[-4:] == ["--engine", "spark", "--master", "local[2]"]


@pytest.mark.parametrize(
    "master", ["local", "local[*]", "local[12]", "spark://a:7077", "spark://a:1,b:2"]
)
def test_masters_that_spark_takes(master: str) -> None:
    replace(REQUEST, engine="spark", master=master).check()


@pytest.mark.parametrize("master", ["", "local[0]", "local[*] x", "http://a:1", "spark://u:p@a:1"])
def test_other_masters_are_refused(master: str) -> None:
    with pytest.raises(InvalidInput, match="The master of Spark is"):
        replace(REQUEST, engine="spark", master=master).check()


def test_what_only_one_engine_has_is_refused_for_the_other() -> None:
    for change, sentence in (
        ({"engine": "dask"}, "not local or spark"),
        ({"master": "local[2]"}, "Only Spark has a master"),
        ({"engine": "spark", "max_bad_share": 0.5}, "the first row that fails ends the job"),
    ):
        with pytest.raises(InvalidInput, match=sentence):
            replace(REQUEST, **change).check()
