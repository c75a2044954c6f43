import os
import sys
from pathlib import Path

import psutil
import pytest

from mlops_tui.domain.sweeps.trial import TrialState
from mlops_tui.services.sweeps import trial_process
from mlops_tui.services.sweeps.trial_process import TrialProcess
from tests import detached

CHILD = "import time; print('child', flush=True); time.sleep(600)"


@pytest.fixture(autouse=True)
def tidy() -> object:
    with detached.nothing_left_behind():
        yield


def started(code: str, number: int = 7) -> TrialProcess:
    command = [sys.executable, "-c", code]
    return TrialProcess(number, command, str(Path.cwd()), dict(os.environ))


def code_of(trial: TrialProcess) -> int:
    codes = detached.wait_for(lambda: [code] if (code := trial.exit_code()) is not None else None)
    return codes[0]


def test_each_line_is_passed_on_behind_the_number(
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    trial = started("import sys; print('one'); sys.stdout.write('two\\u20ac'); sys.exit('no')")
    assert code_of(trial) == 1
    written = capfdbinary.readouterr()
    assert written.out == "[7] one\n[7] two€\n".encode()
    assert written.err == b"[7] no\n"


def test_a_bar_that_begins_its_line_again_stays_behind_the_number(
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    trial = started("import sys; sys.stdout.write('\\r 10%\\r100%\\r\\n')")
    assert code_of(trial) == 0
    assert capfdbinary.readouterr().out == b"[7] \r[7]  10%\r[7] 100%\n"


def test_a_failure_is_told_in_the_programs_own_words() -> None:
    trial = started("raise ValueError('too deep')")
    assert code_of(trial) == 1
    assert trial.end() == (TrialState.FAILED, "exit code 1: ValueError: too deep")
    trial = started("import sys; sys.exit(3)")
    assert code_of(trial) == 3
    assert trial.end() == (TrialState.FAILED, "exit code 3")
    trial = started("import os; os.kill(os.getpid(), 9)")
    assert code_of(trial) == -9
    assert trial.end() == (TrialState.FAILED, "ended by SIGKILL")


def test_stopping_ends_what_it_has_started_too() -> None:
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {CHILD!r}])"
    trial = started(code)
    detached.wait_for(lambda: "child\n" in trial._last)
    assert trial.end() is None
    assert trial.is_going
    trial.stop()
    trial.stop()
    assert code_of(trial) < 0
    assert trial.end() == (TrialState.PRUNED, "")


def test_no_group_is_signalled_whose_leader_was_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    alive: list[bool] = []
    monkeypatch.setattr(os, "killpg", lambda pid, _number: alive.append(psutil.pid_exists(pid)))
    trial = started("pass")
    assert code_of(trial) == 0
    trial.stop()
    assert alive == [True]


def test_what_does_not_heed_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial_process, "GRACE", 0.0)
    code = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {CHILD}"
    trial = started(code)
    detached.wait_for(lambda: "child\n" in trial._last)
    trial.stop()
    assert code_of(trial) == -9


def test_what_it_leaves_running_ends_with_it() -> None:
    code = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {CHILD!r}])"
    assert code_of(started(code)) == 0


def test_what_cannot_be_started_is_refused() -> None:
    with pytest.raises(OSError, match="No such file"):
        TrialProcess(0, ["/no/such/python"], "/", {})
