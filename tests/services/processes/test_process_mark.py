"""The mark by which what a job has started is found again."""

import os
from collections import UserDict
from collections.abc import KeysView
from threading import Thread

import psutil
import pytest

from mlops_tui.services.processes import process_mark, process_tree


def test_a_process_that_runs_is_found_while_another_thread_looks_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    running = {"job": [psutil.Process(os.getpid())]}
    answers: list[bool] = []
    other = Thread(target=lambda: answers.append(process_mark.has_marked_process("job")))

    class ReadByAnother(UserDict[str, list[psutil.Process]]):
        def keys(self) -> KeysView[str]:
            monkeypatch.setattr(process_mark, "FRESH", 60.0)
            other.start()
            other.join(0.2)
            return super().keys()

    looks = iter((running, ReadByAnother(running)))
    monkeypatch.setattr(process_mark, "_all", lambda: next(looks))
    monkeypatch.setattr(process_mark, "FRESH", -60.0)
    process_mark.clear_cache()
    assert process_mark.has_marked_process("job")
    assert process_mark.has_marked_process("job")
    other.join()
    process_mark.clear_cache()
    assert answers == [True]


def test_no_process_is_read_for_a_process_without_a_record(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process_mark, "_all", lambda: pytest.fail("it reads every process"))
    assert process_mark.marked_processes("") == set()
    process_tree.descendants(None)
