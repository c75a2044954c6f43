"""Quitting while a change is being written."""

import asyncio
from typing import Any

from textual.app import App
from textual.worker import Worker

from mlops_tui.tui.kit.workers import outliving

WAITS = (
    "A change is still being written; mlops-tui quits when it is done. "
    "q again quits at once: then nobody sees whether it was done."
)
GROUP = "leaving"
STAY_SECONDS = 3600
"""How long the notice stands: until the app quits."""


def leave(app: App[Any]) -> None:
    """Quit when all changes are written; asked for a second time, quit at once."""
    if any(each.group == GROUP and each.is_running for each in app.workers):
        app.exit()
    elif pending := outliving(app):
        app.notify(WAITS, severity="warning", timeout=STAY_SECONDS, markup=False)
        app.run_worker(_leave_after(app, pending), group=GROUP)
    else:
        app.exit()


async def _leave_after(app: App[Any], pending: list[Worker[Any]]) -> None:
    """Quit after the changes; stay where the store refused one, for the reason is to be read."""
    told = _failures(app)
    while pending:
        await asyncio.gather(*(each.wait() for each in pending), return_exceptions=True)
        pending = outliving(app)
    if _failures(app) <= told:
        app.exit()


def _failures(app: App[Any]) -> set[str]:
    return {
        each.identity
        for each in app._notifications  # noqa: SLF001 - Textual has no public word
        if each.severity == "error"
    }
