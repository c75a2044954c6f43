"""The footer: the keys that work now, on one line."""

from dataclasses import dataclass

from rich.cells import cell_len
from textual.binding import Binding
from textual.events import Click
from textual.screen import Screen
from textual.strip import Strip

from mlops_tui.domain.plain_text import one_line
from mlops_tui.tui.kit.line_widget import LineWidget, Piece, strip_of

HELP = "question_mark"
"""The key that is always shown last, however narrow the screen is."""

GAP = 2


@dataclass(frozen=True, slots=True)
class Entry:
    """A key in the bar: Textual's name, the shown name, the label."""

    key: str
    shown: str
    label: str
    enabled: bool

    @property
    def width(self) -> int:
        """Cells that it takes."""
        return cell_len(self.shown) + 1 + cell_len(self.label)


class KeyBar(LineWidget):
    """Shows the active bindings with their labels, drawn by one widget."""

    COMPONENT_CLASSES = {"key-bar--key", "key-bar--disabled"}
    DEFAULT_CSS = """
    KeyBar {
        dock: bottom;
        height: 1;
        background: $panel;
        & > .key-bar--key { color: $text-accent; text-style: bold; }
        & > .key-bar--disabled { color: $text-disabled; }
    }
    """

    _entries: tuple[Entry, ...] = ()

    def on_mount(self) -> None:
        """Follow changes of the active bindings."""
        self.screen.bindings_updated_signal.subscribe(self, self._take_keys)
        self._take_keys(self.screen)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The keys that fit into the width."""
        *others, last = self._entries or (Entry("", "", "", enabled=True),)
        room = self.size.width - last.width
        fitting: list[Entry] = []
        for entry in others:
            room -= entry.width + GAP
            if room < 0:
                break
            fitting.append(entry)
        return (*fitting, last)

    def draw(self, y: int) -> Strip:
        """Return the one line."""
        base = self.style_of()
        pieces: list[Piece] = []
        for entry in self.entries if y == 0 else ():
            part = "key-bar--key" if entry.enabled else "key-bar--disabled"
            gap = " " * GAP if pieces else ""
            label_style = base if entry.enabled else self.style_of(part)
            pieces += [(gap, base), (entry.shown, self.style_of(part))]
            pieces += [(f" {entry.label}", label_style)]
        return strip_of(pieces, self.size.width, base)

    def on_click(self, event: Click) -> None:
        """Press the key that was clicked."""
        start = 0
        for entry in self.entries:
            if start <= event.x < start + entry.width and entry.enabled:
                self.app.simulate_key(entry.key)
            start += entry.width + GAP

    def _take_keys(self, screen: Screen[object]) -> None:
        entries: dict[str, Entry] = {}
        for _node, binding, enabled, _tooltip in screen.active_bindings.values():
            if binding.show and binding.description:
                entries.setdefault(binding.action, self._entry(binding, enabled=enabled))
        if (known := screen.active_bindings.get(HELP)) is not None:
            entries.pop(known.binding.action, None)
            entries[known.binding.action] = self._entry(known.binding, enabled=known.enabled)
        self._entries = tuple(entries.values())
        self.repaint()

    def _entry(self, binding: Binding, *, enabled: bool) -> Entry:
        shown = one_line(self.app.get_key_display(binding))
        return Entry(binding.key, shown, one_line(binding.description), enabled)
