"""What the run list shows of expected values, edits, silence."""

from dataclasses import replace
from time import time

from mlops_tui.domain.experiments.run_source import RunSource
from mlops_tui.domain.runs.run import JOB_TAG, Run, RunPage, RunStatus
from mlops_tui.domain.store import Store
from mlops_tui.services.experiments import run_arrangement
from mlops_tui.services.runs import run_memory
from mlops_tui.tui.experiments.run_list import RunList

OLD = 1_000_000_000_000


def run(run_id: str, **changes: object) -> Run:
    one = Run(run_id, "1", f"run {run_id}", RunStatus.RUNNING, OLD, None)
    return replace(one, **changes)  # type: ignore[arg-type]


def listed(*runs: Run) -> RunList:
    store, source, run_list = Store("sqlite:///nowhere.db"), RunSource("1"), RunList()
    run_memory.forget()
    run_memory.remembered(store, source).refresh(RunPage(runs))
    run_list.apply(run_arrangement.arrange(store, source, run_list.view), run_list.view)
    return run_list


def test_a_hope_stands_in_its_cell_marked_as_one() -> None:
    run_list = listed(run("a"))
    run_list.expected = {"a": {"status": "KILLED"}}
    assert run_list.cell("a", "status").plain == "… KILLED"
    assert run_list.cell("a", "name").plain == "run a"


def test_silence_is_flagged_in_the_status_cell() -> None:
    run_list = listed(run("a"), run("b", status=RunStatus.FINISHED), run("c", started_at=now()))
    assert run_list.cell("a", "status").plain.startswith("? dead ")
    assert run_list.cell("b", "status").plain == "✓ FINISHED"
    assert run_list.cell("c", "status").plain == "● RUNNING"
    assert run_list.silent.count() == 1


def test_runs_of_jobs_are_flagged_only_once_it_is_known_which_jobs_are_alive() -> None:
    run_list = listed(run("a", tags={JOB_TAG: "alive"}), run("b", tags={JOB_TAG: "lost"}))
    assert run_list.silent.needs_live_jobs()
    assert run_list.silent.count() == 0
    run_list.silent.live_jobs = frozenset({"alive"})
    assert run_list.silent.count() == 1
    assert run_list.cell("a", "status").plain == "● RUNNING"
    assert not listed(run("a")).silent.needs_live_jobs()


def now() -> int:
    return round(time() * 1000)
