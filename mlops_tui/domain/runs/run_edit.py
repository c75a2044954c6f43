"""A change of a run, with what stood there before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.runs.run import NOTE_TAG, Run

NAME, STATUS, LIFECYCLE = "name", "status", "lifecycle"
TAG = "tags."
NOTE = TAG + NOTE_TAG

ACTIVE, DELETED = "active", "deleted"
"""The lifecycles, as MLflow calls them."""

SHOWN = 60
"""Characters of a value in a sentence."""


@dataclass(frozen=True, slots=True)
class RunEdit:
    """One field of one run, from one value to another; ``None`` stands for no such tag."""

    run_id: str
    experiment_id: str
    label: str
    """The run's name, for sentences."""
    field: str
    before: str | None
    after: str | None

    @property
    def tag(self) -> str:
        """The key of the tag, empty where the field is none."""
        return self.field.removeprefix(TAG) if self.field.startswith(TAG) else ""

    def undone(self) -> "RunEdit":
        """Return the edit that takes this one back."""
        return replace(self, before=self.after, after=self.before)

    def difference(self, run: Run) -> str:
        """Say how the run is no longer as it was before; nothing when it is."""
        now = field_value(run, self.field)
        if now == self.before:
            return ""
        return f"{field_name(self.field)} is {_shown(now)} now, not {_shown(self.before)}"


@dataclass(frozen=True, slots=True)
class EditFailure:
    """An edit that was not done, with why."""

    edit: RunEdit
    reason: str


@dataclass(frozen=True, slots=True)
class EditOutcome:
    """What became of edits; ``runs`` are those edited as they are now, where they can be read."""

    done: tuple[RunEdit, ...]
    failures: tuple[EditFailure, ...] = ()
    runs: tuple[Run, ...] = ()

    def left(self) -> str:
        """Say what was not done, and why; nothing when all was."""
        if not self.failures:
            return ""
        edits = [*self.done, *(failure.edit for failure in self.failures)]
        count = len({edit.run_id for edit in edits})
        missed = len({failure.edit.run_id for failure in self.failures})
        reasons: dict[str, list[str]] = {}
        for failure in self.failures:
            names = reasons.setdefault(failure.reason.rstrip("."), [])
            if failure.edit.label not in names:
                names.append(failure.edit.label)
        why = "; ".join(f"{_names(names)}: {reason}" for reason, names in reasons.items())
        return f"Not done for {f'{missed} of {count} runs: ' if count > 1 else ''}{why}."


def field_value(run: Run, field: str) -> str | None:
    """Return what stands in a field of a run."""
    if field.startswith(TAG):
        return run.tags.get(field.removeprefix(TAG))
    if field == LIFECYCLE:
        return DELETED if run.is_deleted else ACTIVE
    return run.name if field == NAME else run.status.value


def field_name(field: str) -> str:
    """Return what a field is called in a sentence."""
    if field == NOTE:
        return "its note"
    return f"its tag {field.removeprefix(TAG)}" if field.startswith(TAG) else f"its {field}"


def edit_of(run: Run, field: str, after: str | None) -> tuple[RunEdit, ...]:
    """Return the edit that brings a field to a value, none where it is there already."""
    before = field_value(run, field)
    if before == after:
        return ()
    return (RunEdit(run.run_id, run.experiment_id, run.name, field, before, after),)


def edits_of(runs: Sequence[Run], field: str, after: str | None) -> tuple[RunEdit, ...]:
    """Return the edits that bring a field of all runs to a value."""
    return tuple(edit for run in runs for edit in edit_of(run, field, after))


def tag_edits(
    runs: Sequence[Run], changed: Mapping[str, str], removed: Sequence[str]
) -> tuple[RunEdit, ...]:
    """Return the edits that set some tags of the runs, or remove others."""
    wanted = {**dict.fromkeys(removed, None), **changed}
    return tuple(
        edit
        for run in runs
        for key, value in wanted.items()
        for edit in edit_of(run, TAG + key, value)
    )


def describe_edits(edits: Sequence[RunEdit]) -> str:
    """Say what the edits do, to which run or how many."""
    count = len({edit.run_id for edit in edits})
    what = dict.fromkeys(_verb(edit, is_single=count == 1) for edit in edits)
    subject = one_line(edits[0].label, SHOWN) if count == 1 else f"{count} runs"
    return f"{subject}: {', '.join(what)}."


def _verb(edit: RunEdit, *, is_single: bool) -> str:
    if edit.field == NAME:
        return f"renamed to {one_line(edit.after or '', SHOWN)}" if is_single else "renamed"
    if edit.field == LIFECYCLE:
        return "deleted" if edit.after == DELETED else "restored"
    if edit.field == STATUS:
        return f"now {edit.after}"
    return "note changed" if edit.field == NOTE else "tags changed"


def _names(names: Sequence[str], most: int = 3) -> str:
    shown = ", ".join(one_line(name, SHOWN) for name in names[:most])
    return f"{shown} and {len(names) - most} more" if len(names) > most else shown


def _shown(value: str | None) -> str:
    return "unset" if value is None else repr(one_line(value, SHOWN))
