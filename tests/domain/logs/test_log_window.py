"""What is sought in a log."""

import pytest

from mlops_tui.domain.logs.log_window import LogSearch, Sought


@pytest.mark.parametrize(
    "line",
    [
        "Traceback (most recent call last):",
        "ValueError: no",
        "torch.cuda.OutOfMemoryError: CUDA out of memory.",
        "KeyboardInterrupt",
        "2026-11-24 ERROR mine: it broke",
        "[CRITICAL] disk",
        "exited with code 3",
        "exit status 1",
        "error: no such file",
        "Segmentation fault (core dumped)",
        "Killed",
        "RuntimeError: x",
    ],
)
def test_an_error_is_one_and_holds_a_needle(line: str) -> None:
    search = LogSearch(Sought.ERRORS)
    assert search.pattern.search(line)
    assert any(needle in line.lower().encode() for needle in search.needles)


@pytest.mark.parametrize(
    "line", ["epoch 3 error=0.12", "exit code 0", "mean_squared_error 0.3", ""]
)
def test_what_is_no_error_is_none(line: str) -> None:
    assert not LogSearch(Sought.ERRORS).pattern.search(line)


def test_capitals_count_where_there_are_any() -> None:
    assert LogSearch(Sought.TEXT, "loss[").pattern.search("LOSS[0]")
    assert not LogSearch(Sought.TEXT, "Loss").pattern.search("loss")
    assert LogSearch(Sought.TEXT, "Loss").needles == (b"loss",)
    assert LogSearch(Sought.TEXT, "größe").needles == ()
