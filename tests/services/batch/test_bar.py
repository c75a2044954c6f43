"""The line of the log that tells how far batch scoring is."""

import pytest

from mlops_tui.domain.logs.progress import progress_of
from mlops_tui.services.model_programs.batch_program.progress import bar


@pytest.mark.parametrize(
    ("done", "total", "before", "taken", "shown"),
    [
        (120_000, 1_000_000, 0, 12.0, (120_000, 1_000_000, "10k rows/s", 88.0)),
        (999_999, 1_000_000, 0, 12.0, (1_000_000, 1_000_000, "83.3k rows/s", 0.0)),
        (60, 100, 40, 2.0, (60, 100, "10 rows/s", 4.0)),
        (0, 7, 0, 0.0, (0, 7, "", None)),
        (8_000_000_000, 9_000_000_000, 0, 8000.0, (8e9, 9e9, "1M rows/s", 1000.0)),
    ],
)
def test_the_line_is_read_as_a_progress_bar_with_rate_and_time_left(
    done: int, total: int, before: int, taken: float, shown: tuple[float, float, str, float]
) -> None:
    read = progress_of(f"Scoring rows: {bar(done, total, before, done - before, taken)}")
    assert read is not None
    assert (read.done, read.total, read.rate, read.seconds_left) == shown
