"""Scoring by a real Spark on this machine, beside the engine of one process."""

import json
import shutil
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from mlops_tui.services.model_programs.batch_program import spark_session
from mlops_tui.services.model_programs.batch_program.spark_engine import cause
from mlops_tui.services.model_programs.problem import Problem
from mlops_tui.services.store import store as stores
from tests.patience import PATIENCE
from tests.ports import free_port
from tests.services.batch.conftest import NAMES, Scoring, rows

MISSING = (
    "" if find_spec("pyspark") and shutil.which("java") else "pyspark or Java is not installed"
)
SPARK = {"engine": "spark", "master": "local[2]"}


@pytest.fixture
def small_tasks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Have Spark cut files into many tasks; end its Java afterwards."""
    (tmp_path / "conf").mkdir()
    settings = "spark.sql.files.maxPartitionBytes 30000\nspark.sql.files.openCostInBytes 0\n"
    (tmp_path / "conf" / "spark-defaults.conf").write_text(settings)
    monkeypatch.setenv("SPARK_CONF_DIR", str(tmp_path / "conf"))
    yield
    from pyspark import SparkContext

    gateway = SparkContext._gateway
    if gateway is not None:
        gateway.shutdown()
        gateway.proc.stdin.close()
        gateway.proc.wait(PATIENCE)
        SparkContext._gateway = SparkContext._jvm = None


@pytest.mark.process
@pytest.mark.slow
@pytest.mark.skipif(bool(MISSING), reason=f"{MISSING}; `make spark` does it.")
@pytest.mark.xdist_group("spark")
def test_spark_gives_the_output_and_the_record_of_one_process(
    scoring: Scoring, small_tasks: None
) -> None:
    frame = rows(3_000)
    frame[NAMES[0]] = frame[NAMES[0]].where(frame.index % 7 > 0, 2.0)
    folder = scoring.folder / "in [1] of 2"
    folder.mkdir()
    frame[:2_000].to_parquet(folder / "a.parquet", row_group_size=300)
    frame[2_000:2_500].to_csv(folder / "b.csv", index=False)
    text = frame[2_500:].to_json(orient="records", lines=True, double_precision=15)
    (folder / "c.jsonl").write_text(text)
    here = scoring("linear", folder.name, output="here.parquet", with_inputs=True)
    there = scoring("linear", folder.name, output="there.parquet", with_inputs=True, **SPARK)
    one, other = scoring.table("here.parquet"), scoring.table("there.parquet")
    assert other.schema == one.schema
    assert other["region"].to_pylist() == one["region"].to_pylist()
    for name in ("width", "length", "prediction"):
        assert other[name].to_pylist() == pytest.approx(one[name].to_pylist(), abs=1e-12)
    assert _record(scoring, there) == _record(scoring, here)
    assert not list(scoring.folder.glob("*.partial"))


def _record(scoring: Scoring, run_id: str) -> dict[str, Any]:
    """Return what a run says, but for its output's name and the engine."""
    made = stores.client(scoring.store).get_run(run_id)
    assert made.inputs is not None
    sets = {each.tags[0].value: each.dataset for each in made.inputs.dataset_inputs}
    return {
        "status": made.info.status,
        "metrics": made.data.metrics,
        "input": sets["batch input"].digest,
        "schemas": {key: json.loads(each.schema or "") for key, each in sets.items()},
        "params": sorted(made.data.params),
        "tags": sorted(made.data.tags),
        "models": [each.model_id for each in made.inputs.model_inputs],
    }


def test_what_is_missing_is_told_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spark_session, "find_spec", lambda _name: None)
    with pytest.raises(Problem, match=f"{sys.executable} -m pip install 'pyspark>=4'"):
        spark_session.refuse_missing()
    monkeypatch.setattr(spark_session, "find_spec", lambda _name: True)
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(Problem, match="Java 17 or newer, and there is none on PATH"):
        spark_session.refuse_missing()
    monkeypatch.setenv("JAVA_HOME", "/nowhere")
    with pytest.raises(Problem, match="JAVA_HOME=/nowhere"):
        spark_session.refuse_missing()


def test_a_master_that_is_stopped_is_told_at_once() -> None:
    port = free_port()
    with pytest.raises(Problem, match=rf"No Spark master answers at spark://127.0.0.1:{port}"):
        spark_session.refuse_silent(f"spark://127.0.0.1:{port}")


def test_spark_here_listens_on_this_machine_alone() -> None:
    for master in ("local[*]", "spark://127.0.0.1:7077"):
        options = spark_session.options(master, 100)
        assert options["spark.driver.bindAddress"] == "127.0.0.1"
        assert options["spark.ui.enabled"] == "false"
    assert "spark.driver.bindAddress" not in spark_session.options("spark://a:1,b:2", 100)


def test_the_cause_is_found_in_the_traces_of_two_languages() -> None:
    assert cause(Exception("x\n[USER_RAISED_EXCEPTION] a: 'b' is no int32 SQLSTATE: P0001")) == (
        "a: 'b' is no int32"
    )
    assert cause(Exception("from worker\nTraceback\n  at x\nmlflow.A.Error: no\n")) == "Error: no"
    java = (
        "An error occurred while calling o5.parquet.\n: org.apache.spark.SparkException: no\n"
        "Caused by: org.apache.spark.SparkException: [BAD.X] Malformed records: [5].\n\tat x\n"
        "Caused by: org.spark.E: [MALFORMED_CSV_RECORD] Malformed CSV record: 5,6 SQLSTATE: KD000"
    )
    assert cause(Exception(java)) == "Malformed CSV record: 5,6"
    assert cause(Exception("plain")) == "Exception: plain"
