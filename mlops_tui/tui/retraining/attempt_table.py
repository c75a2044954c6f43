"""Attempts of retraining as a table."""

from collections.abc import Sequence

from rich.text import Text

from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.retraining.attempt import RetrainingAttempt, Step
from mlops_tui.tui.kit.formatting import plain, timestamp
from mlops_tui.tui.kit.table import Column, Table

COLUMNS = (
    Column("sign", "", 2),
    Column("began", "Began", 12),
    Column("step", "Step", 11),
    Column("version", "Version", 8),
    Column("because", "Because", 24, grow=True),
)
SIGNS = {Step.DONE: ("✓", "green"), Step.FAILED: ("✗", "red"), Step.STOPPED: ("–", "dim")}
WAITS, GOES_ON = ("?", "yellow bold"), ("▸", "cyan")


def sign(attempt: RetrainingAttempt) -> tuple[str, str]:
    """Return the sign of how an attempt stands, with its style."""
    usual = WAITS if attempt.waits_for_person else GOES_ON
    return SIGNS.get(attempt.step, usual)


def show_attempts(table: Table, attempts: Sequence[RetrainingAttempt]) -> None:
    """Show the attempts; the keys of the rows are their ids."""
    known = {attempt.attempt_id: attempt for attempt in attempts}
    table.show(list(known), lambda key, column: _cell(known[key], column), COLUMNS)


def _cell(attempt: RetrainingAttempt, column: str) -> Text:
    match column:
        case "sign":
            return Text(*sign(attempt))
        case "began":
            return plain(timestamp(attempt.fired_at))
        case "step":
            return plain(attempt.step.value)
        case "version":
            return plain(f"v{attempt.version}" if attempt.version else "")
    return plain(attempt.because)


def told(attempt: RetrainingAttempt) -> Text:
    """Return how an attempt stands, in a sentence or two."""
    said = one_line(attempt.sentence or attempt.because, 400)
    if attempt.waits_for_person:
        way = f"It waits for you: a begins the step {attempt.step}. "
        return Text.assemble((way, WAITS[1]), said)
    failed = f"Failed at {attempt.failed_at}: " if attempt.failed_at else ""
    return Text.assemble((failed, "red"), said)
