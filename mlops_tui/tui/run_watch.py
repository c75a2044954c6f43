"""The watch over the runs that are attached to as jobs, whatever screen is shown."""

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from mlops_tui.domain.errors import ServiceError
from mlops_tui.services.jobs import attached_run

if TYPE_CHECKING:
    from mlops_tui.tui.shell import Shell


async def watch_runs(shell: "Shell") -> None:
    """Look at the runs again and again; a store that does not answer is asked later."""
    settings = shell.settings
    while True:
        with suppress(ServiceError):  # whoever shows the run says so
            await shell.backend.call(attached_run.look, settings.store, settings.state_dir)
        await asyncio.sleep(settings.refresh_interval)
