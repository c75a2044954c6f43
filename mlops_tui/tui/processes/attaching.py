"""From something that trains already to a job that is watched here."""

from collections.abc import Callable

from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.processes.process import ProcessRecord
from mlops_tui.domain.runs.run import Run
from mlops_tui.domain.runs.silence import OPEN
from mlops_tui.services.jobs import attached_run, attachment, run_process
from mlops_tui.tui.kit.control_screen import ControlScreen
from mlops_tui.tui.kit.messages import Topic
from mlops_tui.tui.kit.write import Write
from mlops_tui.tui.processes.pick_process import RUN_ID, PickGuessDialog, PickProcessDialog

GoTo = Callable[[ProcessRecord], None]
NOT_PICKED = "Its log cannot be shown: it is not certain which process writes the run."


async def attach(screen: ControlScreen, go_to: GoTo) -> None:
    """Ask what to attach to: a process, or a run."""
    state_dir = screen.shell.settings.state_dir
    found = await screen.ask(attachment.find_processes, state_dir)
    picked = await screen.shell.push_screen_wait(PickProcessDialog(found))
    if picked is None:
        return
    if RUN_ID.fullmatch(picked):
        await attach_run(screen, picked, go_to)
        return
    since = next((each.since for each in found if each.pid == int(picked)), None)
    await _attach_process(screen, int(picked), since, "", go_to)


async def attach_run(screen: ControlScreen, run_id: str, go_to: GoTo) -> None:
    """Watch a run as a job, with its process where one is found; one that has ended is opened."""
    settings = screen.shell.settings
    found = await screen.ask(run_process.find_process, settings.store, settings.state_dir, run_id)
    if found.job is not None:
        go_to(found.job)
        return
    if found.run.status not in OPEN:
        screen.tell(f"{one_line(found.run.name, 60)} has ended: here is what it logged.")
        screen.shell.navigation.open_run(run_id)
        return
    process, why_not = found.certain, found.why_not
    if process is None and found.guesses:
        picked = await screen.shell.push_screen_wait(PickGuessDialog(found))
        if picked is None:
            return
        process = next((each for each in found.guesses if str(each.pid) == picked), None)
        why_not = NOT_PICKED
    if process is None:
        await _attach_run_alone(screen, found.run, why_not, go_to)
    else:
        await _attach_process(screen, process.pid, process.since, run_id, go_to)


async def _attach_process(
    screen: ControlScreen, pid: int, since: float | None, run_id: str, go_to: GoTo
) -> None:
    settings = screen.shell.settings
    await screen.write(
        Write[ProcessRecord](
            title=f"Attached to process {pid}",
            topic=Topic.JOBS,
            call=lambda backend: backend.call(
                attachment.attach, settings.store, settings.state_dir, pid, since, run_id
            ),
            confirm=go_to,
        )
    )


async def _attach_run_alone(screen: ControlScreen, run: Run, why_not: str, go_to: GoTo) -> None:
    settings = screen.shell.settings
    await screen.write(
        Write[ProcessRecord](
            title=f"Attached to the run {one_line(run.name, 60)}",
            topic=Topic.JOBS,
            call=lambda backend: backend.call(
                attached_run.attach, settings.store, settings.state_dir, run, why_not
            ),
            confirm=go_to,
        )
    )
