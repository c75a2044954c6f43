"""Pastes of megabytes: Textual reads them character by character, for a minute or two."""

from collections.abc import Iterable

from textual import events
from textual._xterm_parser import XTermParser
from textual.drivers import linux_driver
from textual.message import Message

START, END = "\x1b[200~", "\x1b[201~"

MOST = 64 * 1024 * 1024
"""Characters of a paste that are kept."""


class PasteParser(XTermParser):
    """Takes what is between the marks of a paste as a whole."""

    def __init__(self, debug: bool = False) -> None:  # noqa: FBT001, FBT002 - as Textual calls it
        super().__init__(debug)
        self._pasted: list[str] | None = None
        self._size = 0
        self._tail = ""

    def feed(self, data: str) -> Iterable[Message]:
        """Return the events of what was read; an empty text is the end."""
        if not data:
            yield from super().feed(data)
        while data:
            if self._pasted is None:
                before, mark, data = data.partition(START)
                if before:
                    yield from super().feed(before)
                if mark:
                    self._pasted, self._size = [], 0
                continue
            inside, mark, after = (self._tail + data).partition(END)
            # The last of it may be the beginning of the mark.
            cut = len(inside) if mark else len(inside) - len(END) + 1
            inside, self._tail, data = inside[:cut], inside[max(cut, 0) :], after
            self._keep(inside if cut > 0 else "")
            if mark:
                yield events.Paste("".join(self._pasted).replace("\x00", ""))
                self._pasted = None

    def _keep(self, text: str) -> None:
        if self._pasted is not None and self._size < MOST:
            self._pasted.append(text)
            self._size += len(text)


def install() -> None:
    """Let Textual's driver read pastes so."""
    vars(linux_driver)["XTermParser"] = PasteParser
