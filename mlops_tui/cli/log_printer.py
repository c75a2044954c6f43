"""Prints lines of a log."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING, TextIO

from mlops_tui.domain.plain_text import harmless

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mlops_tui.domain.logs.terminal_text import LogLine


class LogPrinter:
    """Prints lines: in colour on a terminal unless NO_COLOR is set, else plain."""

    def __init__(self, out: TextIO, *, as_json: bool = False) -> None:
        self._out = out
        # Colours are ours: a safe stream takes them here.
        self._write_styled: Callable[[str], object] = getattr(out, "write_styled", out.write)
        self._as_json = as_json
        self._is_terminal = out.isatty() and not as_json
        self._in_colour = self._is_terminal and not os.environ.get("NO_COLOR")
        self._shown_for_now = False

    def put(self, first: int, lines: Sequence[LogLine]) -> None:
        """Print lines; ``first`` is the number of the first one, counted from 0."""
        self._wipe()
        for number, line in enumerate(lines, first + 1):
            self._write_styled(f"{self._as_text(number, line)}\n")

    def show_for_now(self, line: LogLine | None) -> None:
        """Show an incomplete line, such as a progress bar; the next output replaces it."""
        if line is not None and self._is_terminal:
            from rich.cells import set_cell_size

            self._wipe()
            width = shutil.get_terminal_size().columns - 1
            self._out.write(set_cell_size(line.text, width).rstrip())
            self._shown_for_now = True

    def flush(self) -> None:
        """Flush the output."""
        self._out.flush()

    def end(self) -> None:
        """Remove the incomplete line."""
        self._wipe()

    def _wipe(self) -> None:
        if self._shown_for_now:
            self._write_styled("\r\x1b[K")
            self._shown_for_now = False

    def _as_text(self, number: int, line: LogLine) -> str:
        if self._as_json:
            import json

            return json.dumps({"line": number, "text": line.text})
        return _coloured(line) if self._in_colour else harmless(line.text)


def _coloured(line: LogLine) -> str:
    from rich.color import ColorSystem
    from rich.style import Style

    parts: list[str] = []
    at = 0
    for start, end, words in line.styles:
        style = Style.parse(words)
        shown = style.render(harmless(line.text[start:end]), color_system=ColorSystem.TRUECOLOR)
        parts += [harmless(line.text[at:start]), shown]
        at = end
    return "".join([*parts, harmless(line.text[at:])])
