"""How a supervised process ended: its state, the reason, its record."""

import signal
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from mlops_tui.domain.processes.process import ProcessKind, ProcessRecord, ProcessState, Settlement
from mlops_tui.services.launchers import reconcile
from mlops_tui.services.processes import records, stop_request

Verdict = tuple[ProcessState, str]
"""The state in which a process ended, with the reason."""


def verdict(folder: Path, record: ProcessRecord, words: str, *, asked: bool) -> Verdict:
    """Return how a process ended; ``asked`` where its supervisor has ended it on request.

    ``words`` are the line of its log that tells why.
    """
    if asked or (record.exit_code is None and stop_request.is_requested(folder)):
        return ProcessState.STOPPED, ""
    if reconcile.is_stopped_monitor(record):
        return ProcessState.STOPPED, ""
    if record.exit_code is None:
        return ProcessState.LOST, reconcile.why_lost(record)
    if record.exit_code == 0:
        return ProcessState.FINISHED, ""
    return ProcessState.FAILED, _reason(record.exit_code, words)


def _reason(exit_code: int, words: str) -> str:
    if exit_code < 0:
        with suppress(ValueError):
            name = signal.Signals(-exit_code).name
            return f"Ended by {name}; it said last: {words}" if words else f"Ended by {name}."
    return f"Exit code {exit_code}: {words}" if words else f"Exit code {exit_code}."


def concluded(record: ProcessRecord, found: Verdict, *, all_gone: bool) -> ProcessRecord:
    """Return the record with its end; the runs of a job are still to be settled."""
    state, reason = found
    if not all_gone:
        reason = f"{reason} Some of its processes could not be ended.".strip()
    is_job = record.kind is ProcessKind.JOB and not record.is_attached
    settlement = Settlement.PENDING if is_job else Settlement.NOT_DUE
    return replace(ended(record, state, reason), settlement=settlement)


def ended(record: ProcessRecord, state: ProcessState, reason: str = "") -> ProcessRecord:
    """Return the record with a state that is an end, now unless the time is known."""
    return replace(record, state=state, reason=reason, ended_at=record.ended_at or records.now())
