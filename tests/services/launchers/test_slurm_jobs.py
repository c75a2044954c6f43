import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from secrets import token_hex

import psutil
import pytest

from mlops_tui.domain.errors import Conflict, InvalidInput, ServiceError
from mlops_tui.domain.jobs.job_options import options_of
from mlops_tui.domain.jobs.job_spec import job_spec
from mlops_tui.domain.processes.process import ProcessKind, ProcessRecord, ProcessState
from mlops_tui.domain.runs.run import JOB_TAG, RunStatus
from mlops_tui.domain.slurm.slurm import ENDED_BY_SLURM
from mlops_tui.domain.slurm.slurm_resources import SlurmResources
from mlops_tui.domain.store import Store
from mlops_tui.services.jobs import forms, jobs
from mlops_tui.services.jobs.forms import LaunchContext
from mlops_tui.services.jobs.launchables import find_target, read_launchable
from mlops_tui.services.launchers import (
    processes,
    slurm_commands,
    slurm_id,
    slurm_jobs,
    slurm_launch,
)
from mlops_tui.services.processes import child_environment, process_identity, records
from mlops_tui.services.runs import runs
from tests import detached

pytestmark = pytest.mark.slow

SMALL = SlurmResources(partition="short", cpus=1, memory="200M", time_limit="5")
UP = "import time; print('up', flush=True); time.sleep(600)"


@pytest.fixture
def state_dir(tmp_path: Path) -> Iterator[Path]:
    with detached.nothing_left_behind():
        yield tmp_path / "100%j 'state'"


@pytest.fixture(autouse=True)
def _on_slurm(slurm: Path) -> None:
    """Every test here needs the cluster."""


@pytest.fixture(scope="session")
def over_its_time(
    slurm_cluster: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, ProcessRecord]:
    """Return a job that reaches Slurm's shortest limit, a minute, while others are tested."""
    state_dir = tmp_path_factory.mktemp("limited") / "state"
    environ = {**os.environ, "SLURM_CONF": str(slurm_cluster)}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SLURM_CONF", str(slurm_cluster))
        record = slurm_launch.start(
            state_dir, detached.python(UP), environ, replace(SMALL, time_limit="1")
        )
    return state_dir, record


def start(
    state_dir: Path, record: ProcessRecord, resources: SlurmResources = SMALL
) -> ProcessRecord:
    return slurm_launch.start(state_dir, record, os.environ, resources)


def running(
    state_dir: Path, code: str = UP, resources: SlurmResources = SMALL, grace: float = 10.0
) -> ProcessRecord:
    record = start(state_dir, detached.python(code, grace=grace), resources)
    detached.wait_for(lambda: "up" in detached.log(state_dir, record))
    return record


def stop(state_dir: Path, record: ProcessRecord) -> ProcessRecord:
    return processes.stop(state_dir, record.kind, record.process_id)


def test_a_job_is_seen_queued_then_running_then_finished(
    over_its_time: object, state_dir: Path, tmp_path: Path
) -> None:
    go = tmp_path / "go"
    wait = f"while not os.path.exists({str(go)!r}): time.sleep(0.1)"
    record = running(state_dir, f"import os, time\nprint('up', flush=True)\n{wait}")
    (listed,) = processes.list_processes(state_dir, record.kind)
    assert (listed.state, listed.launcher) == (ProcessState.RUNNING, "slurm")
    assert listed.details["slurm_job"].isdecimal()
    assert slurm_commands.queue()[listed.details["slurm_job"]].nodes == "node1"
    with pytest.raises(Conflict, match="Stop it first"):
        processes.remove(state_dir, record.kind, record.process_id)
    go.touch()
    end = detached.ended(state_dir, record)
    assert (end.state, end.exit_code, end.reason) == (ProcessState.FINISHED, 0, "")
    assert detached.log(state_dir, record) == "up\n"
    processes.remove(state_dir, record.kind, record.process_id)
    assert processes.list_processes(state_dir, record.kind) == ()


def test_a_job_that_fails_leaves_its_exit_code_with_its_last_words(state_dir: Path) -> None:
    record = start(state_dir, detached.python("raise SystemExit('error: no data')"))
    end = detached.ended(state_dir, record)
    assert (end.state, end.exit_code) == (ProcessState.FAILED, 1)
    assert end.reason == "Exit code 1: error: no data"
    job_id = end.details["slurm_job"]
    detached.wait_for(lambda: slurm_commands.queue()[job_id].word == "FAILED")


def test_hostile_arguments_arrive_as_they_are(state_dir: Path, tmp_path: Path) -> None:
    hostile = [
        "$(touch pwned)",
        "a'b\"c",
        "two\nlines",
        "`id`",
        "%j",
        "--wrap=x",
        "#SBATCH -p no",
        "; rm -rf ~",
        "ü🙂",
        "",
    ]
    code = "import json, sys; print(json.dumps(sys.argv[1:]))"
    record = detached.planned(sys.executable, "-c", code, *hostile, cwd=tmp_path)
    record = start(state_dir, replace(record, title="$(id) --x\n'\"\x1b[31m" + "n" * 5000))
    end = detached.ended(state_dir, record)
    assert (end.state, end.reason) == (ProcessState.FINISHED, "")
    assert json.loads(detached.log(state_dir, record)) == hostile
    assert not list(tmp_path.rglob("pwned"))


def test_a_secret_reaches_the_job_but_no_file_and_no_command_line(
    state_dir: Path, slurm: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = token_hex(8)
    monkeypatch.setenv("MLFLOW_TRACKING_PASSWORD", secret)
    monkeypatch.setenv("SLURM_JOB_ID", "1")
    monkeypatch.setenv("SLURM_MEM_PER_NODE", "1")
    code = "import os; print(os.environ['MLFLOW_TRACKING_PASSWORD'][::-1])\n" + UP
    record = running(state_dir, code)
    assert secret[::-1] in detached.log(state_dir, record)
    lines = [
        " ".join(process.info["cmdline"] or ()) for process in psutil.process_iter(["cmdline"])
    ]
    assert any(record.process_id in line for line in lines)
    assert not any(secret in line for line in lines)
    written = b"".join(path.read_bytes() for path in state_dir.rglob("*") if path.is_file())
    assert secret.encode() not in written
    assert all(path.stat().st_mode & 0o077 == 0 for path in state_dir.rglob("record.json"))
    stop(state_dir, record)
    detached.ended(state_dir, record)


def test_a_job_that_waits_says_why_and_can_be_stopped(state_dir: Path) -> None:
    record = start(state_dir, detached.python(UP), replace(SMALL, partition="closed"))
    assert record.state is ProcessState.WAITING
    assert record.reason == "Waiting in Slurm: PartitionDown."
    stop(state_dir, record)
    end = detached.ended(state_dir, record)
    assert (end.state, end.reason, end.started_at) == (ProcessState.STOPPED, "", None)
    assert end == records.read(state_dir / end.kind / end.process_id)


def test_a_running_job_is_stopped_with_all_it_has_started(state_dir: Path) -> None:
    alone = "[sys.executable, '-c', 'import time; time.sleep(600)'], start_new_session=True"
    code = f"import subprocess, sys; subprocess.Popen({alone})\n" + UP
    record = running(state_dir, code)
    assert stop(state_dir, record).state in (ProcessState.STOPPING, ProcessState.STOPPED)
    end = detached.ended(state_dir, record)
    assert (end.state, end.reason, end.exit_code) == (ProcessState.STOPPED, "", -signal.SIGTERM)


def test_a_job_deaf_to_sigterm_is_killed(state_dir: Path) -> None:
    deaf = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + UP
    record = running(state_dir, deaf, grace=1.0)
    stop(state_dir, record)
    end = detached.ended(state_dir, record)
    assert (end.state, end.exit_code) == (ProcessState.STOPPED, -signal.SIGKILL)


def test_a_job_cancelled_in_slurm_says_so(state_dir: Path) -> None:
    record = running(state_dir)
    slurm_commands.cancel(slurm_id.read(state_dir / record.kind / record.process_id))
    end = detached.ended(state_dir, record)
    assert end.state is ProcessState.STOPPED
    assert end.reason == ENDED_BY_SLURM


def test_a_job_is_killed_by_slurm_when_asked_a_second_time(state_dir: Path) -> None:
    deaf = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + UP
    record = running(state_dir, deaf, grace=500.0)
    folder = state_dir / record.kind / record.process_id
    assert stop(state_dir, record).state is ProcessState.STOPPING
    assert stop(state_dir, record).state is ProcessState.STOPPING
    end = detached.ended(state_dir, record)
    assert (end.state, end.reason) == (ProcessState.STOPPED, "It was cancelled in Slurm.")
    assert records.read(folder) == end


def place(state_dir: Path) -> Path:
    """Return the folder for an array."""
    state_dir.mkdir(exist_ok=True)
    return state_dir / "array"


def test_each_task_of_an_array_has_its_own_record_log_and_end(state_dir: Path) -> None:
    code = "import json, os, sys; print(json.loads(os.environ['MLFLOW_RUN_CONTEXT'])); sys.exit(%d)"
    tasks = [detached.python(code % number) for number in range(3)]
    given = {**os.environ, "MLFLOW_RUN_CONTEXT": json.dumps({"sweep": "s1"})}
    started = slurm_launch.start_array(state_dir, place(state_dir), tasks, given, SMALL, 2)
    assert [record.process_id for record in started] == [task.process_id for task in tasks]
    ends = [detached.ended(state_dir, record) for record in started]
    assert [end.exit_code for end in ends] == [0, 1, 2]
    array = ends[0].details["slurm_job"].partition("_")[0]
    assert [end.details["slurm_job"] for end in ends] == [f"{array}_{n}" for n in range(3)]
    for record in started:
        context = {"sweep": "s1", JOB_TAG: record.process_id}
        assert detached.log(state_dir, record) == f"{context}\n"


def test_one_task_of_an_array_is_stopped_alone(state_dir: Path) -> None:
    first, second = slurm_launch.start_array(
        state_dir,
        place(state_dir),
        [detached.python(UP), detached.python(UP)],
        os.environ,
        SMALL,
        1,
    )
    detached.wait_for(lambda: "up" in detached.log(state_dir, first))
    assert "JobArrayTaskLimit" in detached.now(state_dir, second).reason
    stop(state_dir, second)
    assert detached.ended(state_dir, second).started_at is None
    assert detached.now(state_dir, first).state is ProcessState.RUNNING
    stop(state_dir, first)
    assert detached.ended(state_dir, first).state is ProcessState.STOPPED


OPEN_RUN = "import mlflow, os, signal\nmlflow.start_run()\n"


def training(store: Store, state_dir: Path, code: str) -> ProcessRecord:
    record = replace(detached.python(code), kind=ProcessKind.JOB, store=store.label)
    record = replace(record, cwd=str(child_environment.working_directory(store)))
    environ = os.environ | child_environment.child_variables(store, Path(sys.executable))
    return slurm_launch.start(state_dir, record, environ, replace(SMALL, memory="900M"))


def test_the_open_run_of_a_job_is_settled_on_the_node(sqlite_store: Store, state_dir: Path) -> None:
    job = training(sqlite_store, state_dir, OPEN_RUN + "os.kill(os.getpid(), 9)")
    end = detached.ended(state_dir, job)
    assert (end.state, end.reason) == (ProcessState.FAILED, "Ended by SIGKILL.")
    (run,) = runs.runs_of_job(sqlite_store, job.process_id)
    assert run.status is RunStatus.FAILED


def test_a_job_whose_supervisor_died_on_the_node_is_settled_from_here(
    sqlite_store: Store, state_dir: Path
) -> None:
    job = training(sqlite_store, state_dir, OPEN_RUN + UP)
    detached.wait_for(lambda: "up" in detached.log(state_dir, job))
    seen = detached.now(state_dir, job)
    assert seen.supervisor_pid
    assert seen.pid
    os.kill(seen.supervisor_pid, signal.SIGKILL)
    os.kill(seen.pid, signal.SIGKILL)  # as Slurm does where it tracks processes by cgroup
    end = detached.ended(state_dir, job)
    assert end.state is ProcessState.FAILED
    assert end.reason.startswith("It failed in Slurm")
    assert end.reason.endswith(slurm_jobs.UNEXPLAINED)
    jobs.settle_job(sqlite_store, state_dir, job.process_id)
    (run,) = runs.runs_of_job(sqlite_store, job.process_id)
    assert run.status is RunStatus.FAILED


def test_a_node_without_our_python_says_so(
    state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = detached.python(UP)
    with monkeypatch.context() as patch:
        patch.setattr(sys, "executable", "/no/such/python")
        record = start(state_dir, record)
    end = detached.ended(state_dir, record)
    assert (end.state, end.started_at) == (ProcessState.FAILED, None)
    assert end.reason.startswith("It failed in Slurm: NonZeroExitCode.")
    assert "/no/such/python: not found" in end.reason


def test_a_refused_job_leaves_nothing_behind(state_dir: Path) -> None:
    with pytest.raises(InvalidInput) as refusal:
        start(state_dir, detached.python(UP), replace(SMALL, partition="nope"))
    assert str(refusal.value) == (
        "Slurm refused the job: Invalid partition name specified. "
        "`sinfo` lists the partitions with what their nodes have."
    )
    with pytest.raises(InvalidInput, match="Invalid job array specification"):
        slurm_launch.start_array(
            state_dir,
            place(state_dir),
            [detached.python(str(n)) for n in range(1_002)],
            os.environ,
            SMALL,
            1,
        )
    assert not [path for path in state_dir.rglob("*") if path.is_file() or path.is_symlink()]


def test_wrong_resources_are_refused_before_slurm_is_asked(
    state_dir: Path,
) -> None:
    with pytest.raises(InvalidInput, match=r"^gpus: a number, or a type"):
        start(state_dir, detached.python(UP), SlurmResources(gpus="many"))
    assert not state_dir.exists()


def test_a_job_is_not_declared_dead_while_slurm_does_not_answer(
    state_dir: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    record = running(state_dir)
    with monkeypatch.context() as patch:
        patch.setenv("PATH", str(tmp_path))
        seen = detached.now(state_dir, record)
        assert seen.state is ProcessState.RUNNING
        assert seen.reason.startswith("Unsure: There is no squeue on this machine's PATH.")
        with pytest.raises(ServiceError, match="There is no scancel"):
            stop(state_dir, record)
    end = detached.ended(state_dir, record)
    assert end.state is ProcessState.STOPPED  # the node has seen the wish without scancel


def test_a_job_that_slurm_has_forgotten_is_lost(state_dir: Path) -> None:
    record = replace(detached.python(UP), launcher="slurm")
    folder = records.create(state_dir, record)
    slurm_id.write(folder, "999999")
    assert detached.now(state_dir, record).reason == slurm_jobs.FORGOTTEN


def test_a_job_starts_while_it_is_submitted_then_is_lost_with_its_submitter(
    state_dir: Path,
) -> None:
    me = os.getpid()
    since = process_identity.started_at(me)
    record = replace(detached.python(UP), launcher="slurm", supervisor_pid=me)
    record = replace(record, **process_identity.here())
    folder = records.create(state_dir, replace(record, supervisor_started_at=since))
    assert detached.now(state_dir, record).state is ProcessState.STARTING
    with pytest.raises(ServiceError, match="still being submitted"):
        stop(state_dir, record)
    records.write(folder, replace(record, supervisor_started_at=1.0))
    seen = detached.now(state_dir, record)
    assert (seen.state, seen.reason) == (ProcessState.LOST, slurm_jobs.UNSUBMITTED)


def test_a_job_over_its_time_limit_says_so(over_its_time: tuple[Path, ProcessRecord]) -> None:
    end = detached.ended(*over_its_time)
    assert end.state is ProcessState.FAILED
    assert end.reason == "It reached its time limit in Slurm."


def test_the_run_of_a_job_is_settled_when_its_node_fails(
    sqlite_store: Store, state_dir: Path
) -> None:
    job = training(sqlite_store, state_dir, OPEN_RUN + UP)
    detached.wait_for(lambda: "up" in detached.log(state_dir, job))
    node = ["scontrol", "update", "nodename=node1"]
    subprocess.run([*node, "state=down", "reason=test"], check=True)
    try:
        end = detached.ended(state_dir, job)
        assert end.state is ProcessState.LOST
        assert end.reason.startswith("Its node failed.")
        detached.wait_for(lambda: not detached.marked(os.environ[detached.MARK]))
        jobs.settle_job(sqlite_store, state_dir, job.process_id)
    finally:
        # Refused where the node has come back by itself.
        subprocess.run([*node, "state=resume"], check=False)
    (run,) = runs.runs_of_job(sqlite_store, job.process_id)
    assert run.status is RunStatus.FAILED


def test_a_program_is_sent_to_the_cluster_from_its_form(
    sqlite_store: Store, state_dir: Path, tmp_path: Path
) -> None:
    program = tmp_path / "train.py"
    program.write_text("import os\nprint(os.environ['SLURM_JOB_PARTITION'], os.environ['KEY'])\n")
    target = find_target(str(program), tmp_path)
    found = read_launchable(target, sqlite_store, tmp_path, sys.executable)
    assert [form.title for form in found.launchers] == ["Slurm"]
    assert "time_limit" in {field.name for field in found.job_fields}
    texts = {"runs_on": "Slurm", "partition": "short", "time_limit": "5", "variables": "KEY=s3cret"}
    options, reasons = options_of(texts, found.launchers)
    assert reasons == {}
    spec = job_spec(found, {}, options)
    record = jobs.launch(sqlite_store, state_dir, spec, options.variables)
    end = detached.ended(state_dir, record)
    assert (end.state, end.launcher) == (ProcessState.FINISHED, "slurm")
    assert "short s3cret" in detached.log(state_dir, record)
    folder = records.directory(state_dir, record.kind, record.process_id)
    assert all("s3cret" not in p.read_text() for p in folder.rglob("*.json"))
    again = forms.form_of_job(LaunchContext(sqlite_store, state_dir, tmp_path), record.process_id)
    assert (again.options["runs_on"], again.options["partition"]) == ("Slurm", "short")
