"""The runs that a person has marked."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from mlops_tui.domain.runs.run import Run
from mlops_tui.domain.runs.run_edit import DELETED, LIFECYCLE, NAME, STATUS

if TYPE_CHECKING:
    from mlops_tui.domain.runs.run_edit import RunEdit


class RunSelection:
    """Marked runs of all experiments, in the order of marking; with what is expected of any run."""

    def __init__(self) -> None:
        self._runs: dict[str, Run] = {}
        self.expected: Mapping[str, Mapping[str, str]] = {}
        """Run id to column to what it will show once its edits are done."""

    def __len__(self) -> int:
        return len(self._runs)

    @property
    def ids(self) -> frozenset[str]:
        """The ids of the marked runs."""
        return frozenset(self._runs)

    @property
    def runs(self) -> tuple[Run, ...]:
        """The marked runs, as they were when last seen."""
        return tuple(self._runs.values())

    def mark(self, runs: Iterable[Run]) -> None:
        """Mark runs; of marked ones keep how they are now."""
        self._runs.update((run.run_id, run) for run in runs)

    def see(self, runs: Iterable[Run]) -> None:
        """Keep how marked runs are now; others are left unmarked."""
        self.mark(run for run in runs if run.run_id in self._runs)

    def unmark(self, run_ids: Iterable[str]) -> None:
        """Take marks away."""
        for run_id in run_ids:
            self._runs.pop(run_id, None)

    def clear(self) -> None:
        """Take all marks away."""
        self._runs.clear()

    def expect(self, edits: "Sequence[RunEdit]") -> None:
        """Expect these edits to be done; with none, expect nothing."""
        self.expected = {edit.run_id: _expected_of(edit) for edit in edits}


def _expected_of(edit: "RunEdit") -> Mapping[str, str]:
    if edit.field == NAME:
        return {"name": edit.after or ""}
    if edit.field == LIFECYCLE:
        return {"status": "deleting" if edit.after == DELETED else "restoring"}
    return {"status": edit.after or ""} if edit.field == STATUS else {"name": edit.label}
