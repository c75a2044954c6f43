import fcntl
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from mlops_tui.domain.errors import Conflict, InvalidInput, NotFound, ServiceError
from mlops_tui.domain.jobs.job_queue import QueuePreferences
from mlops_tui.domain.processes.process import ProcessKind, ProcessState
from mlops_tui.services.files import small_files
from mlops_tui.services.jobs import job_queue, jobs
from mlops_tui.services.launchers import processes, queue_files, reconcile
from mlops_tui.services.processes import recorded_process, records
from tests import detached
from tests.queueing import BRIEF, UNTIL_LET_GO, Jobs

MakeJobs = Callable[[int | None], Jobs]
STARTER = f"""
import os, sys, time
from pathlib import Path
sys.path.append({str(Path(__file__).parents[3])!r})
from tests import queueing
jobs = queueing.Jobs(Path(sys.argv[1]))
for name in sys.argv[2:]:
    jobs.launch(name, getattr(queueing, os.environ["PROGRAM"]))
print("launched", flush=True)
if os.environ.get("LINGER"):
    time.sleep(600)
"""


@pytest.fixture
def make_jobs(tmp_path: Path) -> Iterator[MakeJobs]:
    with detached.nothing_left_behind():
        yield lambda slots: Jobs(tmp_path, slots)


def kill(pid: int | None) -> None:
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    detached.wait_for(lambda: not psutil.pid_exists(pid))


@pytest.mark.slow
def test_fifty_jobs_in_four_slots_never_run_five_at_once(make_jobs: MakeJobs) -> None:
    jobs = make_jobs(4)
    names = [f"{number:02}" for number in range(50)]
    for name in names:
        jobs.launch(name, UNTIL_LET_GO if name in names[:4] else BRIEF)
    jobs.started(*names[:4])
    assert jobs.waiting == names[4:]
    jobs.let_go(*names[:4])
    ends = jobs.ended(*names)
    assert {end.state for end in ends} == {ProcessState.FINISHED}
    assert jobs.most_at_once() == 4
    # In which order they get a slot is tested with one slot: here a slow start is overtaken.
    assert sorted(line[1:] for line in jobs.journal() if line.startswith("+")) == names
    assert jobs.queue.summary() == "0 of 4 slots busy"


def test_a_job_that_finds_a_free_slot_starts_at_once_the_others_in_their_order(
    make_jobs: MakeJobs,
) -> None:
    jobs = make_jobs(1)
    states = [jobs.launch(name).state for name in "abc"]
    assert states == [ProcessState.RUNNING, ProcessState.WAITING, ProcessState.WAITING]
    assert jobs.queue.summary() == "1 of 1 slots busy, 2 waiting"
    assert jobs.now("b").started_at is None
    jobs.let_go(*"abc")
    jobs.ended(*"abc")
    assert jobs.journal() == ["+a", "-a", "+b", "-b", "+c", "-c"]


def test_jobs_are_moved_held_released_removed_while_they_wait(make_jobs: MakeJobs) -> None:
    jobs = make_jobs(1)
    state_dir = jobs.state_dir
    for name in "abcde":
        jobs.launch(name)
    job_queue.hold(state_dir, jobs.id("b"))
    assert job_queue.move(state_dir, jobs.id("d"), -1) == -1
    assert job_queue.move(state_dir, jobs.id("e"), 1) == 0
    assert jobs.waiting == ["b", "d", "c", "e"]
    processes.stop(state_dir, ProcessKind.JOB, jobs.id("c"))
    (removed,) = jobs.ended("c")
    assert (removed.state, removed.started_at) == (ProcessState.STOPPED, None)
    assert removed.reason == "It was taken out of the queue: it never ran."
    assert jobs.waiting == ["b", "d", "e"]
    assert jobs.queue.summary() == "1 of 1 slots busy, 2 waiting, 1 held"
    jobs.let_go(*"abde")
    jobs.ended(*"ade")
    assert jobs.queue.summary() == "0 of 1 slots busy, 1 held"
    job_queue.release(state_dir, jobs.id("b"))
    jobs.ended("b")
    assert jobs.journal() == ["+a", "-a", "+d", "-d", "+e", "-e", "+b", "-b"]


def test_slots_are_raised_and_lowered_while_jobs_run(make_jobs: MakeJobs) -> None:
    jobs = make_jobs(0)
    for name in "abcd":
        assert jobs.launch(name).state is ProcessState.WAITING
    assert job_queue.set_slots(jobs.state_dir, 3) == 0
    jobs.started(*"abc")
    assert job_queue.set_slots(jobs.state_dir, 1) == 3
    jobs.let_go(*"ab")
    jobs.ended(*"ab")
    # "e" has looked by now: were there a slot, "d" would have it.
    assert jobs.launch("e").state is ProcessState.WAITING
    assert jobs.waiting == ["d", "e"]
    jobs.let_go(*"cde")
    jobs.ended(*"cde")
    assert jobs.journal()[-5:] == ["-c", "+d", "-d", "+e", "-e"]
    assert job_queue.set_slots(jobs.state_dir, None) == 1
    assert jobs.queue.slots >= 2


@pytest.mark.parametrize("end", ["killed", "asked to end"])
def test_one_that_is_gone_while_it_waits_does_not_stop_the_others(
    make_jobs: MakeJobs, end: str
) -> None:
    jobs = make_jobs(1)
    for name in "abc":
        jobs.launch(name)
    supervisor = jobs.now("b").supervisor_pid
    assert supervisor
    if end == "killed":
        kill(supervisor)
        gone = ProcessState.LOST, "Its supervisor is gone: it never ran."
    else:
        os.kill(supervisor, signal.SIGTERM)
        gone = ProcessState.STOPPED, "It was taken out of the queue: it never ran."
    (found,) = jobs.ended("b")
    assert (found.state, found.reason) == gone
    assert jobs.waiting == ["c"]
    jobs.let_go(*"ac")
    jobs.ended(*"ac")
    assert jobs.journal() == ["+a", "-a", "+c", "-c"]


def test_a_slot_stays_taken_while_the_process_lives_whose_supervisor_was_killed(
    make_jobs: MakeJobs,
) -> None:
    jobs = make_jobs(1)
    jobs.launch("a")
    kill(jobs.now("a").supervisor_pid)
    assert jobs.now("a").state is ProcessState.RUNNING
    assert jobs.launch("b").state is ProcessState.WAITING
    jobs.let_go(*"ab")
    # Nobody tells that the slot is free: it is found out.
    jobs.ended(*"ab")
    assert jobs.journal() == ["+a", "-a", "+b", "-b"]


def launcher(folder: Path, *names: str, **environ: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-c", STARTER, str(folder), *names],
        env={**os.environ, **environ},
        stdout=subprocess.PIPE,
        start_new_session=True,
    )


def test_two_who_launch_at_the_same_moment_never_overfill_the_slots(make_jobs: MakeJobs) -> None:
    jobs = make_jobs(2)
    with (
        launcher(jobs.folder, *"abcdef", PROGRAM="BRIEF") as one,
        launcher(jobs.folder, *"uvwxyz", PROGRAM="BRIEF") as other,
    ):
        assert one.wait() == other.wait() == 0
    for record in processes.list_processes(jobs.state_dir, ProcessKind.JOB):
        assert detached.ended(jobs.state_dir, record).state is ProcessState.FINISHED
    assert jobs.most_at_once() <= 2
    assert len(jobs.journal()) == 24


def test_the_queue_goes_on_when_the_terminal_of_the_starter_is_gone(make_jobs: MakeJobs) -> None:
    jobs = make_jobs(1)
    with launcher(jobs.folder, *"ab", PROGRAM="UNTIL_LET_GO", LINGER="1") as starter:
        assert starter.stdout
        assert starter.stdout.readline() == b"launched\n"
        os.killpg(starter.pid, signal.SIGHUP)
    for record in processes.list_processes(jobs.state_dir, ProcessKind.JOB):
        os.kill(record.supervisor_pid or 0, signal.SIGHUP)
    jobs.let_go(*"ab")
    detached.wait_for(lambda: jobs.journal() == ["+a", "-a", "+b", "-b"])


def test_a_slot_is_free_while_the_runs_of_the_job_that_had_it_are_settled(
    make_jobs: MakeJobs,
) -> None:
    jobs = make_jobs(1)
    jobs.launch("a")
    folder = records.directory(jobs.state_dir, ProcessKind.JOB, jobs.id("a"))
    text = (folder / "record.json").read_text()
    assert jobs.launch("b").state is ProcessState.WAITING
    (folder / "record.json").write_text(text.replace('"ended_at": null', '"ended_at": 1'))
    queue_files.announce_change(jobs.state_dir)
    jobs.started("b")
    jobs.let_go(*"ab")
    jobs.ended(*"ab")


def test_what_waits_writes_down_no_value_of_a_variable(make_jobs: MakeJobs) -> None:
    jobs = make_jobs(0)
    jobs.launch("a", 'echo "${#PASSWORD}" >> journal', {"PASSWORD": "tops3cret"})
    written = b"".join(p.read_bytes() for p in jobs.state_dir.rglob("*") if p.is_file())
    assert b"tops3cret" not in written
    job_queue.set_slots(jobs.state_dir, 1)
    jobs.ended("a")
    assert jobs.journal() == ["9"]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what memory is its own")
def test_a_job_that_waits_takes_little_more_memory_than_a_bare_python(make_jobs: MakeJobs) -> None:
    jobs = make_jobs(0)
    waits = [jobs.launch(name) for name in "abc"]
    detached.wait_for(lambda: all(is_small(job.supervisor_pid) for job in waits))
    program = "import time; print('ready', flush=True); time.sleep(600)"
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as bare:
        assert bare.stdout is not None
        assert bare.stdout.readline() == b"ready\n"
        most = own_memory(bare.pid) + 2_000
        bare.kill()
    assert max(own_memory(job.supervisor_pid) for job in waits) < most
    now = [jobs.now(name) for name in "abc"]
    assert [job.supervisor_pid for job in now] == [job.supervisor_pid for job in waits]
    assert all(recorded_process.is_supervised(job) for job in now)
    # Who watches the queue may die.
    kill(now[0].supervisor_pid)
    job_queue.set_slots(jobs.state_dir, 1)
    jobs.started("b")
    os.kill(now[2].supervisor_pid or 0, signal.SIGTERM)
    assert jobs.ended("c")[0].state is ProcessState.STOPPED
    jobs.let_go("b")
    jobs.ended("b")


def is_small(pid: int | None) -> bool:
    return any("small_wait" in word for word in psutil.Process(pid).cmdline())


def own_memory(pid: int | None) -> int:
    """Return how many kilobytes the process alone has written to."""
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return int(text.partition("Private_Dirty:")[2].split()[0])


def test_a_waiting_job_is_gone_with_its_folder(make_jobs: MakeJobs) -> None:
    jobs = make_jobs(0)
    jobs.launch("a")
    folder = records.directory(jobs.state_dir, ProcessKind.JOB, jobs.id("a"))
    (folder / "record.json").unlink()
    queue_files.announce_change(jobs.state_dir)
    detached.wait_for(lambda: not detached.marked(os.environ[detached.MARK]))
    assert sorted(path.name for path in folder.iterdir()) == ["output.log"]


def test_a_job_that_waited_when_the_machine_was_restarted_is_lost(make_jobs: MakeJobs) -> None:
    jobs = make_jobs(0)
    record = jobs.launch("a")
    folder = records.directory(jobs.state_dir, ProcessKind.JOB, record.process_id)
    text = (folder / "record.json").read_text()
    (folder / "record.json").write_text(text.replace(record.boot_id, "before"))
    found = jobs.now("a")
    assert (found.state, found.reason) == (ProcessState.LOST, reconcile.RESTARTED_BEFORE)
    assert jobs.waiting == []
    (folder / "record.json").write_text(text)
    processes.stop(jobs.state_dir, ProcessKind.JOB, record.process_id)
    jobs.ended("a")


def test_a_job_of_another_machine_takes_no_slot_of_this_one(make_jobs: MakeJobs) -> None:
    jobs = make_jobs(1)
    jobs.launch("a")
    folder = records.directory(jobs.state_dir, ProcessKind.JOB, jobs.id("a"))
    record = jobs.now("a")
    text = (folder / "record.json").read_text()
    far = text.replace(record.boot_id, "theirs").replace(f'"{record.host}"', '"far"')
    (folder / "record.json").write_text(far)
    assert jobs.queue.running == ()
    jobs.launch("b")
    detached.wait_for(lambda: jobs.now("b").state is ProcessState.RUNNING)
    (folder / "record.json").write_text(text)
    jobs.let_go(*"ab")
    jobs.ended(*"ab")


def test_only_a_waiting_job_is_held_or_moved(make_jobs: MakeJobs) -> None:
    made = make_jobs(1)
    made.launch("a")
    with pytest.raises(Conflict, match="a does not wait: it is running"):
        job_queue.hold(made.state_dir, made.id("a"))
    with pytest.raises(Conflict, match="does not wait"):
        job_queue.move(made.state_dir, made.id("a"), 1)
    with pytest.raises(NotFound, match="no process"):
        job_queue.release(made.state_dir, "20261123-190301-ab12")
    made.let_go("a")
    made.ended("a")
    assert [job.title for job in jobs.list_jobs(made.state_dir)] == ["a"]


@pytest.mark.parametrize("slots", [-1, 1000])
def test_a_number_of_slots_that_makes_no_sense_is_refused(tmp_path: Path, slots: int) -> None:
    with pytest.raises(InvalidInput, match="from 0 to 999"):
        job_queue.set_slots(tmp_path, slots)


def test_where_nothing_can_be_written_the_queue_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ServiceError, match="cannot be used: Not a directory"):
        job_queue.set_slots(tmp_path / "file" / "state", 1)
    (tmp_path / queue_files.PREFERENCES).mkdir()
    with pytest.raises(ServiceError, match="cannot be read"):
        job_queue.set_slots(tmp_path, 1)


def test_on_a_full_disk_the_queue_stays_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_path: Path, _data: object) -> None:
        raise OSError(28, "No space left on device")

    job_queue.set_slots(tmp_path, 3)
    monkeypatch.setattr(small_files, "write_json", refuse)
    with pytest.raises(ServiceError, match="cannot be changed"):
        job_queue.set_slots(tmp_path, 1)
    assert queue_files.read_preferences(tmp_path).slots == 3


def test_a_lock_that_somebody_keeps_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(small_files, "LOCK_LIMIT", 0.1)
    with (
        queue_files.locked(tmp_path),
        pytest.raises(ServiceError, match=r"Another process keeps .*queue.json locked"),
    ):
        job_queue.set_slots(tmp_path, 1)
    job_queue.set_slots(tmp_path, 1)
    with pytest.raises(ServiceError, match="cannot be locked"), queue_files.locked(Path("/none")):
        pass

    def refuse(_descriptor: int, _operation: int) -> None:
        raise OSError(37, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refuse)
    with pytest.raises(ServiceError, match="No locks available"):
        job_queue.set_slots(tmp_path, 1)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[1]",
        '{"slots": true, "order": "ab", "held": {"a": 1}}',
        '{"slots": -1, "order": [1, null], "held": [[]]}',
        '{"slots": 1000}',
        '{"slots": "2"}',
    ],
)
def test_wishes_that_make_no_sense_are_none(tmp_path: Path, text: str) -> None:
    (tmp_path / queue_files.PREFERENCES).write_text(text)
    assert queue_files.read_preferences(tmp_path) == QueuePreferences()


def test_wishes_are_kept(tmp_path: Path) -> None:
    preferences = QueuePreferences(0, ("b", "a"), frozenset("a"))
    before = queue_files.last_change(tmp_path)
    queue_files.write_preferences(tmp_path, preferences)
    assert queue_files.read_preferences(tmp_path) == preferences
    assert queue_files.last_change(tmp_path) != before == 0
