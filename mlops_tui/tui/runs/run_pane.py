"""A pane with runs that can be changed."""

from collections.abc import Callable, Coroutine
from typing import Any, ClassVar

from mlops_tui.domain.runs.run import Run
from mlops_tui.tui.kit.pane import Pane
from mlops_tui.tui.runs.targeted_runs import NO_RUN, TargetedRuns

OF_RUNS = frozenset({"edit", "edit_tags", "settle", "delete", "restore", "again", "register"})
"""Actions that do nothing without a run."""


class RunPane(Pane):
    """A pane with runs to be edited, deleted, restored, settled, launched again, registered.

    An heir returns the run under its cursor in ``current``, shows its runs in ``show_runs``, and
    names in its ``BINDINGS`` the keys that it offers. ``targets`` are the runs that they are about.
    """

    TAKES_MARKS: ClassVar[bool] = True
    """Whether the keys are about the marked runs, where any is marked."""
    WITHOUT_RUN: ClassVar[str] = NO_RUN
    """Why the keys do nothing while there is no run that they could be about."""

    def __init__(self) -> None:
        super().__init__()
        self.targets = TargetedRuns(
            self,
            lambda: self.current,
            self.show_runs,
            self.show_edited,
            takes_marks=self.TAKES_MARKS,
        )

    @property
    def current(self) -> Run | None:
        """The run under the cursor."""
        return None

    def show_runs(self) -> None:
        """Show the runs as they are expected to be."""

    def show_edited(self, runs: tuple[Run, ...]) -> None:
        """Show runs as they are after an edit; ``show_runs`` follows."""

    def why_unavailable(self, action: str) -> str:
        """Say that there is no run, what is deleted, what is not, what has ended already."""
        if reason := super().why_unavailable(action):
            return reason
        if action in OF_RUNS and not self.targets.runs:
            return self.WITHOUT_RUN
        match action:
            case "settle":
                return self.targets.why_not_settled
            case "delete":
                return self.targets.why_not_deleted
            case "restore":
                return self.targets.why_not_restored
        return ""

    def _begin(
        self, action: Callable[[TargetedRuns, tuple[Run, ...]], Coroutine[Any, Any, None]]
    ) -> None:
        """Begin an action on the runs, or say why not."""
        if runs := self.targets.runs:
            self.host.begin(action(self.targets, runs))
        else:
            self.host.why_not(NO_RUN)

    def action_edit(self) -> None:
        """Edit name with note."""
        from mlops_tui.tui.runs.run_actions import label

        self._begin(label)

    def action_edit_tags(self) -> None:
        """Edit the tags."""
        from mlops_tui.tui.runs.run_actions import edit_tags

        self._begin(edit_tags)

    def action_settle(self) -> None:
        """Settle runs that nobody ended."""
        from mlops_tui.tui.runs.run_actions import settle

        self._begin(settle)

    def action_delete(self) -> None:
        """Delete the runs."""
        from mlops_tui.tui.runs.run_actions import delete

        self._begin(delete)

    def action_restore(self) -> None:
        """Restore the runs."""
        from mlops_tui.tui.runs.run_actions import restore

        self._begin(restore)

    def action_again(self) -> None:
        """Launch what made the run again, with other values or the same."""
        from mlops_tui.tui.runs.run_actions import again

        if run := self.targets.the_only_one("Only one run can be launched again"):
            self.host.begin(again(self.targets, run))

    def action_register(self) -> None:
        """Register a model of the run."""
        if run := self.targets.the_only_one("Only one run can be registered at a time"):
            self.host.begin(self.shell.navigation.register_model(run.run_id))

    def action_web_page(self) -> None:
        """Copy the address of the run in the web UI, open it where there is a browser."""
        from mlops_tui.tui.runs.web_page import show_web_page

        if run := self.current:
            self.host.begin(show_web_page(self.host, run.experiment_id, run.run_id), opens=False)
        else:
            self.host.why_not("There is no run under the cursor, or it is still being read.")
