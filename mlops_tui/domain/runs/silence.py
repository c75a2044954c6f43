"""Runs that say RUNNING, but have not been heard of."""

from collections.abc import Iterable

from mlops_tui.domain.runs.run import Run, RunStatus

OPEN = frozenset({RunStatus.RUNNING, RunStatus.SCHEDULED})
"""The states of a run that is still to end."""


def last_sign(run: Run) -> int | None:
    """Return when the run itself was last heard of, in milliseconds since the epoch."""
    known = [time for time in (run.started_at, run.last_metric_at, run.ended_at) if time]
    return max(known, default=None)


def assumed_end(run: Run, now: int, heard_at: Iterable[int] = ()) -> int:
    """Return when a run has ended that nobody saw end: the last sign of its life before now.

    ``heard_at`` are such signs beside its own. A time yet to come is none.
    """
    signs = (run.started_at, run.last_metric_at, *heard_at)
    return max((sign for sign in signs if sign and 0 < sign <= now), default=now)


def last_signs(runs: Iterable[Run]) -> dict[str, int]:
    """Return when each RUNNING run was last heard of, through its children too."""
    known = {run.run_id: run for run in runs}
    signs = {
        run_id: last_sign(run) or 0
        for run_id, run in known.items()
        if run.status is RunStatus.RUNNING
    }
    if not signs:
        return signs
    for run in known.values():
        if not (parent := run.parent_id):
            continue
        sign, climbed = last_sign(run) or 0, set[str]()
        while parent and parent not in climbed:
            if parent in signs:
                signs[parent] = max(signs[parent], sign)
            climbed.add(parent)
            parent = known[parent].parent_id if parent in known else None
    return signs
