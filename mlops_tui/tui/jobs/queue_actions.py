"""What a person does with the queue of training jobs."""

from mlops_tui.domain.jobs.job_queue import MOST_SLOTS, JobQueue
from mlops_tui.domain.processes.process import ProcessRecord
from mlops_tui.services.jobs import job_queue
from mlops_tui.tui.kit.control_screen import ControlScreen
from mlops_tui.tui.kit.messages import Topic
from mlops_tui.tui.kit.write import Write


def move(screen: ControlScreen, job: ProcessRecord | None, queue: JobQueue, places: int) -> None:
    """Let a waiting job start later or earlier; the row that moves says so, its keys undo it."""
    if job and not why_not_waiting(job, queue):
        screen.begin(_move(screen, job, places))


def hold_or_release(screen: ControlScreen, job: ProcessRecord | None, queue: JobQueue) -> None:
    """Let a waiting job not start for now, or a held one when it is its turn."""
    if job and not why_not_waiting(job, queue):
        screen.begin(_hold(screen, job, held=job.process_id not in queue.held))


async def ask_slots(screen: ControlScreen, queue: JobQueue) -> None:
    """Ask how many jobs may run at once."""
    from mlops_tui.tui.kit.text_dialog import LineDialog

    text = await screen.shell.push_screen_wait(
        LineDialog(
            "Slots",
            str(queue.slots),
            explain=f"How many jobs run at once. Empty: as many as suit this machine "
            f"({queue.usual_slots}). 0 starts none; jobs that run go on.",
            problem=_problem,
            equivalent=lambda text: f"mlops-tui queue --slots {text or 'auto'}",
        )
    )
    if text is not None:
        await screen.write(_slots(screen, int(text) if text else None))


def why_not_waiting(job: ProcessRecord, queue: JobQueue) -> str:
    """Return why a job can be neither moved nor held, empty if it can."""
    if queue.position(job.process_id):
        return ""
    return f"{job.title} does not wait: it is {job.state.value}."


async def _move(screen: ControlScreen, job: ProcessRecord, places: int) -> None:
    by = await screen.ask(job_queue.move, screen.shell.settings.state_dir, job.process_id, places)
    if not by:
        screen.why_not(f"{job.title} is the {'next' if places < 0 else 'last'} one already.")
    screen.action_refresh_data()


async def _hold(screen: ControlScreen, job: ProcessRecord, *, held: bool) -> None:
    await screen.write(_held(screen, job, held=held))


def _held(screen: ControlScreen, job: ProcessRecord, *, held: bool) -> Write[None]:
    call = job_queue.hold if held else job_queue.release
    return Write(
        title=f"{job.title} {'held' if held else 'released'}",
        topic=Topic.JOBS,
        call=lambda backend: backend.call(call, screen.shell.settings.state_dir, job.process_id),
        undo=lambda _: _held(screen, job, held=not held),
    )


def _slots(screen: ControlScreen, slots: int | None) -> Write[int | None]:
    return Write(
        title="As many slots as suit this machine" if slots is None else f"Slots: {slots}",
        topic=Topic.JOBS,
        call=lambda backend: backend.call(
            job_queue.set_slots, screen.shell.settings.state_dir, slots
        ),
        undo=lambda before: _slots(screen, before),
    )


def _problem(text: str) -> str:
    is_number = text.isascii() and text.isdecimal() and len(text) <= len(str(MOST_SLOTS))
    return "" if is_number or not text else f"A number from 0 to {MOST_SLOTS}, or nothing."
