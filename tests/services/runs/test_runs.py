"""The runs of a store."""

import math
import subprocess
import sys
from dataclasses import replace

import pytest

from mlops_tui.domain.errors import InvalidInput, NotFound
from mlops_tui.domain.runs.run import JOB_TAG, RunStatus
from mlops_tui.domain.store import Store
from mlops_tui.services.runs.runs import (
    get_run,
    runs_of_job,
    search_runs,
    terminate_run,
)
from mlops_tui.services.store import store as stores
from tests.making import log_model, make_experiment, make_run, unique


def test_runs_come_newest_first_page_by_page(any_store: Store) -> None:
    experiment = make_experiment(any_store)
    made = [make_run(any_store, experiment, name=f"run {number}") for number in range(5)]
    seen: list[str] = []
    token, pages = "", 0
    while pages == 0 or token:
        page = search_runs(any_store, experiment, page_token=token, limit=2)
        assert isinstance(page.next_token, str)
        seen += [run.run_id for run in page.runs]
        token, pages = page.next_token, pages + 1
    assert pages == 3
    assert set(seen) == set(made)
    starts = [run.started_at or 0 for run in search_runs(any_store, experiment).runs]
    assert starts == sorted(starts, reverse=True)


def test_a_run_carries_what_was_logged(any_store: Store) -> None:
    experiment = make_experiment(any_store)
    make_run(
        any_store,
        experiment,
        name="[/tmp/x] \x1b[31m",
        params={"params lr": "[red]=1"},
        metrics={"accuracy": [0.5, 0.905], "loss": math.inf, "gap": math.nan},
        tags={"team": "ünï"},
    )
    (run,) = search_runs(any_store, experiment).runs
    assert run.name == "[/tmp/x] \x1b[31m"
    assert run.status is RunStatus.FINISHED
    assert run.params == {"params lr": "[red]=1"}
    assert run.metrics["accuracy"] == 0.905
    assert run.metrics["loss"] == math.inf
    assert math.isnan(run.metrics["gap"])
    assert run.tags["team"] == "ünï"
    assert run.ended_at is not None


@pytest.mark.parametrize(
    ("server_filter", "complaint"),
    [
        ("accuracy > 0.5", "Invalid attribute key 'accuracy' specified. Valid keys are"),
        ("metrics.accuracy > 'x'", "Expected numeric value type for metric. Found 'x'"),
        ("metrics.a > 1 or metrics.b > 1", "Invalid clause(s) in filter string"),
        ("((", "Invalid clause(s) in filter string: '(', '('"),
    ],
)
def test_a_wrong_filter_is_answered_in_the_servers_own_words(
    any_store: Store, server_filter: str, complaint: str
) -> None:
    experiment = make_experiment(any_store)
    with pytest.raises(InvalidInput) as caught:
        search_runs(any_store, experiment, server_filter=server_filter)
    assert caught.value.message.startswith(complaint)
    assert "\n" not in caught.value.message


def test_a_filter_is_applied_by_the_server(any_store: Store) -> None:
    experiment = make_experiment(any_store)
    make_run(any_store, experiment, name="bad", metrics={"accuracy": 0.1})
    make_run(any_store, experiment, name="good", metrics={"accuracy": 0.9})
    page = search_runs(any_store, experiment, server_filter="metrics.accuracy > 0.5")
    assert [run.name for run in page.runs] == ["good"]


def test_an_unknown_experiment_has_no_runs(any_store: Store) -> None:
    assert search_runs(any_store, "999999").runs == ()


def test_a_run_in_detail_names_data_sets_and_models(any_store: Store) -> None:
    from mlflow.data.pandas_dataset import from_pandas
    from mlflow.entities import DatasetInput, InputTag
    from pandas import DataFrame

    name = unique("Iris")
    run_id = make_run(any_store, make_experiment(any_store, name))
    model = log_model(any_store, run_id)

    dataset = from_pandas(DataFrame({"width": [1.5]}), source="synthetic.csv", name="synthetic")
    stores.client(any_store).log_inputs(
        run_id,
        [DatasetInput(dataset._to_mlflow_entity(), [InputTag("mlflow.data.context", "training")])],
    )
    found = get_run(any_store, run_id)
    assert found.experiment_name == name
    assert found.models == (model,)
    (read,) = found.datasets
    assert (read.name, read.context, read.digest) == ("synthetic", "training", dataset.digest)
    assert "width" in read.schema
    assert "num_rows" in read.profile


def test_a_run_that_is_not_there_is_told(any_store: Store) -> None:
    with pytest.raises(NotFound, match="Run with id=nope not found"):
        get_run(any_store, "nope")


def test_a_job_finds_its_runs_in_whatever_experiment(any_store: Store) -> None:
    job = unique("job")
    made = {make_run(any_store, tags={JOB_TAG: job}) for _ in range(2)}
    make_run(any_store, tags={JOB_TAG: unique("job")})
    found = runs_of_job(any_store, job)
    assert {run.run_id for run in found} == made
    assert {run.job_id for run in found} == {job}


def test_a_run_left_running_can_be_settled(any_store: Store) -> None:
    open_run = get_run(any_store, make_run(any_store, status="RUNNING")).run
    terminate_run(
        any_store, open_run, RunStatus.KILLED, ended_at=(open_run.started_at or 0) + 6_000
    )
    run = get_run(any_store, open_run.run_id).run
    assert run.status is RunStatus.KILLED
    assert run.ended_at == (open_run.started_at or 0) + 6_000
    assert not run.is_end_assumed


def test_a_run_that_nobody_saw_end_has_taken_as_long_as_it_was_heard_of(any_store: Store) -> None:
    made = get_run(any_store, make_run(any_store, status="RUNNING", metrics={"loss": 1.0})).run
    started = made.last_metric_at or 0
    open_run = replace(made, started_at=started)
    far = 10**16
    terminate_run(any_store, open_run, RunStatus.FAILED, heard_at=(started + 6_000, far))
    run = get_run(any_store, made.run_id).run
    assert run.ended_at == started + 6_000
    assert run.is_end_assumed


def test_settling_says_nothing_on_the_terminal(
    any_store: Store, capfd: pytest.CaptureFixture[str]
) -> None:
    run_id = make_run(any_store, status="RUNNING")
    open_run = get_run(any_store, run_id).run
    capfd.readouterr()
    terminate_run(any_store, open_run, RunStatus.FAILED)
    assert capfd.readouterr().out == ""


WRITER = """
import sys, mlflow
from mlflow import MlflowClient
client = MlflowClient(sys.argv[1])
for number in range(30):
    run = client.create_run(sys.argv[2])
    client.log_metric(run.info.run_id, "loss", number)
    print(number, flush=True)
"""


def test_reading_goes_on_while_another_process_writes(sqlite_store: Store) -> None:
    experiment = make_experiment(sqlite_store)
    command = [sys.executable, "-c", WRITER, sqlite_store.tracking_uri, experiment]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        seen = [len(search_runs(sqlite_store, experiment).runs) for _line in writer.stdout]
    assert writer.returncode == 0
    assert seen == sorted(seen)
    assert seen[-1] == len(search_runs(sqlite_store, experiment).runs) == 30
