"""Launching jobs, changing those that are there."""

from mlops_tui.domain.jobs.job_queue import JobQueue
from mlops_tui.domain.processes.process import ProcessRecord, ProcessState
from mlops_tui.domain.sweeps.sweep_plan import plan_of
from mlops_tui.tui.jobs import queue_actions
from mlops_tui.tui.kit.control_screen import ControlScreen
from mlops_tui.tui.processes import process_actions


class JobWritingScreen(ControlScreen):
    """A screen with a job under the cursor, the queue around it."""

    queue = JobQueue(0, 0)

    @property
    def current(self) -> ProcessRecord | None:
        """The job under the cursor."""
        raise NotImplementedError

    def go_to(self, job: ProcessRecord) -> None:
        """Put the cursor on a job as soon as it is listed."""
        raise NotImplementedError

    def action_new_job(self) -> None:
        """Launch a training job."""
        from mlops_tui.tui.launching.launching import launch_new

        self.begin(launch_new(self, self.go_to))

    def action_again(self) -> None:
        """Launch the job under the cursor again, with other values or the same."""
        from mlops_tui.services.jobs.forms import form_of_job
        from mlops_tui.tui.launching.launching import launch_again
        from mlops_tui.tui.launching.sweeping import sweep_again

        if self.current is None:
            self.why_not("There is no job under the cursor.")
            return
        job_id = self.current.process_id
        if plan_of(self.current):
            self.begin(sweep_again(self, job_id, self.go_to))
            return
        self.begin(
            launch_again(self, lambda place: self.ask(form_of_job, place, job_id), self.go_to)
        )

    def action_attach(self) -> None:
        """Watch what was not launched here."""
        from mlops_tui.tui.processes.attaching import attach

        self.begin(attach(self, self.go_to))

    def action_sweep(self) -> None:
        """Launch trials over parameters."""
        from mlops_tui.tui.launching.sweeping import sweep_new

        self.begin(sweep_new(self, self.go_to))

    def action_go_on(self) -> None:
        """Make the trials that the sweep under the cursor has left."""
        from mlops_tui.tui.launching.sweeping import go_on

        if self.current is None or not plan_of(self.current) or self.current.is_underway:
            self.why_not("Only a sweep that has ended goes on.")
        else:
            self.begin(go_on(self, self.current, self.go_to))

    def action_stop(self) -> None:
        """Stop the job."""
        if self.current is None or not self.current.is_underway:
            self.why_not("There is no running job under the cursor.")
        elif self.current.is_run_alone:
            self.why_not("Its process is not known here: stop it where it runs.")
        elif self.current.state is ProcessState.ELSEWHERE:
            self.why_not(self.current.reason)
        else:
            self.begin(process_actions.stop(self, self.current))

    def action_remove(self) -> None:
        """Remove an ended job with its log; one that is only watched runs on."""
        job = self.current
        is_elsewhere = job is not None and job.state is ProcessState.ELSEWHERE
        if job is None or (job.is_underway and not job.is_attached and not is_elsewhere):
            self.why_not("Only a job that has ended can be removed; x stops one.")
        else:
            self.begin(process_actions.remove(self, job))

    def action_settle(self) -> None:
        """Settle the runs that an ended job left RUNNING, because the store was away perhaps."""
        if self.current is None or self.current.is_underway:
            self.why_not("Only the runs of a job that has ended can be settled.")
        else:
            self.begin(process_actions.settle(self, self.current))

    def action_move(self, places: int) -> None:
        """Let the waiting job start later or earlier."""
        queue_actions.move(self, self.current, self.queue, places)

    def action_hold(self) -> None:
        """Hold the waiting job, or release it."""
        queue_actions.hold_or_release(self, self.current, self.queue)

    def action_slots(self) -> None:
        """Set how many jobs may run at once."""
        self.begin(queue_actions.ask_slots(self, self.queue))
