"""A sweep whose store refuses something; real sweeps are in the files beside."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest

from mlops_tui.domain.errors import NotFound, ServiceError, Unreachable
from mlops_tui.domain.jobs.job_spec import JobSpec
from mlops_tui.domain.sweeps.trial import TrialEnd, TrialState
from mlops_tui.services.sweeps import sweep_runner
from mlops_tui.services.sweeps.sweep_runner import RunningTrial, SweepRunner

if TYPE_CHECKING:
    from mlops_tui.services.sweeps.sweep_progress import SweepProgress


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweep_runner, "AGAIN", 0.0)
    monkeypatch.setattr(sweep_runner, "LOOK", 0.0)


class EndsAtOnce:
    is_going = True

    def end(self) -> TrialEnd | None:
        return TrialState.COMPLETE, ""


class EndsLater(EndsAtOnce):
    """Runs until so many looks were had at it."""

    def __init__(self, looks: int) -> None:
        self._looks = looks

    def end(self) -> TrialEnd | None:
        self._looks -= 1
        return None if self._looks else super().end()


class TwoTrials:
    room, pause = 2, 0.0

    def __init__(self) -> None:
        self.stopped: list[int] = []

    def start(self, jobs: Mapping[int, JobSpec]) -> Mapping[int, RunningTrial | str]:
        return {number: EndsLater(20) if number else EndsAtOnce() for number in jobs}

    def stop(self, numbers: Iterable[int]) -> None:
        self.stopped += numbers

    def why_waiting(self) -> str:
        return ""


class Store:
    """Stands for what writes a sweep down; it refuses so many times."""

    is_hopeless = False
    error = ServiceError("The database is locked.")

    def __init__(self, refusals: int) -> None:
        self._refusals = refusals
        self.taken: list[int] = []
        self.said: list[str] = []

    def open(self, number: int) -> Any:
        return number

    def worse(self, _running: Iterable[int]) -> list[int]:
        raise Unreachable("It is away.")

    def conclude(self, number: int, _state: TrialState, _reason: str) -> None:
        self._refuse()
        self.taken.append(number)

    def leave_out(self, number: int, reason: str) -> None:
        self.said.append(f"{number}: {reason}")

    def end(self) -> int:
        self._refuse()
        return 0

    def say(self, line: str) -> None:
        self.said.append(line)

    def _refuse(self) -> None:
        self._refusals -= 1
        if self._refusals >= 0:
            raise self.error


def runner(store: Store, trials: TwoTrials, folder: Path) -> SweepRunner:
    return SweepRunner(folder, cast("SweepProgress", store), trials, prunes=True)


def test_a_store_that_refuses_when_a_trial_ends_is_asked_again_the_others_run_on(
    tmp_path: Path,
) -> None:
    store, trials = Store(3), TwoTrials()
    assert runner(store, trials, tmp_path).run([0, 1]) == 0
    assert store.taken == [0, 1]
    assert store.said == ["MLflow took no note: The database is locked. It is asked again."]
    assert trials.stopped == []


def test_a_store_that_refuses_for_too_long_ends_the_sweep(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep_runner, "PATIENCE", -1.0)
    store, trials = Store(999), TwoTrials()
    with pytest.raises(ServiceError, match="is locked"):
        runner(store, trials, tmp_path).run([0, 1])
    assert store.taken == []
    assert trials.stopped == [1]


def test_a_trial_that_cannot_be_written_down_is_left_out_the_others_count(tmp_path: Path) -> None:
    store, trials = Store(1), TwoTrials()
    store.error = NotFound("Its run is gone.")
    assert runner(store, trials, tmp_path).run([0, 1]) == 0
    assert (store.taken, store.said) == ([1], ["0: Its run is gone."])
