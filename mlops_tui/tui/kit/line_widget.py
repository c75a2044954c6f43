"""A widget that draws line by line and sends only changed cells to the terminal."""

from collections.abc import Iterator
from functools import lru_cache
from typing import TypedDict, Unpack

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from mlops_tui.tui.kit.fault_isolation import contain, fault_line

Piece = tuple[str, Style]
"""A part of a line in one style."""


PLAIN = Style.null()

CACHED_LINES = 256
"""Size of the cache of ``is_narrow``."""


class WidgetPlace(TypedDict, total=False):
    """Textual's keyword arguments that name a widget."""

    id: str | None
    classes: str | None


class LineWidget(Widget):
    """A widget drawn by ``draw``, line by line.

    After a change a subclass calls ``repaint``: it sends only the lines that look different, each
    up to its last changed cell.
    """

    ALLOW_SELECT = False

    def __init__(self, **place: Unpack[WidgetPlace]) -> None:
        super().__init__(**place)
        self._drawn_lines = DrawnLines(self)
        self._styles_by_part: dict[str, Style] = {}

    def draw(self, y: int) -> Strip:
        """Return line ``y`` of the widget, as wide as the widget."""
        raise NotImplementedError

    def repaint(self) -> None:
        """Refresh the lines that look different."""
        for region in self._drawn_lines.changed() if self.is_mounted else ():
            self.refresh(region)

    def render_line(self, y: int) -> Strip:
        """Return a line to Textual."""
        return self._drawn_lines.drawn(y)

    def style_of(self, part: str = "") -> Style:
        """Return the style of a component class, or of the widget."""
        if part not in self._styles_by_part:
            own = self.get_component_rich_style(part) if part else self.rich_style
            self._styles_by_part[part] = own
        return self._styles_by_part[part]

    def on_resize(self) -> None:
        """Clear the cached lines after a change of size."""
        self._drawn_lines.forget()
        self.resized()

    def resized(self) -> None:
        """Update the layout after a change of size."""

    def notify_style_update(self) -> None:
        """Clear the cached styles after a change of theme."""
        self._styles_by_part.clear()
        super().notify_style_update()


class DrawnLines:
    """Caches the lines of a widget as last drawn."""

    def __init__(self, widget: LineWidget) -> None:
        self._widget = widget
        self._drawn: dict[int, Strip] = {}
        self._faulty: set[int] = set()
        """Lines that could not be drawn."""

    def drawn(self, y: int) -> Strip:
        """Draw and cache a line."""
        strip = self._drawn[y] = self._draw(y)
        return strip

    def forget(self) -> None:
        """Clear the cache."""
        self._drawn.clear()

    def changed(self) -> Iterator[Region]:
        """Yield the regions that look different, adjacent lines as one."""
        first = widest = 0
        height = self._widget.size.height
        for y in range(height):
            width = self._changed_width(y)
            if width and widest:
                widest = max(widest, width)
            elif width:
                first, widest = y, width
            elif widest:
                yield Region(0, first, widest, y - first)
                widest = 0
        if widest:
            yield Region(0, first, widest, height - first)

    def _changed_width(self, y: int) -> int:
        before, now = self._drawn.get(y), self._draw(y)
        if before is None:
            return self._widget.size.width
        return 0 if before is now or before == now else changed_width(before, now)

    def _draw(self, y: int) -> Strip:
        """Draw a line; show an error on the first that fails and leave the next ones blank."""
        try:
            strip = self._widget.draw(y)
        except Exception as error:  # noqa: BLE001 - whatever it is, it stays here
            contain(self._widget, error)
            is_first = y - 1 not in self._faulty
            self._faulty.add(y)
            width = self._widget.size.width
            return fault_line(width) if is_first else Strip.blank(width)
        self._faulty.discard(y)
        return strip


def strip_of(pieces: list[Piece], width: int, blank: Style) -> Strip:
    """Return the pieces as a strip of ``width`` cells with as few segments as possible.

    Each change of style costs about forty bytes, so adjacent pieces that look alike are joined.
    """
    spare = width - sum(cell_len(text) for text, _ in pieces)
    segments: list[Segment] = []
    for text, style in [*pieces, (" " * max(0, spare), blank)]:
        last, last_style = (segments[-1].text, segments[-1].style) if segments else ("", None)
        if last_style is not None and _look_alike(text, style, last_style):
            segments[-1] = Segment(last + text, last_style)
        elif last_style is not None and _look_alike(last, last_style, style):
            segments[-1] = Segment(last + text, style)
        elif text:
            segments.append(Segment(text, style))
    return Strip(segments).adjust_cell_length(width, blank)


def changed_width(before: Strip, now: Strip) -> int:
    """Return how many cells from the left hold all differences between two lines."""
    width = now.cell_length
    if before.cell_length != width or not (is_narrow(before.text) and is_narrow(now.text)):
        return max(width, before.cell_length)
    for (a, style), (b, other) in zip(_from_right(before), _from_right(now), strict=True):
        if a != b or not _look_alike(a, style, other):
            return width
        width -= 1
    return 0


def _look_alike(text: str, style: Style, other: Style) -> bool:
    """Return whether the text looks the same in both styles: blanks show no text colour."""
    if style == other:
        return True
    shows_on_blanks = (style.underline, style.reverse, style.strike, style.overline)
    return (
        not text.strip(" ")
        and style.bgcolor == other.bgcolor
        and not any(shows_on_blanks)
        and not any((other.underline, other.reverse, other.strike, other.overline))
    )


def _from_right(strip: Strip) -> Iterator[Piece]:
    """Yield the characters of a line, the last first."""
    for text, style, _ in reversed(list(strip)):
        for character in reversed(text):
            yield character, style or PLAIN


@lru_cache(CACHED_LINES)
def is_narrow(text: str) -> bool:
    """Return whether each character takes one cell."""
    return text.isascii() or all(cell_len(character) == 1 for character in set(text))
