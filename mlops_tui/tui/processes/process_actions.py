"""What a person does with training jobs."""

import shlex

from mlops_tui.domain.processes.process import ProcessKind, ProcessRecord, ProcessState
from mlops_tui.domain.sweeps.sweep_command import sweep_command
from mlops_tui.domain.sweeps.sweep_plan import plan_of
from mlops_tui.services.jobs import jobs
from mlops_tui.services.launchers import processes
from mlops_tui.services.launchers.all_launchers import LAUNCHERS
from mlops_tui.services.serving import servers
from mlops_tui.tui.kit.confirm import ConfirmDialog
from mlops_tui.tui.kit.control_screen import ControlScreen
from mlops_tui.tui.kit.messages import Topic
from mlops_tui.tui.kit.write import Write


def command_line(record: ProcessRecord) -> str:
    """Return the command of a process, ready for a shell; of a sweep the one that was meant."""
    plan = plan_of(record)
    if plan is not None:
        again = ("mlops-tui", "sweep", "--continue", plan.parent_run)
        return shlex.join(again if plan.parent_run else sweep_command(plan))
    return shlex.join(record.command)


def kill_line(record: ProcessRecord) -> str:
    """Return the command that ends a process, nothing where there is none."""
    launcher = LAUNCHERS.get(record.launcher)
    return launcher.stop_command(record) if launcher else ""


async def stop(screen: ControlScreen, job: ProcessRecord) -> None:
    """Ask, then stop the job's whole process tree."""
    settings = screen.shell.settings
    if job.waits:
        title, done = "Take it out of the queue", f"{job.title} taken out of the queue"
        sentence = f"Take {job.title} out of the queue? It has not run; a launches it again."
        command = f"mlops-tui stop {job.process_id}"
    elif job.is_settling:
        title, done = "Skip its runs", f"The runs of {job.title} are left as they are"
        sentence = f"Wait no longer for the store of {job.title}? S settles its runs later."
        command = f"mlops-tui stop {job.process_id}"
    else:
        title, done = "Stop the job", f"Stopping {job.title}"
        outcome = "Its processes end; its run then reads KILLED."
        if job.is_attached:
            outcome = f"Process {job.pid} was not launched here. It ends with all it has started."
        left = " c runs the trials that are left." if plan_of(job) else ""
        sentence = f"Stop {job.title}? {outcome}{left}"
        command = kill_line(job)
    if await screen.shell.push_screen_wait(ConfirmDialog(title, sentence, command)):
        await screen.write(
            Write(
                title=done,
                topic=Topic.JOBS,
                call=lambda backend: backend.call(
                    jobs.stop_job, settings.store, settings.state_dir, job.process_id
                ),
            )
        )


async def stop_server(screen: ControlScreen, server: ProcessRecord) -> None:
    """Ask, then stop the server."""
    settings = screen.shell.settings
    sentence = f"Stop serving {server.title}? Queries to it will fail."
    if await screen.shell.push_screen_wait(
        ConfirmDialog("Stop the server", sentence, kill_line(server))
    ):
        await screen.write(
            Write(
                title=f"Stopping {server.title}",
                topic=Topic.SERVERS,
                call=lambda backend: backend.call(
                    servers.stop_server,
                    settings.store,
                    settings.state_dir,
                    server.process_id,
                ),
            )
        )


async def remove(screen: ControlScreen, record: ProcessRecord) -> None:
    """Ask, then remove the record with its log."""
    outcome = "Its log goes; its runs stay in MLflow."
    if record.kind is ProcessKind.SERVER:
        outcome = "Its log and the requests that it captured go."
    if record.is_attached:
        outcome = "Its log stays where it is; the process runs on if it has not ended."
    title, sentence = "Remove", f"Remove {record.title} from the list? {outcome}"
    is_unknown = record.state is ProcessState.ELSEWHERE and not record.is_attached
    if is_unknown:
        title = "Forget what may still run"
        sentence = (
            f"Nobody here knows whether {record.title} has ended. {record.reason} Forget it all "
            "the same? Its record and log go; if it still runs, nobody sees its end."
        )
    if not await screen.shell.push_screen_wait(ConfirmDialog(title, sentence)):
        return
    state_dir = screen.shell.settings.state_dir
    await screen.write(
        Write(
            title=f"{record.title} removed",
            topic=Topic.JOBS if record.kind is ProcessKind.JOB else Topic.SERVERS,
            call=lambda backend: backend.call(
                processes.remove,
                state_dir,
                record.kind,
                record.process_id,
                though_unknown=is_unknown,
            ),
        )
    )


async def settle(screen: ControlScreen, job: ProcessRecord) -> None:
    """Settle what a lost job left behind."""
    settings = screen.shell.settings
    await screen.write(
        Write(
            title=f"Runs of {job.title} settled",
            topic=Topic.RUNS,
            call=lambda backend: backend.call(
                jobs.settle_job, settings.store, settings.state_dir, job.process_id
            ),
        )
    )
