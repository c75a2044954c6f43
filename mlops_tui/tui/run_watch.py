"""Polls the runs that are attached as jobs, on every screen."""

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from mlops_tui.domain.errors import ServiceError
from mlops_tui.services.jobs import attached_run

if TYPE_CHECKING:
    from mlops_tui.tui.shell import Shell


async def watch_runs(shell: "Shell") -> None:
    """Poll the attached runs for ever; skip a poll that the store does not answer."""
    while True:
        settings = shell.settings  # the store may be another one since
        with suppress(ServiceError):  # whoever shows the run says so
            await shell.backend.call(attached_run.look, settings.store, settings.state_dir)
        await asyncio.sleep(settings.refresh_interval)
