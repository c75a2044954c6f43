"""From something that trains already to a job that is watched here."""

from collections.abc import Callable

from mlops_tui.domain.process import ProcessRecord
from mlops_tui.services import attachment, runs
from mlops_tui.tui.control_screen import ControlScreen
from mlops_tui.tui.dialogs.pick_process import RUN_ID, PickProcessDialog
from mlops_tui.tui.messages import Topic
from mlops_tui.tui.write import Write


async def attach(screen: ControlScreen, go_to: Callable[[ProcessRecord], None]) -> None:
    """Ask what to attach to. A process becomes a job; of a run, its page shows what it logs."""
    settings = screen.room.settings
    found = await screen.ask(attachment.find_processes, settings.state_dir)
    picked = await screen.room.push_screen_wait(PickProcessDialog(found))
    if picked is None:
        return
    if RUN_ID.fullmatch(picked):
        await screen.ask(runs.get_run, settings.store, picked)
        screen.room.open_run(picked)
        return
    pid = int(picked)
    since = next((each.since for each in found if each.pid == pid), None)
    await screen.write(
        Write[ProcessRecord](
            title=f"Attached to process {pid}",
            topic=Topic.JOBS,
            call=lambda: screen.ask(
                attachment.attach, settings.store, settings.state_dir, pid, since
            ),
            truth=go_to,
        )
    )
