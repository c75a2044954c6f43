"""Finds the running workers of a widget, and runs work that outlives its screen."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from textual.app import App
from textual.widget import Widget
from textual.worker import Worker, WorkerError

from mlops_tui.tui.shell import Shell

R = TypeVar("R")

OUTLIVING = "outliving"
"""The group of workers that no screen owns."""


def is_working(widget: Widget, group: str) -> bool:
    """Return whether the widget has a running worker in this group."""
    mine = (each for each in widget.workers if each.node is widget and each.group == group)
    return any(each.is_running for each in mine)


def outliving(app: App[Any]) -> list[Worker[Any]]:
    """Return the work that goes on whatever screen is left."""
    return [each for each in app.workers if each.group == OUTLIVING and each.is_running]


async def outlive(shell: Shell, work: Coroutine[Any, Any, R]) -> R:
    """Return what the work returns; it goes on in the app when the screen is left meanwhile."""
    worker = shell.run_worker(work, group=OUTLIVING)
    return await asyncio.shield(_answer(worker))


async def _answer(worker: Worker[R]) -> R:
    """Return what a worker returns; its failure, which the app has shown, is as a cancellation.

    Where the app ends first, nobody is left to hear of either.
    """
    try:
        return await worker.wait()
    except WorkerError:
        raise asyncio.CancelledError from None
