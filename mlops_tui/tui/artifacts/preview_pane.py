"""The look into one file: what it is, above its lines or its table."""

import asyncio
from functools import partial
from importlib import import_module

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.events import Resize
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from mlops_tui.domain.artifacts.preview import (
    ImagePreview,
    ModelPreview,
    Preview,
    TablePreview,
    TextPreview,
)
from mlops_tui.domain.byte_size import bytes_size
from mlops_tui.domain.plain_text import one_line
from mlops_tui.tui.artifacts.layouts import Layout
from mlops_tui.tui.artifacts.preview_lines import PreviewLines
from mlops_tui.tui.kit.formatting import plain
from mlops_tui.tui.kit.table import Table


class PreviewPane(Vertical):
    """Shows a preview of any kind."""

    DEFAULT_CSS = """
    PreviewPane {
        width: 1fr;
        padding: 0 1;
        #preview { height: auto; max-height: 5; margin-bottom: 1; }
    }
    """

    class Resized(Message):
        """There is another room for a picture."""

    shown: Preview | None = None
    """What is shown; None for a sentence."""

    def compose(self) -> ComposeResult:
        """Put both bodies below the head; one of them is seen."""
        yield Static("Pick a file to read it.", id="preview", markup=False)
        yield PreviewLines(id="preview-lines")
        yield Table(id="preview-table", openable=False)

    def on_mount(self) -> None:
        """Show no table yet."""
        self.query_one(Table).display = False

    def on_resize(self, _event: Resize) -> None:
        """Tell that there is another room."""
        self.post_message(self.Resized())

    @property
    def room(self) -> tuple[int, int]:
        """Columns with lines that a picture may fill."""
        body = self.body.size
        return max(1, body.width - 1), max(1, body.height)

    @property
    def body(self) -> Widget:
        """What is below the head."""
        lines = self.query_one(PreviewLines)
        return lines if lines.display else self.query_one(Table)

    def say(self, sentence: str, style: str = "") -> None:
        """Show a sentence instead of a file."""
        self.shown = None
        self._show_head(Text(one_line(sentence, 600), style))
        self._show_lines()

    async def show(self, preview: Preview) -> None:
        """Show what was found of a file."""
        if isinstance(preview, TextPreview) and preview.language == "markdown":
            # A tenth of a second, and only where there is Markdown.
            await asyncio.to_thread(import_module, "rich.markdown")
        self.shown = preview
        size = bytes_size(preview.size)
        self._show_head(Text.assemble(plain(preview.path), f": {size}. {one_line(preview.remark)}"))
        if isinstance(preview, TablePreview):
            self._show_table(preview)
        else:
            self._show_lines(self._layout_of(preview))

    def _layout_of(self, preview: Preview) -> Layout | None:
        from mlops_tui.tui.artifacts import image_layout, model_layout, text_layout

        match preview:
            case TextPreview(text=text, language="markdown"):
                from mlops_tui.tui.artifacts.markdown_layout import markdown_lines

                return partial(markdown_lines, text, console=self.app.console)
            case TextPreview(text=text, language=language):
                return partial(text_layout.text_lines, text, keys=bool(language))
            case ModelPreview():
                return partial(model_layout.model_lines, preview)
            case ImagePreview():
                return partial(image_layout.image_lines, preview)
        return None

    def _show_head(self, head: Text) -> None:
        self.query_one("#preview", Static).update(head)

    def _show_lines(self, layout: Layout | None = None) -> None:
        lines = self.query_one(PreviewLines)
        self._show_body(lines, self.query_one(Table))
        if layout is None:
            lines.show()
        else:
            lines.show(layout)

    def _show_table(self, preview: TablePreview) -> None:
        from mlops_tui.tui.artifacts.table_layout import table_columns

        table = self.query_one(Table)
        self._show_body(table, self.query_one(PreviewLines))

        def cell(key: str, column: str) -> Text:
            value = preview.rows[int(key)][int(column)]
            return Text("null", "dim") if value is None else plain(value)

        table.say("The table has no rows.")
        table.show([str(row) for row in range(len(preview.rows))], cell, table_columns(preview))
        table.action_move_cursor("first")

    def _show_body(self, wanted: Widget, other: Widget) -> None:
        had_focus = other.has_focus
        wanted.display, other.display = True, False
        if had_focus:
            wanted.focus()
