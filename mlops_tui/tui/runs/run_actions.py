"""What a person does with runs, one or several."""

from __future__ import annotations

from time import time
from typing import TYPE_CHECKING

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.runs.label import UNCHANGED, label_edits, label_of
from mlops_tui.domain.runs.run import Run, RunStatus
from mlops_tui.domain.runs.run_edit import (
    ACTIVE,
    DELETED,
    LIFECYCLE,
    STATUS,
    RunEdit,
    edits_of,
)
from mlops_tui.domain.runs.run_equivalents import edit_runs as python_of
from mlops_tui.domain.runs.silence import OPEN, last_sign
from mlops_tui.services.runs.runs_by_id import find_runs
from mlops_tui.tui.kit.confirm import ConfirmDialog, which_lines
from mlops_tui.tui.kit.formatting import duration
from mlops_tui.tui.kit.tag_lines import edits_in, tag_lines_of
from mlops_tui.tui.kit.tags_dialog import TagsDialog
from mlops_tui.tui.runs.label_dialog import NOT_DONE, LabelDialog
from mlops_tui.tui.runs.live_jobs import live_jobs
from mlops_tui.tui.runs.run_edit_write import edit_write
from mlops_tui.tui.runs.settle_dialog import SettleDialog

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mlops_tui.tui.runs.targeted_runs import TargetedRuns

Runs = tuple[Run, ...]

PATTERN_WORDS = "{name}, {note}: what each has now; {n}: its number in this list:"


async def label(targets: TargetedRuns, runs: Runs) -> None:
    """Edit name with note, of several runs by a pattern; a refusal keeps what was typed."""
    runs = _active(targets, await _as_now(targets, runs))
    wanted, reason = label_of(runs[0]) if len(runs) == 1 else UNCHANGED, ""
    while runs:
        dialog = LabelDialog(
            _title(targets, "Edit", runs),
            wanted,
            reason=reason,
            explain=f"{PATTERN_WORDS}\n{which_lines(_names(runs))}" if len(runs) > 1 else "",
            equivalent=lambda label, runs=runs: python_of(label_edits(runs, label)),  # type: ignore[misc]
        )
        answer = await targets.screen.shell.push_screen_wait(dialog)
        if answer is None or await _is_written(targets, label_edits(runs, answer)):
            return
        wanted, reason, runs = answer, NOT_DONE, await _as_now_or_before(targets, runs)


async def edit_tags(targets: TargetedRuns, runs: Runs) -> None:
    """Edit tags, one a line; a refusal keeps what was typed."""
    runs = _active(targets, await _as_now(targets, runs))
    typed: str | None = None
    while runs:
        lines = tag_lines_of(runs)
        dialog = TagsDialog(
            _title(targets, "Tags of", runs),
            lines,
            lambda text, lines=lines, runs=runs: python_of(edits_in(lines, text, runs)),  # type: ignore[misc]
            typed,
        )
        typed = await targets.screen.shell.push_screen_wait(dialog)
        if typed is None or await _is_written(targets, edits_in(lines, typed, runs)):
            return
        runs = await _as_now_or_before(targets, runs)


async def delete(targets: TargetedRuns, runs: Runs) -> None:
    """Ask, then delete the runs."""
    runs = _active(targets, await _as_now(targets, runs))
    if not runs:
        return
    running = sum(run.status in OPEN for run in runs)
    warning = f" {running} still RUNNING: what logs to it will fail." if running else ""
    sentence = (
        f"MLflow keeps deleted runs until somebody calls mlflow gc: d shows them, U restores "
        f"them. Only their assessments of traces go at once.{warning}"
    )
    edits = edits_of(runs, LIFECYCLE, DELETED)
    dialog = ConfirmDialog(
        _title(targets, "Delete", runs), sentence, python_of(edits), _names(runs)
    )
    if await targets.screen.shell.push_screen_wait(dialog):
        await targets.screen.write(edit_write(targets, edits))


async def restore(targets: TargetedRuns, runs: Runs) -> None:
    """Ask, then restore the runs that are deleted."""
    present = await _as_now(targets, runs)
    deleted = tuple(run for run in present if run.is_deleted)
    if not deleted:
        if present:
            targets.screen.why_not(targets.about(present, "is not deleted", "are not deleted"))
        return
    edits = edits_of(deleted, LIFECYCLE, ACTIVE)
    sentence = "They come back with all that they logged."
    dialog = ConfirmDialog(
        _title(targets, "Restore", deleted), sentence, python_of(edits), _names(deleted)
    )
    if await targets.screen.shell.push_screen_wait(dialog):
        await targets.screen.write(edit_write(targets, edits))


async def settle(targets: TargetedRuns, runs: Runs) -> None:
    """Give an end to runs that say RUNNING, unless a job of ours is alive behind them."""
    active = _active(targets, await _as_now(targets, runs))
    unended = tuple(run for run in active if run.status in OPEN)
    if not unended:
        if active:
            targets.screen.why_not(targets.have_ended(active))
        return
    alive = await live_jobs(targets.screen) if any(run.job_id for run in unended) else frozenset()
    settled = tuple(run for run in unended if run.job_id not in alive)
    if len(settled) < len(unended):
        held = ", ".join(run.name for run in unended if run.job_id in alive)
        targets.screen.why_not(f"Its job is alive, in Training x stops it: {one_line(held, 200)}")
    if not settled:
        return
    which = [f"{name}  {_silence(run)}" for name, run in zip(_names(settled), settled, strict=True)]
    dialog = SettleDialog(
        _title(targets, "Settle", settled),
        which,
        lambda status: python_of(edits_of(settled, STATUS, status.value)),
    )
    status: RunStatus | None = await targets.screen.shell.push_screen_wait(dialog)
    if status:
        await targets.screen.write(edit_write(targets, edits_of(settled, STATUS, status.value)))


async def again(targets: TargetedRuns, run: Run) -> None:
    """Launch what made the run again, with other values or the same; go to the job."""
    from mlops_tui.services.jobs.forms import form_of_run
    from mlops_tui.tui.launching.launching import launch_again

    screen = targets.screen
    await launch_again(
        screen, lambda place: screen.ask(form_of_run, place, run.run_id), targets.show_job
    )


async def _is_written(targets: TargetedRuns, edits: Sequence[RunEdit]) -> bool:
    """Write the edits; return whether nothing is left to be tried again."""
    return not edits or await targets.screen.write(edit_write(targets, edits)) is not None


async def _as_now(targets: TargetedRuns, runs: Runs) -> Runs:
    """Return the runs as they are now, saying which are gone."""
    screen = targets.screen
    selection = screen.shell.selection
    run_ids = [run.run_id for run in runs]
    experiment_ids = list(dict.fromkeys(run.experiment_id for run in runs))
    found = await screen.ask(find_runs, screen.shell.settings.store, run_ids, experiment_ids)
    selection.see(found)
    known = {run.run_id for run in found}
    if gone := [run for run in runs if run.run_id not in known]:
        selection.unmark(run.run_id for run in gone)
        screen.why_not(f"Gone from the store: {one_line(', '.join(r.name for r in gone), 200)}")
    return found


async def _as_now_or_before(targets: TargetedRuns, runs: Runs) -> Runs:
    """Return the runs as they are now, as they were where the store does not answer."""
    try:
        return await _as_now(targets, runs)
    except ServiceError:
        return runs


def _active(targets: TargetedRuns, runs: Runs) -> Runs:
    """Return the runs that are not deleted, saying so of the others."""
    active = tuple(run for run in runs if not run.is_deleted)
    if len(active) < len(runs):
        others = ", ".join(run.name for run in runs if run.is_deleted)
        targets.screen.why_not(f"Left out, being deleted (U restores): {one_line(others, 200)}")
    return active


def _title(targets: TargetedRuns, verb: str, runs: Runs) -> str:
    """Say what is done with which runs, and whether these are the marked ones."""
    what = runs[0].name if len(runs) == 1 else f"{len(runs)} runs"
    return f"{verb} {what}{' (marked)' if targets.are_marked else ''}"


def _names(runs: Runs) -> list[str]:
    return [f"{one_line(run.name, 60)}  {run.run_id[:8]}  {run.status}" for run in runs]


def _silence(run: Run) -> str:
    sign = last_sign(run)
    return f"silent for {duration(time() * 1000 - sign)}" if sign else "never heard of"
