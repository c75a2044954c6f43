"""Calls a service function on behalf of a widget."""

import asyncio
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from textual.widget import Widget

from mlops_tui.tui.shell import shell_of

P = ParamSpec("P")
R = TypeVar("R")


def is_leaving(widget: Widget) -> bool:
    """Return whether the widget is being removed; its children may be gone already."""
    if widget._pruning or not widget.app.is_running:  # noqa: SLF001 - Textual has no public word
        return True
    return not (widget.is_attached and widget.is_running)


async def ask(widget: Widget, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Call a service function for a widget; raises its ``ServiceError``.

    When the widget is being removed by the time the answer comes, its worker is cancelled instead.
    """
    try:
        return await shell_of(widget).backend.call(function, *args, **kwargs)
    finally:
        if is_leaving(widget):
            raise asyncio.CancelledError
