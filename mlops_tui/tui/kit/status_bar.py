"""The first line of every screen."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from textual.events import Click
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from mlops_tui.domain.plain_text import one_line
from mlops_tui.tui.kit.line_widget import LineWidget, Piece, strip_of

NAME = "mlops-tui"
READ_ONLY = "READ-ONLY"
FORMS: Sequence[tuple[int, int | None, int | None]] = (
    (len(NAME), None, None),
    (0, None, None),
    (0, 3, None),
    (0, 0, None),
    (0, 0, 0),
)
"""Characters shown of the app's name, of a title, of the active title (None: all); widest first."""

LEAST_STORE = 8
"""The fewest cells for the store's address."""

LONGEST_STORE = 20
"""The most characters of the store's name."""

Tab = tuple[str, str]
"""A mode and its text; the mode is empty for the app's name."""


class StatusBar(LineWidget):
    """Shows name, screens with their keys, store, read-only mark and freshness.

    Parts are shortened or left out in a narrow terminal, but never freshness, read-only mark, and
    which store it is.
    """

    COMPONENT_CLASSES = {"status-bar--active", "status-bar--mark"}
    DEFAULT_CSS = """
    StatusBar {
        dock: top;
        height: 1;
        background: $panel;
        & > .status-bar--active { text-style: bold reverse; }
        & > .status-bar--mark { color: $text-warning; text-style: bold; }
    }
    """

    active: reactive[str] = reactive("", repaint=False, init=False)
    store: reactive[str] = reactive("", repaint=False, init=False)
    store_name: reactive[str] = reactive("", repaint=False, init=False)
    freshness: reactive[str] = reactive("", repaint=False, init=False)
    read_only: reactive[bool] = reactive(default=False, repaint=False, init=False)

    @dataclass
    class Chosen(Message):
        """A screen's name was clicked."""

        mode: str

    def __init__(self, places: Sequence[tuple[str, str, str]]) -> None:
        super().__init__()
        self._places = tuple(places)

    def watch_active(self) -> None:
        """Show which screen it is."""
        self.repaint()

    def watch_store(self) -> None:
        """Show which store it is."""
        self.repaint()

    def watch_store_name(self) -> None:
        """Show what the store is called."""
        self.repaint()

    def watch_freshness(self) -> None:
        """Show how old the data are."""
        self.repaint()

    def watch_read_only(self) -> None:
        """Show whether anything can be changed."""
        self.repaint()

    def draw(self, y: int) -> Strip:
        """Return the one line."""
        base, width = self.style_of(), self.size.width
        if y:
            return Strip.blank(width, base)
        tabs, store = self._parts()
        pieces: list[Piece] = []
        for mode, text in tabs:
            active = mode and mode == self.active
            pieces.append((text, self.style_of("status-bar--active") if active else base))
        used = sum(cell_len(text) for text, _ in pieces) + cell_len(store + self._end())
        pieces.append((" " * max(0, width - used) + store, base))
        if self.read_only:
            pieces.append((f" {READ_ONLY}", self.style_of("status-bar--mark")))
        pieces.append((f" {one_line(self.freshness)} ", base))
        return strip_of(pieces, width, base)

    def on_click(self, event: Click) -> None:
        """Post which screen was chosen."""
        end = 0
        for mode, text in self._parts()[0]:
            end += cell_len(text)
            if event.x < end:
                if mode:
                    self.post_message(self.Chosen(mode))
                return

    def _end(self) -> str:
        mark = f" {READ_ONLY}" if self.read_only else ""
        return f"{mark} {one_line(self.freshness)} "

    def _parts(self) -> tuple[list[Tab], str]:
        """Return the longest tabs that fit, and as much of the store's name as fits."""
        room = self.size.width - cell_len(self._end())
        name, address = one_line(self.store_name, LONGEST_STORE), one_line(self.store)
        least = cell_len(name) if name else min(cell_len(address), LEAST_STORE)
        forms = [self._tabs(*form) for form in FORMS]
        tabs = next((tabs for tabs in forms if _width(tabs) + least < room), [])
        left = room - _width(tabs) - 1
        if not name:
            return tabs, _tail(address, left)
        tail = _tail(address, left - cell_len(name) - 1)
        return tabs, f"{name} {tail}" if tail else name[: max(0, left)]

    def _tabs(self, name: int, title: int | None, active: int | None) -> list[Tab]:
        tabs = [("", f" {NAME[:name]} ")] if name else []
        for key, full, mode in self._places:
            shown = full[: active if mode == self.active else title]
            tabs.append((mode, f" {key} {shown} " if shown else f" {key} "))
        return tabs


def _tail(text: str, width: int) -> str:
    """Return the end of a text that fits: the end tells stores apart."""
    if cell_len(text) <= width:
        return text
    return "…" + text[len(text) - width + 1 :] if width >= LEAST_STORE else ""


def _width(tabs: Sequence[Tab]) -> int:
    return sum(cell_len(text) for _, text in tabs)
