"""The runs that keys are about."""

from collections.abc import Callable
from functools import cached_property
from typing import cast

from textual.widget import Widget

from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.processes.process import ProcessRecord
from mlops_tui.domain.runs.run import Run
from mlops_tui.domain.runs.silence import OPEN
from mlops_tui.tui.kit.control_screen import ControlScreen

CLEAR_MARKS = "M clears the marks."
"""How to let the keys be about the run under the cursor again."""

NO_RUN = "There is no run under the cursor."


class TargetedRuns:
    """The marked runs, else the one under the cursor; without ``takes_marks`` always the latter.

    ``show`` shows the runs of the widget as they are expected to be; ``show_edited`` is given the
    runs that MLflow has changed.
    """

    def __init__(
        self,
        widget: Widget,
        current: Callable[[], Run | None],
        show: Callable[[], None],
        show_edited: Callable[[tuple[Run, ...]], None],
        *,
        takes_marks: bool = True,
    ) -> None:
        self._widget = widget
        self._current = current
        self._takes_marks = takes_marks
        self.show = show
        self.show_edited = show_edited

    @cached_property
    def screen(self) -> ControlScreen:
        """The screen around them; it is known here also when it has gone."""
        return cast("ControlScreen", self._widget.screen)

    @property
    def runs(self) -> tuple[Run, ...]:
        """The runs that the keys are about."""
        marked = self.screen.shell.selection.runs if self._takes_marks else ()
        current = None if marked else self._current()
        return marked or ((current,) if current else ())

    @property
    def are_marked(self) -> bool:
        """Whether the keys are about marked runs, not about the one under the cursor."""
        return self._takes_marks and bool(self.screen.shell.selection.ids)

    def about(self, runs: tuple[Run, ...], one: str, several: str) -> str:
        """Say something of the runs that the keys are about, and how to choose others."""
        marked = "marked " if self.are_marked else ""
        if len(runs) == 1:
            words = f"The {marked}run {one_line(runs[0].name, 60)} {one}"
        else:
            words = f"The {len(runs):,} {marked}runs {several}"
        return f"{words}; {CLEAR_MARKS}" if marked else f"{words}."

    def have_ended(self, runs: tuple[Run, ...]) -> str:
        """Say that the runs have ended, so that there is nothing to be settled."""
        return self.about(runs, "has already ended", "have already ended")

    @property
    def why_not_settled(self) -> str:
        """Why none of them can be settled; nothing where one can."""
        runs = self.runs
        return "" if any(run.status in OPEN for run in runs) else self.have_ended(runs)

    @property
    def why_not_deleted(self) -> str:
        """Why none of them can be deleted; nothing where one can."""
        runs = self.runs
        if not all(run.is_deleted for run in runs):
            return ""
        return self.about(runs, "is deleted already", "are deleted already")

    @property
    def why_not_restored(self) -> str:
        """Why none of them can be restored; nothing where one can."""
        runs = self.runs
        if any(run.is_deleted for run in runs):
            return ""
        return self.about(runs, "is not deleted", "are not deleted")

    def the_only_one(self, what: str) -> Run | None:
        """Return the run, or say that ``what`` can be done with one run only."""
        runs = self.runs
        if len(runs) == 1:
            return runs[0]
        several = f"{what}: {len(runs):,} are marked; {CLEAR_MARKS}"
        self.screen.why_not(several if runs else NO_RUN)
        return None

    def show_job(self, job: ProcessRecord) -> None:
        """Go to the job of a run, unless the person has left its screen."""
        shell = self.screen.shell
        if self.screen in shell.screen_stack:
            shell.run_worker(shell.navigation.show_job(job), group="way")

    def clear_marks(self) -> None:
        """Take all marks away."""
        selection = self.screen.shell.selection
        count = len(selection)
        selection.clear()
        self.show()
        cleared = "1 mark cleared." if count == 1 else f"{count:,} marks cleared."
        self.screen.tell(cleared if count else "Nothing is marked.")
