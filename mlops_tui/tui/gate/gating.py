"""What a person does with the gate of a version."""

from pathlib import Path

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.gate.gate_view import GateView
from mlops_tui.domain.gate.verdict import GateState
from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.domain.models.stage import Stage
from mlops_tui.services.gate import gate_job, gate_reading
from mlops_tui.services.jobs import jobs
from mlops_tui.tui.gate import rule_changes
from mlops_tui.tui.gate.gate_dialog import GateDialog, GateWish, Wish
from mlops_tui.tui.kit.control_screen import ControlScreen
from mlops_tui.tui.kit.messages import Changed, Topic

LOG_MODE = "training"
"""The screen that shows the log of a check, as of other jobs."""


async def open_gate(
    screen: ControlScreen, version: ModelVersion, stage: Stage = Stage.PRODUCTION
) -> None:
    """Show the gate of a stage for a version; do what is asked there, until it is closed."""
    await _attend(screen, version, stage, waits=False)


async def pass_gate(screen: ControlScreen, version: ModelVersion, stage: Stage) -> bool:
    """Check a version and wait for that; return whether it has passed.

    Closed before, the check goes on, but the answer is False.
    """
    view = await read_gate_of(screen, version, stage)
    if view.job is None:
        await _run(screen, view)
    return await _attend(screen, version, stage, waits=True)


async def _attend(
    screen: ControlScreen, version: ModelVersion, stage: Stage, *, waits: bool
) -> bool:
    view = await read_gate_of(screen, version, stage)
    while not (waits and view.state is GateState.PASSED):

        async def read(wanted: Stage) -> GateView:
            return await read_gate_of(screen, version, wanted)

        wish = await screen.shell.push_screen_wait(GateDialog(view, read, waits=waits))
        if wish is None:
            screen.shell.changed.publish(Changed(Topic.MODELS))
            return False
        if wish.wish is Wish.PASSED:
            break
        try:
            goes_on = await _do(screen, wish)
        except ServiceError as error:
            screen.complain(error)
            goes_on = True
        if not goes_on:
            return False
        view = await read_gate_of(screen, version, wish.view.stage)
    return True


async def read_gate_of(
    screen: ControlScreen, version: ModelVersion, stage: Stage, *, names: bool = True
) -> GateView:
    """Return the gate of a stage as it is for a version now."""
    settings = screen.shell.settings
    return await screen.ask(
        gate_reading.read_gate,
        settings.store,
        settings.state_dir,
        version.name,
        version.version,
        stage,
        names=names,
    )


async def _do(screen: ControlScreen, wish: GateWish) -> bool:
    """Do what is wanted; return whether the dialog is to be shown again."""
    view = wish.view
    match wish.wish:
        case Wish.RUN:
            await _run(screen, view)
        case Wish.STOP if view.job:
            settings = screen.shell.settings
            await screen.ask(jobs.stop_job, settings.store, settings.state_dir, view.job.process_id)
        case Wish.LOG if view.job:
            screen.shell.navigation.open_log(LOG_MODE, view.job)
            return False
        case Wish.OPEN_RUN if view.verdict:
            screen.shell.navigation.open_run(view.verdict.run_id)
            return False
        case _:
            await rule_changes.change(screen, wish)
    return True


async def _run(screen: ControlScreen, view: GateView) -> None:
    """Start the check."""
    settings = screen.shell.settings
    version = view.version
    request = gate_job.GateRequest(version.name, version.version, view.stage, Path.cwd())
    await screen.ask(
        gate_job.launch_gate,
        settings.store,
        settings.state_dir,
        screen.shell.job_python,
        request,
    )
    screen.shell.changed.publish(Changed(Topic.JOBS))
