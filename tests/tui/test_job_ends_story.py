"""Hearing of the end of a job, wherever one is."""

import os
import re
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from mlops_tui.domain.processes.process import ProcessKind, ProcessRecord, ProcessState
from mlops_tui.domain.store import Store
from mlops_tui.tui.job_watch import sentence
from tests import detached
from tests.terminal import Terminal
from tests.tui.story import story

COMMAND = Path(sys.executable).with_name("mlops-tui")
HOSTILE = "base\x07\x1b]52;c;ZXZpbA==\x07\x1b[31mline [b"


def waiting(title: str, gate: Path) -> ProcessRecord:
    """Return a job that ends once the file is there."""
    code = f"import os, time\nwhile not os.path.exists({str(gate)!r}): time.sleep(0.05)"
    planned = replace(detached.python(code), kind=ProcessKind.JOB, store="http://host")
    return replace(planned, title=title)


async def test_a_toast_tells_of_the_end_on_another_screen(
    sqlite_store: Store, state_dir: Path, tmp_path: Path
) -> None:
    gate = tmp_path / "gate"
    async with story(sqlite_store, state_dir) as person:
        await person.press("3")
        await person.sees("No registered models")
        detached.start(state_dir, waiting("baseline [b", gate))
        gate.touch()
        await person.sees("baseline [b finished after")


@pytest.mark.parametrize(
    ("state", "ended_at", "reason", "said"),
    [
        (ProcessState.FINISHED, 723_000, "", "baseline finished after 12m03s."),
        (ProcessState.FAILED, 3_000, "Exit code 1.", "baseline failed after 3.0s: Exit code 1."),
        (ProcessState.LOST, None, "Gone.", "baseline is lost: Gone."),
    ],
)
def test_the_sentence_says_what_became_of_it(
    state: ProcessState, ended_at: int | None, reason: str, said: str
) -> None:
    record = replace(detached.python(""), title="baseline", state=state, reason=reason)
    assert sentence(replace(record, started_at=0, ended_at=ended_at)) == said


def opened(place: Path, *flags: str, tmux: bool = False) -> Terminal:
    environ = {name: value for name, value in os.environ.items() if name != "TMUX"}
    if tmux:
        environ["TMUX"] = "/tmp/tmux,1,0"
    store = f"sqlite:///{place / 'mlflow.db'}"
    where = ("--tracking-uri", store, "--state-dir", str(place / "state"))
    return Terminal([COMMAND, *where, *flags], environ=environ, cwd=place)


def bells(output: bytes) -> int:
    """Return how many bells rang, not counting those that end a sequence."""
    return re.sub(rb"\x1b\][^\x07\x1b]*\x07", b"", output).count(b"\x07")


@pytest.mark.slow
def test_one_of_two_terminals_gets_the_bell_with_a_notification(tmp_path: Path) -> None:
    gate, flags = tmp_path / "gate", ("--notify-desktop", "osc777")
    with (
        detached.nothing_left_behind(),
        opened(tmp_path, *flags) as bare,
        opened(tmp_path, *flags, tmux=True) as in_tmux,
    ):
        for terminal in (bare, in_tmux):
            terminal.press("2")
            terminal.wait_for("No training jobs yet")
        detached.start(tmp_path / "state", waiting(HOSTILE, gate))
        gate.touch()
        for terminal in (bare, in_tmux):
            terminal.wait_for("finished after")
            terminal.settle()
        sent = bytes(bare.output), bytes(in_tmux.output)
    told = rb"\]777;notify;mlops-tui;base\xc2\xb7line \[b finished after [^\x07\x1b]*\x07"
    found = (
        len(re.findall(rb"(?<!\x1b)\x1b" + told, sent[0])),
        len(re.findall(rb"\x1bPtmux;\x1b\x1b" + told + rb"\x1b\\", sent[1])),
    )
    assert sorted(found) == [0, 1]
    wrapped = re.sub(rb"\x1bPtmux;.*?\x1b\\", b"", sent[1], flags=re.DOTALL)
    assert (bells(sent[0]), bells(wrapped)) == found
    assert all(b"]52;c;ZXZpbA" not in output for output in sent)


@pytest.mark.slow
def test_bell_and_notification_can_be_off(tmp_path: Path) -> None:
    with (
        detached.nothing_left_behind(),
        opened(tmp_path, "--no-notify-bell") as terminal,
    ):
        terminal.press("2")
        terminal.wait_for("No training jobs yet")
        detached.start(tmp_path / "state", waiting("baseline", tmp_path))
        terminal.wait_for("baseline finished after")
        terminal.settle()
        assert bells(bytes(terminal.output)) == 0
        assert b"\x1b]777" not in terminal.output
