"""What one more launcher takes: the one that the guide shows, and one that nobody knows."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from textwrap import dedent
from types import ModuleType

import pytest

from mlops_tui.cli import parser
from mlops_tui.cli.launch_arguments import options_of
from mlops_tui.domain.errors import Conflict, InvalidInput, NotFound, ServiceError
from mlops_tui.domain.jobs.job_options import JobOptions
from mlops_tui.domain.jobs.launchable import Launchable, Target, TargetKind
from mlops_tui.domain.processes.process import ProcessKind, ProcessState
from mlops_tui.domain.store import Store
from mlops_tui.services.jobs.launchables import read_launchable
from mlops_tui.services.launchers import all_launchers, processes
from mlops_tui.services.logs import logs
from mlops_tui.services.processes import log_file, records
from tests import detached

GUIDE = Path(__file__).parents[3] / "CONTRIBUTING.md"
EXAMPLE = re.compile(r"```python\n(  \"\"\"The launcher of an LSF.*?)  ```", re.DOTALL)
BSUB = """\
echo "$@" > {folder}/asked
shift 2
case $1 in -q*) shift;; esac
setsid "$@" < /dev/null > /dev/null 2>&1 &
echo $! > {folder}/pid
"""
BJOBS = "kill -0 $(cat {folder}/pid) 2> /dev/null && echo RUN || echo EXIT"


@pytest.fixture
def state_dir(tmp_path: Path) -> Iterator[Path]:
    with detached.nothing_left_behind():
        yield tmp_path / "state"


@pytest.fixture
def lsf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Add the launcher of the guide; return the folder of LSF's commands, stood in for."""
    for name, body in (("bsub", BSUB), ("bjobs", BJOBS), ("bkill", "exit 0")):
        (tmp_path / name).write_text(f"#!/bin/sh\n{body.format(folder=tmp_path)}\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    found = EXAMPLE.search(GUIDE.read_text(encoding="utf-8"))
    assert found
    module = ModuleType("lsf")
    exec(dedent(found[1]), module.__dict__)  # noqa: S102 - the guide's own text
    monkeypatch.setitem(all_launchers.LAUNCHERS, "lsf", module.LsfLauncher())
    return tmp_path


def launchable(folder: Path) -> Launchable:
    (folder / "train.py").write_text("print(1)")
    target = Target(TargetKind.SCRIPT, str(folder / "train.py"))
    return read_launchable(target, Store(""), folder, sys.executable)


def options(found: Launchable, *words: str) -> JobOptions:
    return options_of(found, parser.parse(["train", "train.py", *words]))


def test_the_launcher_of_the_guide_is_offered_by_the_form_and_the_command_line(lsf: Path) -> None:
    found = launchable(lsf)
    assert "LSF" in [form.title for form in found.launchers]
    assert "queue" in [field.name for field in found.job_fields]
    chosen = options(found, "--queue", "fast")
    assert (chosen.runs_on, chosen.resources) == ("LSF", {"queue": "fast"})
    assert options(found, "--partition", "gpu").runs_on == "Slurm"
    named = options(found, "--runs-on", "lsf")
    assert (named.runs_on, named.resources) == ("LSF", {})
    with pytest.raises(InvalidInput, match=r"^queue: one word"):
        options(found, "--queue", "a b")
    with pytest.raises(InvalidInput, match=r"^No launcher takes --partition, --queue together\.$"):
        options(found, "--queue", "a", "--partition", "b")
    with pytest.raises(InvalidInput, match=r"^LSF does not take --cpus, --partition\.$"):
        options(found, "--runs-on", "LSF", "--queue", "a", "--partition", "b", "--cpus", "1")
    with pytest.raises(InvalidInput, match=r"^There is no launcher 'hal'\. Give Slurm, LSF; "):
        options(found, "--runs-on", "hal")


def test_the_launcher_of_the_guide_starts_follows_stops_and_removes(
    lsf: Path, state_dir: Path
) -> None:
    code = "import time; print('up', flush=True); time.sleep(600)"
    plan = replace(detached.python(code), launcher="lsf")
    record = processes.start(state_dir, plan, os.environ, {"queue": "fast"})
    assert (lsf / "asked").read_text().startswith(f"-J {record.process_id} -qfast ")
    detached.wait_for(lambda: "up" in detached.log(state_dir, record))
    detached.wait_for(lambda: detached.now(state_dir, record).state is ProcessState.RUNNING)
    with pytest.raises(Conflict, match="still running"):
        processes.remove(state_dir, record.kind, record.process_id)
    assert all_launchers.launcher_of(record).stop_command(record) == f"bkill -J {record.process_id}"
    asked = processes.stop(state_dir, record.kind, record.process_id)
    assert asked.state is ProcessState.STOPPING
    assert detached.ended(state_dir, record).state is ProcessState.STOPPED
    processes.remove(state_dir, record.kind, record.process_id)
    assert processes.list_processes(state_dir, record.kind) == ()


def fail(folder: Path, name: str) -> None:
    (folder / name).write_text("#!/bin/sh\nexit 255\n")


def test_a_launcher_that_fails_makes_its_own_jobs_unsure_and_hides_no_others(
    lsf: Path, state_dir: Path
) -> None:
    record = replace(detached.planned("true"), launcher="lsf", state=ProcessState.RUNNING)
    records.create(state_dir, record)
    here = replace(detached.planned("true"), state=ProcessState.FINISHED)
    records.create(state_dir, here)
    fail(lsf, "bjobs")
    found = {each.process_id: each for each in processes.list_processes(state_dir, record.kind)}
    assert found[here.process_id] == here
    unsure = found[record.process_id]
    assert unsure.state is ProcessState.RUNNING
    assert unsure.reason.startswith("Unsure: The launcher 'lsf' failed: Command '('bjobs', ")
    with pytest.raises(Conflict, match="still running"):
        processes.remove(state_dir, record.kind, record.process_id)
    fail(lsf, "bkill")
    with pytest.raises(ServiceError, match=r"^The launcher 'lsf' failed: Command '\('bkill', "):
        processes.stop(state_dir, record.kind, record.process_id)


def test_a_job_that_the_launcher_of_the_guide_does_not_get_queued_leaves_nothing_behind(
    lsf: Path, state_dir: Path
) -> None:
    fail(lsf, "bsub")
    plan = replace(detached.planned("true"), launcher="lsf")
    with pytest.raises(ServiceError, match=r"^The launcher 'lsf' failed: Command '\('bsub', "):
        processes.start(state_dir, plan, os.environ)
    assert processes.list_processes(state_dir, plan.kind) == ()


def test_a_record_that_goes_while_the_list_is_read_is_left_out(lsf: Path, state_dir: Path) -> None:
    record = replace(detached.planned("true"), launcher="lsf", state=ProcessState.RUNNING)
    folder = records.create(state_dir, record)
    (lsf / "bjobs").write_text(f"#!/bin/sh\nrm -r {folder}\n")
    assert processes.list_processes(state_dir, record.kind) == ()
    with pytest.raises(NotFound):
        processes.get(state_dir, record.kind, record.process_id)


def test_a_process_of_a_launcher_that_is_not_known_is_read_and_removed_once_it_has_ended(
    state_dir: Path,
) -> None:
    record = replace(detached.planned("true"), launcher="hal", state=ProcessState.FAILED)
    folder = records.create(state_dir, record)
    (folder / log_file.NAME).write_text("I am sorry, Dave\n")
    window = logs.read_window(state_dir, record.kind, record.process_id, first=None, most=9)
    assert [line.text for line in window.lines] == ["I am sorry, Dave"]
    processes.remove(state_dir, record.kind, record.process_id)
    assert processes.list_processes(state_dir, record.kind) == ()


def test_a_process_of_a_launcher_that_is_not_known_is_elsewhere_and_left_alone(
    state_dir: Path,
) -> None:
    record = replace(detached.planned("true"), launcher="hal", state=ProcessState.RUNNING)
    folder = records.create(state_dir, record)
    (found,) = processes.list_processes(state_dir, record.kind)
    assert (found.state, found.reason) == (ProcessState.ELSEWHERE, all_launchers.unknown(record))
    with pytest.raises(ServiceError, match=r"^It was started by 'hal', which this version"):
        processes.stop(state_dir, record.kind, record.process_id)
    with pytest.raises(Conflict, match=r"^Nobody here knows whether a process has ended\."):
        processes.remove(state_dir, record.kind, record.process_id)
    assert records.read(folder) == record


FORMER = (
    ("processes.supervisor", "holds no record of a process."),
    ("processes.settlement", "http://gone was not at hand."),
    ("slurm.slurm_node", "holds no job to start."),
)
"""Names by which processes of older versions call modules, with what these say of a job that has
ended on a store that is gone."""


@pytest.mark.parametrize(("name", "answer"), FORMER)
def test_what_waits_during_an_upgrade_finds_modules_by_their_former_names(
    name: str, answer: str, tmp_path: Path
) -> None:
    plan = replace(detached.planned(), kind=ProcessKind.JOB, state=ProcessState.FAILED)
    folder = records.create(tmp_path, replace(plan, store="http://gone"))
    done = subprocess.run(
        [sys.executable, "-P", "-m", f"mlops_tui.services.{name}", folder],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout + done.stderr).strip().endswith(answer)
    assert "Traceback" not in done.stderr
