"""The app that a widget is in."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, ParamSpec, TypeVar, cast

from textual.widget import Widget

if TYPE_CHECKING:
    from mlops_tui.tui.app import ControlRoom

P = ParamSpec("P")
R = TypeVar("R")


def room_of(widget: Widget) -> "ControlRoom":
    """Return the app with its own type."""
    return cast("ControlRoom", widget.app)


async def ask(widget: Widget, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Call a service function for a widget; raises its ``ServiceError``.

    A widget that is gone when the answer comes hears nothing: its worker ends there.
    """
    answer = await room_of(widget).backend.call(function, *args, **kwargs)
    if not (widget.is_attached and widget.is_running):
        raise asyncio.CancelledError
    return answer
