"""Allowing the next step of a retraining."""

import shlex
from typing import TYPE_CHECKING

from mlops_tui.domain.retraining.attempt import Step
from mlops_tui.services.retraining import retraining
from mlops_tui.tui.kit.confirm import ConfirmDialog
from mlops_tui.tui.kit.messages import Changed, Topic

if TYPE_CHECKING:
    from mlops_tui.domain.loop.loop_line import LoopLine
    from mlops_tui.tui.kit.control_screen import ControlScreen

WHAT = {
    Step.TRAIN: "Train it again?",
    Step.REGISTER: "Register the new model?",
    Step.GATE: "Check the new version?",
    Step.STAGING: "Move the new version to Staging?",
    Step.PRODUCTION: "Move the new version to Production?",
}


async def approve(screen: "ControlScreen", line: "LoopLine") -> None:
    """Ask whether the step is to be done that an attempt waits for; do it."""
    attempt = line.attempt
    if attempt is None:
        return
    told = f"{attempt.sentence} Reason: {attempt.because}".strip()
    command = shlex.join(["mlops-tui", "retrain", "approve", line.model])
    title = f"{line.model}: {WHAT.get(attempt.step, attempt.step)}"
    if not await screen.shell.push_screen_wait(ConfirmDialog(title, told, command)):
        return
    settings = screen.shell.settings
    after = await screen.ask(retraining.approve, settings.store, settings.state_dir, line.model)
    screen.tell(after.sentence or f"{line.model}: allowed.")
    screen.shell.changed.publish(Changed(Topic.MODELS))
    screen.action_refresh_data()
