"""What every screen has in common on which runs can be changed."""

from typing import TYPE_CHECKING, ClassVar

from mlops_tui.domain.runs.run import Run
from mlops_tui.domain.runs.silence import OPEN
from mlops_tui.tui.kit.filter_screen import FilterScreen
from mlops_tui.tui.runs.targeted_runs import CLEAR_MARKS, TargetedRuns

if TYPE_CHECKING:
    from mlops_tui.domain.processes.process import ProcessRecord
    from mlops_tui.tui.runs.run_actions import RunAction


class RunWritingScreen(FilterScreen):
    """A screen with runs to be edited, deleted, restored, settled.

    A subclass says in ``targets`` which runs its keys are about.
    """

    def __init__(self) -> None:
        super().__init__()
        self.targeted = TargetedRuns(
            self,
            lambda: next(iter(self.targets()), None),
            self.show_filtered,
            self.show_edited,
            takes_marks=self.TAKES_MARKS,
        )

    TAKES_MARKS: ClassVar[bool] = False

    def targets(self) -> tuple[Run, ...]:
        """Return the runs that the keys are about."""
        return ()

    def ended_words(self, runs: tuple[Run, ...]) -> str:
        """Say that the runs have ended, so that there is nothing to be settled."""
        return self.targeted.have_ended(runs)

    def look_at_targets(self) -> None:
        """Offer what can be done with the runs that the keys are about now."""
        can_settle = any(run.status in OPEN for run in self.targets())
        if can_settle is not self._could_settle:
            self._could_settle = can_settle
            self.refresh_bindings()

    _could_settle = False

    def page_of(self) -> tuple[str, str] | None:
        """Return the ids of the experiment with the run whose page is meant, None without any.

        The run's is empty where the experiment itself is meant.
        """
        return None

    def shows_deleted(self) -> bool:
        """Return whether what the keys are about is deleted."""
        return any(run.is_deleted for run in self.targets())

    def show_edited(self, runs: tuple[Run, ...]) -> None:
        """Show runs as they are after an edit."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to delete what is there, to restore what is deleted."""
        if action == "settle" and not self._could_settle:
            return False
        if action in ("delete", "restore") and (action == "restore") is not self.shows_deleted():
            return False
        return super().check_action(action, parameters)

    def why_unavailable(self, action: str) -> str:
        """Say what is deleted, and what is not; what has ended already."""
        reason = super().why_unavailable(action)
        if not reason and action == "settle":
            runs = self.targets()
            return self.ended_words(runs) if runs else "There is no run under the cursor."
        if not reason and action == "delete":
            return "It is deleted already; U restores it."
        if not reason and action == "restore":
            return "It is not deleted."
        return reason

    def on_runs(self, action: "RunAction") -> None:
        """Begin an action on the runs, or say why not."""
        if runs := self.targets():
            self.begin(action(self.targeted, runs))
        else:
            self.why_not("There is no run under the cursor.")

    def action_again(self) -> None:
        """Launch what made the run again, with other values or the same."""
        from mlops_tui.services.jobs.forms import form_of_run
        from mlops_tui.tui.launching.launching import launch_again

        runs = self.targets()
        if len(runs) != 1:
            several = f"Only one run can be launched again: {len(runs):,} are marked; {CLEAR_MARKS}"
            self.why_not(several if runs else "There is no run under the cursor.")
            return
        run_id = runs[0].run_id
        self.begin(
            launch_again(self, lambda place: self.ask(form_of_run, place, run_id), self.show_job)
        )

    def show_job(self, job: "ProcessRecord") -> None:
        """Go to a job, once what is going on here is over."""
        self.call_later(self.shell.show_job, job)

    def action_edit(self) -> None:
        """Edit name with note."""
        from mlops_tui.tui.runs.run_actions import label

        self.on_runs(label)

    def action_edit_tags(self) -> None:
        """Edit the tags."""
        from mlops_tui.tui.runs.run_actions import edit_tags

        self.on_runs(edit_tags)

    def action_delete(self) -> None:
        """Delete the runs."""
        from mlops_tui.tui.runs.run_actions import delete

        self.on_runs(delete)

    def action_restore(self) -> None:
        """Restore the runs."""
        from mlops_tui.tui.runs.run_actions import restore

        self.on_runs(restore)

    def action_settle(self) -> None:
        """Settle runs that nobody ended."""
        from mlops_tui.tui.runs.run_actions import settle

        self.on_runs(settle)

    def action_web_page(self) -> None:
        """Copy the address of the page in the web UI, open it where there is a browser."""
        from mlops_tui.tui.runs.web_page import show_web_page

        if page := self.page_of():
            self.begin(show_web_page(self, *page), opens=False)
        else:
            self.why_not("There is no run under the cursor, or it is still being read.")
