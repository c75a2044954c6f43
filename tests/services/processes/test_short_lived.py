import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from mlops_tui.services.processes import short_lived
from mlops_tui.services.processes.short_lived import End, Result
from tests import detached
from tests.patience import PATIENCE


@pytest.fixture(autouse=True)
def _nothing_left_behind() -> Iterator[None]:
    with detached.nothing_left_behind():
        yield


def run(text: str, seconds: float = PATIENCE, most: int = 1_000) -> Result:
    return short_lived.run([sys.executable, "-c", text], os.environ, seconds, most=most)


def test_all_that_a_program_prints_is_returned_with_its_exit_code() -> None:
    text = "import sys; print('a' * 900); sys.stderr.write('why'); sys.exit(3)"
    assert run(text) == Result(End.BY_ITSELF, "a" * 900 + "\nwhy", 3)


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_a_program_that_prints_without_end_is_ended_with_its_children(stream: str) -> None:
    text = f"import os, sys\nif os.fork() == 0: os.setsid()\nwhile True: sys.{stream}.write('x'*99)"
    result = run(text)
    assert result == Result(End.TOO_MUCH, "x" * 1_000)


def test_a_program_is_ended_when_its_time_is_over() -> None:
    text = "import os, time\nos.fork() or os.setsid()\nprint('up', flush=True)\ntime.sleep(600)"
    result = run(text, seconds=0.5)
    assert (result.end, result.exit_code) == (End.LATE, None)


def test_what_a_program_leaves_running_is_ended_with_its_output_open() -> None:
    result = run("import os, time\nif os.fork() == 0:\n os.setsid()\n time.sleep(600)")
    assert result == Result(End.BY_ITSELF, "", 0)


def test_a_program_that_closes_its_output_is_waited_for(tmp_path: Path) -> None:
    text = f"import os, time; os.close(1); os.close(2); time.sleep(.2); open('{tmp_path}/x', 'w')"
    assert run(text) == Result(End.BY_ITSELF, "", 0)
    assert (tmp_path / "x").exists()


def test_a_program_finds_its_input_closed_and_a_store_of_its_own(tmp_path: Path) -> None:
    text = "import os, sys; print(repr(sys.stdin.read()), os.environ['MLFLOW_TRACKING_URI'])"
    command = [sys.executable, "-c", text, "; touch x"]
    environ = {**os.environ, "TMPDIR": str(tmp_path), "MLFLOW_TRACKING_URI": "sqlite:////mine.db"}
    result = short_lived.run(command, environ, PATIENCE, directory=tmp_path)
    assert result.output.startswith("'' sqlite:///")
    assert "mine" not in result.output
    assert list(tmp_path.iterdir()) == []


def test_a_program_that_is_not_there_is_an_os_error() -> None:
    with pytest.raises(FileNotFoundError):
        short_lived.run(["/no/program"], {}, PATIENCE)


REUSED = """
import sys
from pathlib import Path
import psutil
from mlops_tui.services.processes import short_lived

stranger, folder = int(sys.argv[1]), Path(sys.argv[2])
follow, made = short_lived._follow, psutil.Process.__init__

def follow_until_its_pid_is_anothers(program, *arguments):
    end = follow(program, *arguments)
    reused = lambda process, pid=None: made(process, stranger if pid == program.pid else pid)
    psutil.Process.__init__ = reused
    return end

short_lived._follow = follow_until_its_pid_is_anothers
short_lived.main(folder, 60.0, 1000, [sys.executable, "-c", "print(1)"])
"""


def test_whoever_gets_the_pid_of_a_program_that_has_ended_is_left_alone(tmp_path: Path) -> None:
    with detached.stranger() as stranger:
        command = [sys.executable, "-c", REUSED, str(stranger.pid), str(tmp_path)]
        with subprocess.Popen(command, stdin=subprocess.PIPE) as between:
            assert between.wait(PATIENCE) == 0
        assert stranger.poll() is None


def test_a_suspended_process_between_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(short_lived, "PATIENCE", 0.1)
    command = [sys.executable, "-c", "input()"]
    between = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    between.send_signal(signal.SIGSTOP)
    assert short_lived._last_words(between, 0.1) == ""
    assert between.returncode == -signal.SIGKILL


def test_only_what_can_be_given_up_is(tmp_path: Path) -> None:
    waits = f"import os, time\nopen('{tmp_path}/' + os.environ['NAME'], 'w')\n"
    waits += f"while not os.path.exists('{tmp_path}/end'): time.sleep(0.02)"

    def start(name: str, *, can_be_given_up: bool) -> Result:
        command, environ = [sys.executable, "-c", waits], {**os.environ, "NAME": name}
        return short_lived.run(command, environ, PATIENCE, can_be_given_up=can_be_given_up)

    with ThreadPoolExecutor(2) as pool:
        asked = pool.submit(start, "asked", can_be_given_up=True)
        probed = pool.submit(start, "probed", can_be_given_up=False)
        detached.wait_for(lambda: (tmp_path / "asked").exists() and (tmp_path / "probed").exists())
        short_lived.give_up()
        assert asked.result().end is End.UNKNOWN
        (tmp_path / "end").touch()
        assert probed.result().end is End.BY_ITSELF
