"""Goes on with the monitors of this machine that a restart of it has ended."""

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.plain_text import one_line
from mlops_tui.services.monitoring import monitors

if TYPE_CHECKING:
    from mlops_tui.tui.shell import Shell

EVERY = 60.0
"""Seconds between two looks."""


async def resume_monitors(shell: "Shell") -> None:
    """Start, from time to time, the monitors that should run here and do not."""
    while True:
        settings = shell.settings  # the store may be another one since
        if not settings.read_only:
            with suppress(ServiceError):  # whoever shows the monitors says so
                started = await shell.backend.call(
                    monitors.resume, settings.store, settings.state_dir
                )
                for title in started:
                    shell.notify(f"The monitor {one_line(title, 60)} goes on.", markup=False)
        await asyncio.sleep(EVERY)
