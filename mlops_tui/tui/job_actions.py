"""What a person does with training jobs."""

import shlex

from mlops_tui.domain.process import ProcessKind, ProcessRecord
from mlops_tui.domain.sweep_plan import plan_of, sweep_command
from mlops_tui.services import jobs, processes, servers
from mlops_tui.tui.control_screen import ControlScreen
from mlops_tui.tui.dialogs.confirm import ConfirmDialog
from mlops_tui.tui.messages import Topic
from mlops_tui.tui.write import Write


def command_line(record: ProcessRecord) -> str:
    """Return the command of a process, ready for a shell; of a sweep the one that was meant."""
    plan = plan_of(record)
    if plan is not None:
        again = ("mlops-tui", "sweep", "--continue", plan.parent_run)
        return shlex.join(again if plan.parent_run else sweep_command(plan))
    return shlex.join(record.command)


def kill_line(record: ProcessRecord) -> str:
    """Return the command that ends a process; its supervisor then settles its runs."""
    return f"kill -TERM {record.pid}" if record.pid else ""


async def stop(screen: ControlScreen, job: ProcessRecord) -> None:
    """Ask, then stop the job's whole process tree."""
    settings = screen.room.settings
    sentence = f"Stop {job.title}? Its processes end; its run then reads KILLED."
    if plan_of(job):
        sentence += " c makes the trials that are left."
    if await screen.room.push_screen_wait(ConfirmDialog("Stop the job", sentence, kill_line(job))):
        await screen.write(
            Write(
                title=f"Stopping {job.title}",
                topic=Topic.JOBS,
                call=lambda: screen.ask(
                    jobs.stop_job, settings.store, settings.state_dir, job.process_id
                ),
            )
        )


async def stop_server(screen: ControlScreen, server: ProcessRecord) -> None:
    """Ask, then stop the server."""
    state_dir = screen.room.settings.state_dir
    sentence = f"Stop serving {server.title}? Queries to it will fail."
    if await screen.room.push_screen_wait(
        ConfirmDialog("Stop the server", sentence, kill_line(server))
    ):
        await screen.write(
            Write(
                title=f"Stopping {server.title}",
                topic=Topic.SERVERS,
                call=lambda: screen.ask(servers.stop_server, state_dir, server.process_id),
            )
        )


async def remove(screen: ControlScreen, record: ProcessRecord) -> None:
    """Ask, then remove the record with its log."""
    sentence = f"Remove {record.title} from the list? Its log goes; its runs stay in MLflow."
    if not await screen.room.push_screen_wait(ConfirmDialog("Remove", sentence)):
        return
    state_dir = screen.room.settings.state_dir
    await screen.write(
        Write(
            title=f"{record.title} removed",
            topic=Topic.JOBS if record.kind is ProcessKind.JOB else Topic.SERVERS,
            call=lambda: screen.ask(processes.remove, state_dir, record.kind, record.process_id),
        )
    )


async def settle(screen: ControlScreen, job: ProcessRecord) -> None:
    """Settle what a lost job left behind."""
    settings = screen.room.settings
    await screen.write(
        Write(
            title=f"Runs of {job.title} settled",
            topic=Topic.RUNS,
            call=lambda: screen.ask(
                jobs.settle_job, settings.store, settings.state_dir, job.process_id
            ),
        )
    )
