"""Records that nobody of us has written: each is one odd row, and takes no list away."""

import errno
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlops_tui.cli.job_data import job_as_dict, state_words
from mlops_tui.domain.errors import Conflict, ServiceError
from mlops_tui.domain.jobs.job_queue import listed
from mlops_tui.domain.jobs.job_spec import filled_in, not_kept, target_of
from mlops_tui.domain.processes.process import ACTIVE, ProcessKind, ProcessRecord, ProcessState
from mlops_tui.domain.serving.model_server import ServerState
from mlops_tui.domain.store import Store
from mlops_tui.services.files import small_files
from mlops_tui.services.jobs import attached_run, job_ends, job_queue
from mlops_tui.services.launchers import processes
from mlops_tui.services.launchers.slot_claim import gpus_of
from mlops_tui.services.logs import logs
from mlops_tui.services.processes import (
    child,
    log_file,
    process_identity,
    process_mark,
    records,
)
from mlops_tui.services.serving import servers
from mlops_tui.tui.jobs.job_cells import COLUMNS, job_cell, reason
from tests import detached

FIELDS = tuple(asdict(detached.python("print()")))
DETAILS = ("attached", "run", "log", "sweep", "submits", "gpu", "port", "aliases", "recipe")
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([-1, 2**31, 2**53, 2**63, 10**400])
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from([*ProcessState, "slurm", "here", "pending", "[" * 5000, '{"target": {}}']),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)
CHANGES = st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=4)
ODD_DETAILS = st.dictionaries(st.sampled_from(DETAILS), st.text(max_size=9) | JSON, max_size=3)


@pytest.fixture(scope="module")
def odd_state() -> Iterator[tuple[Path, list[ProcessRecord]]]:
    """Return a state directory with a job and a server, beside another one of each."""
    with TemporaryDirectory() as folder:
        state_dir = Path(folder) / "state"
        made = []
        for kind in ProcessKind:
            plan = replace(detached.python("print()"), kind=kind, state=ProcessState.FINISHED)
            records.create(state_dir, plan)
            made.append(replace(plan, process_id=records.new_id()))
            records.create(state_dir, made[-1])
        yield state_dir, made


def look_everywhere(state_dir: Path) -> None:
    """Do what every list does with its records."""
    jobs, queue = job_queue.read_jobs(state_dir)
    assert len(listed(jobs, queue)) == len(jobs) == 2
    assert len(servers.list_servers(state_dir)) == 2
    job_ends.look(state_dir, frozenset(), 0)
    for job in jobs:
        job_as_dict(job), state_words(job), reason(job, queue), gpus_of(job)
        target_of(job.details), filled_in(job.details), not_kept(job.details)
        for column in COLUMNS:
            job_cell(job, column.key, queue)
    for server in servers.list_servers(state_dir):
        assert (server.aliases, server.port, server.url, server.model) is not None


@given(CHANGES, ODD_DETAILS)
@settings(max_examples=100, deadline=None)
def test_any_record_is_one_row_in_every_list(
    odd_state: tuple[Path, list[ProcessRecord]], changes: dict[str, Any], details: dict[str, Any]
) -> None:
    state_dir, made = odd_state
    for record in made:
        data = {**asdict(record), "details": details, **changes}
        path = state_dir / record.kind / record.process_id / records.NAME
        path.write_text(json.dumps(data))
    look_everywhere(state_dir)


@given(JSON)
@settings(max_examples=50, deadline=None)
def test_any_json_is_one_row_in_every_list(
    odd_state: tuple[Path, list[ProcessRecord]], data: object
) -> None:
    state_dir, made = odd_state
    for record in made:
        path = state_dir / record.kind / record.process_id / records.NAME
        path.write_text(json.dumps(data))
    look_everywhere(state_dir)


@pytest.mark.parametrize("state", [*ProcessState])
def test_a_server_in_any_state_is_one_row(tmp_path: Path, state: ProcessState) -> None:
    me = os.getpid()
    plan = replace(
        detached.python("print()"),
        state=state,
        pid=me,
        pid_started_at=process_identity.started_at(me),
        details={"port": "1"},
        **process_identity.here(),
    )
    records.create(tmp_path, plan)
    (found,) = servers.list_servers(tmp_path)
    assert isinstance(found.state, ServerState)
    assert (found.state is ServerState.LOST) == (state in {ProcessState.LOST, ProcessState.WAITING})
    assert found.record.state is state or state in ACTIVE


def as_link(path: Path) -> None:
    path.symlink_to("/etc/hostname")


@pytest.mark.parametrize(
    ("make", "kind"), [(os.mkfifo, "FIFO"), (Path.mkdir, "folder"), (as_link, "link")]
)
def test_what_stands_in_the_place_of_a_record_is_named_in_its_row(
    tmp_path: Path, make: Callable[[Path], None], kind: str
) -> None:
    plan = replace(detached.python("print()"), kind=ProcessKind.JOB)
    folder = records.create(tmp_path, plan)
    (folder / records.NAME).unlink()
    make(folder / records.NAME)
    ((job,), _) = job_queue.read_jobs(tmp_path)
    assert job.state is ProcessState.LOST
    assert job.reason == f"Its record cannot be read: it is a {kind}, not a file."
    window = logs.read_window(tmp_path, job.kind, job.process_id, first=None, most=10)
    assert window.lines == ()
    processes.remove(tmp_path, job.kind, job.process_id)
    assert Path("/etc/hostname").exists()
    assert processes.list_processes(tmp_path, job.kind) == ()


@pytest.mark.parametrize(
    ("make", "kind"), [(os.mkfifo, "FIFO"), (Path.mkdir, "folder"), (as_link, "link")]
)
def test_what_stands_in_the_place_of_a_log_is_refused_in_a_sentence(
    tmp_path: Path, make: Callable[[Path], None], kind: str
) -> None:
    plan = replace(detached.python("print()"), state=ProcessState.FINISHED)
    folder = records.create(tmp_path, plan)
    make(folder / log_file.NAME)
    with pytest.raises(ServiceError, match=f"^The log cannot be read: it is a {kind}, not a file"):
        logs.read_window(tmp_path, plan.kind, plan.process_id, first=None, most=10)
    assert log_file.last_words(folder / log_file.NAME) == ""
    with pytest.raises(OSError, match=f"it is a {kind}, not a file"):
        child.spawn(folder, plan)


def test_an_unreadable_record_is_not_removed_while_something_of_it_may_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = replace(detached.python("print()"), kind=ProcessKind.JOB)
    folder = records.create(tmp_path, plan)
    data = {**asdict(plan), "state": "of a later version", "host": "far", "boot_id": "theirs"}
    (folder / records.NAME).write_text(json.dumps(data))
    with pytest.raises(Conflict, match="was started on far"):
        processes.remove(tmp_path, plan.kind, plan.process_id)
    (folder / records.NAME).write_text("")
    mark = {**os.environ, process_mark.NAME: plan.process_id}
    with (
        subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, env=mark),
        pytest.raises(Conflict, match="still run"),
    ):
        processes.remove(tmp_path, plan.kind, plan.process_id)

    def refuse(path: Path, *_: object) -> bytes:
        raise OSError(errno.EIO, os.strerror(errno.EIO), str(path))

    with monkeypatch.context() as patch:
        patch.setattr(small_files, "read_bytes", refuse)
        with pytest.raises(Conflict, match="cannot be read: Input/output error"):
            processes.remove(tmp_path, plan.kind, plan.process_id)
    processes.remove(tmp_path, plan.kind, plan.process_id)
    assert not folder.exists()


def test_a_job_that_is_only_watched_but_names_no_run_is_passed_over(tmp_path: Path) -> None:
    plan = replace(
        detached.python("print()"),
        kind=ProcessKind.JOB,
        state=ProcessState.RUNNING,
        command=(),
        store=Store("sqlite:////x.db").label,
        details={"attached": "yes"},
    )
    records.create(tmp_path, plan)
    attached_run.look(Store("sqlite:////x.db"), tmp_path)
    assert detached.now(tmp_path, plan) == plan
