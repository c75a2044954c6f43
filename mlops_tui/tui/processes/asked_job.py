"""Asking for a job in a dialog until it is started."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.domain.processes.process import ProcessRecord
from mlops_tui.domain.store import Store
from mlops_tui.tui.kit.control_screen import ControlScreen
from mlops_tui.tui.kit.dialog import Dialog
from mlops_tui.tui.kit.messages import Topic
from mlops_tui.tui.kit.write import Write

Request = TypeVar("Request")


async def start_asked(
    screen: ControlScreen,
    dialog: Callable[[Request, str], Dialog[Request]],
    request: Request,
    launch: Callable[[Store, Path, Path | str, Request], ProcessRecord],
    title: str,
) -> None:
    """Ask until the job is started, or the person gives up; go to the job.

    ``dialog`` makes a dialog from a request and the reason why it was refused.
    """
    reason = ""
    while True:
        chosen = await screen.shell.push_screen_wait(dialog(request, reason))
        if chosen is None:
            return
        record = await screen.write(_start(screen, launch, chosen, title))
        if record is not None:
            await screen.shell.navigation.show_job(record)
            return
        request, reason = chosen, "It was not started; what you typed is still here."


def file_stem(version: ModelVersion) -> str:
    """Return the beginning of a file's name that a version is known by."""
    name = "".join(sign if sign.isalnum() or sign in "-_" else "-" for sign in version.name)
    return f"{name.strip('-')[:80] or 'model'}-v{version.version}"


def _start(
    screen: ControlScreen,
    launch: Callable[[Store, Path, Path | str, Request], ProcessRecord],
    request: Request,
    title: str,
) -> Write[ProcessRecord]:
    settings = screen.shell.settings
    return Write(
        title=title,
        topic=Topic.JOBS,
        call=lambda backend: backend.call(
            launch, settings.store, settings.state_dir, screen.shell.job_python, request
        ),
    )
