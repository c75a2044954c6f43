"""Finds the running workers of a widget, and runs work that outlives its screen."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from textual.widget import Widget
from textual.worker import WorkerError

from mlops_tui.tui.shell import Shell

R = TypeVar("R")


def is_working(widget: Widget, group: str) -> bool:
    """Return whether the widget has a running worker in this group."""
    mine = (each for each in widget.workers if each.node is widget and each.group == group)
    return any(each.is_running for each in mine)


async def outlive(shell: Shell, work: Coroutine[Any, Any, R]) -> R:
    """Return what the work returns; it goes on in the app when the screen is left meanwhile."""
    worker = shell.run_worker(work, group="outliving")
    try:
        answer = await asyncio.shield(worker.wait())
    except WorkerError:  # the app has shown why
        raise asyncio.CancelledError from None
    return answer
