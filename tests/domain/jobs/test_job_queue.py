from dataclasses import replace
from itertools import permutations, product

import pytest

from mlops_tui.domain.jobs.job_queue import JobQueue, QueuePreferences, listed, queue_of
from mlops_tui.domain.processes.process import ProcessKind, ProcessRecord, ProcessState, Settlement

WAITING, STARTING = ProcessState.WAITING, ProcessState.STARTING


def job(
    name: str, state: ProcessState = WAITING, created_at: int = 0, **times: int
) -> ProcessRecord:
    return ProcessRecord(
        name,
        ProcessKind.JOB,
        name,
        (),
        "/",
        (),
        "",
        created_at,
        state,
        **times,  # type: ignore[arg-type]
    )


def running(name: str) -> ProcessRecord:
    return job(name, ProcessState.RUNNING, started_at=1)


def waiting(preferences: QueuePreferences, *names: str) -> tuple[str, ...]:
    """Return the order of jobs that were launched in the order of their names."""
    jobs = [job(name, created_at=at) for at, name in enumerate(sorted(names))]
    return queue_of(reversed(jobs), preferences, 1).waiting


@pytest.mark.parametrize(
    ("state", "started_at", "ended_at", "has_slot", "waits"),
    [
        (WAITING, None, None, False, True),
        (STARTING, None, None, False, True),
        (STARTING, 1, None, True, False),
        (ProcessState.RUNNING, 1, None, True, False),
        # Its command has ended, its runs are being settled: a store that is away holds no slot.
        (ProcessState.RUNNING, 1, 2, False, False),
        (ProcessState.STOPPING, 1, None, True, False),
        (ProcessState.STOPPING, None, None, False, False),
        (ProcessState.FINISHED, 1, 2, False, False),
        (ProcessState.LOST, 1, None, False, False),
        (ProcessState.STOPPED, None, 1, False, False),
    ],
)
def test_a_job_has_a_slot_from_its_start_to_the_end_of_its_command(
    state: ProcessState,
    started_at: int | None,
    ended_at: int | None,
    has_slot: bool,
    waits: bool,
) -> None:
    record = ProcessRecord(
        "id", ProcessKind.JOB, "", (), "", (), "", 0, state, started_at, ended_at
    )
    assert (record.has_slot, record.waits) == (has_slot, waits)
    found = queue_of([record], QueuePreferences(), 1)
    assert (found.running, found.waiting) == (("id",) * has_slot, ("id",) * waits)


@pytest.mark.parametrize("jobs", permutations("abc"))
def test_jobs_wait_in_the_order_of_their_launch_however_they_are_read(
    jobs: tuple[str, ...],
) -> None:
    launched_at = {"a": 5, "b": 5, "c": 7}  # a and b in the same millisecond
    records = [job(name, created_at=launched_at[name]) for name in jobs]
    assert queue_of(records, QueuePreferences(), 1).waiting == ("a", "b", "c")


@pytest.mark.parametrize("order", permutations("abc"))
def test_a_wanted_order_is_kept_before_whatever_is_launched_later(order: tuple[str, ...]) -> None:
    assert waiting(QueuePreferences(order=order), "a", "b", "c", "d", "e") == (*order, "d", "e")


def test_jobs_that_are_gone_mean_nothing_in_a_wish() -> None:
    preferences = QueuePreferences(order=("x", "b", "y", "a"), held=frozenset("xa"))
    found = queue_of([job("a"), job("b"), running("y")], preferences, 1)
    assert found == JobQueue(1, 1, ("y",), ("b", "a"), frozenset("a"))


@pytest.mark.parametrize(
    ("slots", "busy", "held"), product(range(5), range(4), ["", "a", "b", "ab", "abc"])
)
def test_the_next_that_are_not_held_get_the_free_slots(slots: int, busy: int, held: str) -> None:
    jobs = [*map(job, "abc"), *(running(str(number)) for number in range(busy))]
    found = queue_of(jobs, QueuePreferences(slots, held=frozenset(held)), 99)
    assert found.waiting == ("a", "b", "c")
    free = max(0, slots - busy)
    assert found.turns() == tuple(name for name in "abc" if name not in held)[:free]


def test_without_a_wish_there_are_as_many_slots_as_usual() -> None:
    assert queue_of([], QueuePreferences(), 3).slots == 3
    assert queue_of([], QueuePreferences(0), 3).slots == 0


@pytest.mark.parametrize(
    ("name", "places", "order"),
    [
        ("b", -1, "bacd"),
        ("b", 1, "acbd"),
        ("a", -1, "abcd"),
        ("d", 1, "abcd"),
        ("d", -99, "dabc"),
        ("a", 99, "bcda"),
        ("c", 0, "abcd"),
    ],
)
def test_a_job_moves_among_those_that_wait_not_beyond(name: str, places: int, order: str) -> None:
    found = JobQueue(1, 1, waiting=tuple("abcd"), held=frozenset("c"))
    assert found.moved(name, places) == tuple(order)


def test_a_job_has_a_place_as_long_as_it_waits() -> None:
    found = JobQueue(1, 1, ("r",), ("a", "b"), frozenset("a"))
    assert [found.position(name) for name in "abr?"] == [1, 2, 0, 0]


@pytest.mark.parametrize(
    ("queue", "words"),
    [
        (JobQueue(2, 1), "0 of 2 slots busy"),
        (JobQueue(4, 1, tuple("ab"), tuple("cde")), "2 of 4 slots busy, 3 waiting"),
        (
            JobQueue(1, 1, tuple("a"), tuple("cd"), frozenset("d")),
            "1 of 1 slots busy, 1 waiting, 1 held",
        ),
        (JobQueue(0, 1, (), tuple("c"), frozenset("c")), "0 of 0 slots busy, 1 held"),
    ],
)
def test_the_queue_in_a_few_words(queue: JobQueue, words: str) -> None:
    assert queue.summary() == words


def test_a_sweep_takes_a_slot_for_each_gpu_that_it_was_given() -> None:
    running = job("sweep", ProcessState.RUNNING, started_at=1)
    sweep = replace(running, details={"sweep": "{}", "gpu": "0,2"})
    other = replace(running, details={"gpu": "1,3"})
    queue = queue_of([sweep, other, job("next", WAITING)], QueuePreferences(), 4)
    assert (queue.busy, queue.free, queue.turns()) == (3, 1, queue.waiting)
    assert queue.summary() == "3 of 4 slots busy, 1 waiting"
    assert queue_of([replace(sweep, details={"sweep": "{}"})], QueuePreferences(), 4).busy == 1


def test_what_runs_is_listed_first_then_what_waits_in_its_order() -> None:
    states = {
        "ended": ProcessState.FINISHED,
        "second": WAITING,
        "lost": ProcessState.LOST,
        "first": WAITING,
        "running": ProcessState.RUNNING,
    }
    jobs = [job(name, state) for name, state in states.items()]
    found = listed(jobs, queue_of(jobs, QueuePreferences(order=("first", "second")), 1))
    assert [each.title for each in found] == ["running", "first", "second", "ended", "lost"]


def test_what_settles_takes_no_slot_but_is_counted_and_listed_before_what_has_ended() -> None:
    ended = job("a", ProcessState.FINISHED, started_at=1, ended_at=2)
    settling = replace(ended, process_id="b", settlement=Settlement.PENDING)
    going, waits = running("c"), job("d")
    found = queue_of((settling, going, waits), QueuePreferences(), 2)
    assert (found.busy, found.settling) == (1, 1)
    assert found.summary() == "1 of 2 slots busy, 1 waiting, 1 settling"
    assert listed((ended, settling, waits, going), found) == [going, waits, settling, ended]
