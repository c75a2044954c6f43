"""Batch scoring as a job."""

import stat
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from mlops_tui.domain.batch.scoring import ScoringRequest
from mlops_tui.domain.errors import Conflict, InvalidInput, NotFound, ServiceError
from mlops_tui.domain.processes.process import ProcessState
from mlops_tui.domain.runs.run import LoggedModel
from mlops_tui.services.batch import batch_job
from mlops_tui.services.jobs import jobs
from mlops_tui.services.launchers import processes
from mlops_tui.services.models import registration, registry_changes
from mlops_tui.services.store import store as stores
from tests import detached
from tests.services.batch.conftest import Scoring


@pytest.fixture
def state_dir(tmp_path: Path) -> Iterator[Path]:
    with detached.nothing_left_behind():
        yield tmp_path / "state"


@pytest.fixture
def request_(scoring: Scoring) -> ScoringRequest:
    """Register ``picky`` twice, the first as champion; return a request for that."""
    model = LoggedModel("model", scoring.models.path("picky"), "", "READY", ())
    for _ in range(2):
        registration.register(scoring.store, name="luck", model=model, run_id="")
    registry_changes.set_alias(scoring.store, "luck", "champion", "1")
    scoring.write("rows.csv", "width\n1\n99\n")
    return ScoringRequest("models:/luck@champion", ("rows.csv",), "out.csv", scoring.folder)


def test_what_cannot_come_to_anything_is_refused_before_a_job_starts(
    scoring: Scoring, request_: ScoringRequest, state_dir: Path
) -> None:
    scoring.write("there.csv", "")
    for change, kind, sentence in (
        ({"output": "out.xls"}, InvalidInput, "must end in .parquet or .csv"),
        ({"output": "there.csv"}, ServiceError, "exists. Delete it"),
        ({"inputs": ("none.csv",)}, ServiceError, "there is no such file"),
        ({"inputs": ()}, InvalidInput, "No input is named"),
        ({"max_bad_share": float("nan")}, InvalidInput, "not 0 to 1"),
        ({"model_uri": "models:/luck/7"}, NotFound, "luck has no version 7"),
        ({"model_uri": "models:/luck@nobody"}, NotFound, "luck has no version nobody"),
        ({"model_uri": " "}, InvalidInput, "No model is named"),
    ):
        wrong = replace(request_, **change)
        with pytest.raises(kind, match=sentence):
            batch_job.launch_scoring(scoring.store, state_dir, sys.executable, wrong)
    assert jobs.list_jobs(state_dir) == ()


@pytest.mark.slow
def test_a_job_on_slurm_writes_what_one_on_this_machine_writes(
    scoring: Scoring, request_: ScoringRequest, state_dir: Path, slurm: Path
) -> None:
    resources = {"partition": "short", "cpus": "1", "memory": "500M", "time_limit": "5"}
    far = request_.on("Slurm", resources)
    record = batch_job.launch_scoring(scoring.store, state_dir, sys.executable, far)
    with pytest.raises(Conflict, match=r"writes .* already"):
        batch_job.launch_scoring(scoring.store, state_dir, sys.executable, far)
    scoring("picky", "rows.csv", output="here.csv")
    ended = detached.ended(state_dir, record)
    assert (ended.launcher, ended.state) == ("slurm", ProcessState.FINISHED), ended.reason
    outcome = batch_job.outcome(scoring.store, ended)
    output = scoring.folder / "out.csv"
    assert (outcome.rows, outcome.bad_rows, outcome.output) == (2, 0, str(output))
    assert output.read_bytes() == (scoring.folder / "here.csv").read_bytes()
    run = stores.client(scoring.store).get_run(outcome.run_id)
    assert (run.info.status, run.data.tags["mlops_tui.version"]) == ("FINISHED", "1")


@pytest.mark.process
@pytest.mark.slow
def test_a_job_that_is_stopped_leaves_no_output_and_its_run_is_ended(
    scoring: Scoring,
    request_: ScoringRequest,
    state_dir: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("WAITS_AT", "99")
    longer_than_a_word_may_be = replace(request_, inputs=("rows.csv",) * 12_000)
    record = batch_job.launch_scoring(
        scoring.store, state_dir, sys.executable, longer_than_a_word_may_be
    )
    assert (record.title, record.program) == ("luck v1", "score out.csv")
    assert stat.S_IMODE(Path(record.command[-1]).stat().st_mode) == 0o600
    client = stores.client(scoring.store)

    def run_ids() -> list[str]:
        found = client.get_experiment_by_name("Batch scoring")
        runs = client.search_runs([found.experiment_id]) if found else []
        return [each.info.run_id for each in runs]

    detached.wait_for(lambda: bool(run_ids()))
    with pytest.raises(Conflict, match=r"writes .* already"):
        batch_job.launch_scoring(scoring.store, state_dir, sys.executable, request_)
    jobs.stop_job(scoring.store, state_dir, record.process_id)
    detached.wait_for(
        lambda: not processes.get(state_dir, record.kind, record.process_id).is_underway
    )
    ended = processes.get(state_dir, record.kind, record.process_id)
    assert ended.state is ProcessState.STOPPED
    (run_id,) = run_ids()
    made = client.get_run(run_id)
    assert made.info.status == "KILLED"
    assert made.data.tags["mlops_tui.version"] == "1"
    assert not (scoring.folder / "out.csv").exists()
