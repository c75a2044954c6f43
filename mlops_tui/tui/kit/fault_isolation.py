"""Keeps an unexpected error in one widget from ending the app; shows and logs it.

Textual 8.2.8 ends the app at the first error that a handler, a worker, a timer or a widget's
drawing raises, and has no public hook to prevent that. All of them pass through the few methods
that ``isolate`` wraps, or through ``App._handle_exception``.
"""

import asyncio
import threading
import traceback
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.segment import Segment
from rich.style import Style
from textual._context import active_message_pump
from textual.app import App
from textual.box_model import BoxModel
from textual.css.query import NoMatches
from textual.geometry import Region, Size
from textual.message import Message
from textual.message_pump import MessagePump
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Static
from textual.worker import WorkerFailed

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.plain_text import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

SENTENCE = " ✗ This cannot be shown."

MOST_FAULTS = 100
"""The most distinct errors that are shown and logged."""


class Faults:
    """The unexpected errors of an app; each is shown and logged once.

    ``log`` is the file that they are appended to, None for no log.
    """

    def __init__(self, app: App[Any], log: Path | None = None) -> None:
        self._app = app
        self.log = log
        self.errors: dict[tuple[str, str], Exception] = {}
        """The errors so far, by type and place."""

    def begin(self) -> None:
        """Handle errors that nothing on the running loop awaits."""
        asyncio.get_running_loop().set_exception_handler(self._hear_of_lost_error)

    def contain(self, error: Exception) -> None:
        """Show and log an error, unless it was shown before."""
        if isinstance(error, WorkerFailed) and isinstance(error.error, Exception):
            error = error.error
        frames = traceback.extract_tb(error.__traceback__)
        kind = type(error).__name__, str(frames[-2:])
        if kind in self.errors or len(self.errors) >= MOST_FAULTS:
            return
        self.errors[kind] = error
        self.append_to_log(error)
        traceback.clear_frames(error.__traceback__)  # they would keep screens in memory
        if self._app.is_running and not self._app._exit:  # noqa: SLF001 - Textual has no public word
            where = f"; details are in {self.log}" if self.log else ""
            said = f"A part of the screen failed with {kind[0]}. This is a bug in mlops-tui"
            self._app.notify(
                one_line(f"{said}{where}.", 600), severity="error", markup=False, timeout=10
            )

    async def persist(self, work: "Callable[[], Coroutine[Any, Any, None]]", pause: float) -> None:
        """Run work that never ends; restart it ``pause`` seconds after an error."""
        while True:
            try:
                await work()
            except Exception as error:  # noqa: BLE001 - whatever it is, the work goes on
                self.contain(error)
            await asyncio.sleep(pause)

    def append_to_log(self, error: Exception) -> None:
        """Append the traceback to the log, in a thread of its own."""
        if self.log is None:
            return
        from mlops_tui.services.files import fault_log

        path, text = self.log, "".join(traceback.format_exception(error))

        def append() -> None:
            with suppress(OSError, ServiceError):
                fault_log.append(path, text)

        threading.Thread(target=append, daemon=True).start()

    def _hear_of_lost_error(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if isinstance(error, Exception):
            self.contain(error)
        else:
            loop.default_exception_handler(context)


def contain(node: MessagePump, error: Exception) -> None:
    """Contain an error of a widget; raise it again where the app isolates nothing."""
    app = node.app
    faults = getattr(app, "faults", None)
    if not isinstance(faults, Faults) or (node is app and not app._dom_ready):  # noqa: SLF001 - Textual has no public word
        raise error
    faults.contain(error)


def contain_in_app(app: App[Any], faults: Faults, error: Exception) -> bool:
    """Contain an error that Textual would end the app for; return whether that was possible.

    It is not while the app has not begun, nor when it has ended. Work that is overtaken by the end
    may look for widgets that are gone: that is no error.
    """
    cause = error.error if isinstance(error, WorkerFailed) else error
    if isinstance(cause, NoMatches) and app._dom_ready and not app._running:  # noqa: SLF001 - Textual has no public word
        return True
    if not (app._dom_ready and (app._running or app._exit)):  # noqa: SLF001 - Textual has no public word
        faults.append_to_log(error)
        return False
    faults.contain(error)
    node = active_message_pump.get(None)
    if isinstance(node, Widget) and not (node.is_mounted or node.children):
        node.mount(Static(SENTENCE, markup=False))  # its own parts could not be made
    return True


def fault_line(width: int) -> Strip:
    """Return the line that stands in the place of what cannot be drawn."""
    return Strip([Segment(SENTENCE, Style(bold=True))], len(SENTENCE)).adjust_cell_length(width)


def isolate() -> None:
    """Let errors in the methods that Textual calls for one widget stay in that widget."""
    _wrap(Widget, "render_lines", _fault_lines)
    _wrap(Widget, "_get_box_model", _one_line)
    _wrap(Widget, "_size_updated", lambda *_: True)
    name = "_dispatch_message"
    dispatch = getattr(MessagePump, name)

    async def contained(self: MessagePump, message: Message) -> None:
        try:
            await dispatch(self, message)
        except Exception as error:  # noqa: BLE001 - whatever it is, it stays here
            contain(self, error)

    setattr(MessagePump, name, contained)


def _wrap(owner: type[Widget], name: str, instead: "Callable[..., object]") -> None:
    """Wrap a method so that ``instead`` answers where it fails."""
    method = getattr(owner, name)

    def contained(self: Widget, *args: Any, **options: Any) -> object:
        try:
            return method(self, *args, **options)
        except Exception as error:  # noqa: BLE001 - whatever it is, it stays here
            contain(self, error)
            return instead(self, *args)

    setattr(owner, name, contained)


def _fault_lines(_widget: Widget, crop: Region) -> list[Strip]:
    blank = [Strip.blank(crop.width)] * max(0, crop.height - 1)
    return [fault_line(crop.width), *blank][: crop.height]


def _one_line(widget: Widget, container: Size, *_: object) -> BoxModel:
    return BoxModel(Fraction(container.width), Fraction(1), widget.styles.margin)


isolate()
