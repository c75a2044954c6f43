"""The preview of one file: what it is, above its lines or its table."""

import asyncio
from functools import partial
from importlib import import_module

from rich.text import Text
from textual import work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.events import Resize
from textual.widget import Widget
from textual.widgets import Static

from mlops_tui.domain.artifacts.artifact import ArtifactRef
from mlops_tui.domain.artifacts.preview import (
    ImagePreview,
    ModelPreview,
    Preview,
    TablePreview,
    TextPreview,
)
from mlops_tui.domain.byte_size import bytes_size
from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.plain_text import one_line
from mlops_tui.services.artifacts import previews
from mlops_tui.tui.artifacts.preview_layouts import (
    Layout,
    image_lines,
    model_lines,
    table_columns,
    text_lines,
)
from mlops_tui.tui.artifacts.preview_lines import PreviewLines
from mlops_tui.tui.kit.formatting import plain
from mlops_tui.tui.kit.service_call import ask
from mlops_tui.tui.kit.table import Table
from mlops_tui.tui.shell import shell_of

REST = 0.1
"""Seconds that the cursor rests on a file before it is read: holding a key down asks for none."""

GROUP = "preview"


class PreviewPane(Vertical):
    """Shows a preview of any kind."""

    DEFAULT_CSS = """
    PreviewPane {
        width: 1fr;
        padding: 0 1;
        #preview { height: auto; max-height: 5; margin-bottom: 1; }
    }
    """

    _shown: Preview | None = None
    """What is shown; None for a sentence."""
    _ref: ArtifactRef | None = None
    """The file that was read last."""

    def compose(self) -> ComposeResult:
        """Put both bodies below the head; one of them is seen."""
        yield Static("Pick a file to read it.", id="preview", markup=False)
        yield PreviewLines(id="preview-lines")
        yield Table(id="preview-table", openable=False)

    def on_mount(self) -> None:
        """Show no table yet."""
        self.query_one(Table).display = False

    def on_resize(self, _event: Resize) -> None:
        """Have an image made for the new size."""
        if self._ref and isinstance(self._shown, ImagePreview):
            self.read(self._ref)

    @work(group=GROUP, exclusive=True)
    async def read(self, ref: ArtifactRef) -> None:
        """Read a file and show it, instead of one that is still being read."""
        self._ref = ref
        await asyncio.sleep(REST)
        store, body = shell_of(self).settings.store, self.body.size
        size = max(1, body.width - 1), max(1, body.height)
        try:
            preview = await ask(self, previews.preview_artifact, store, ref, size)
        except ServiceError as error:
            self.say(str(error), "bold")
        else:
            await self.show(preview)

    def stop_reading(self) -> None:
        """Show nothing that is still being read."""
        self.workers.cancel_group(self, GROUP)

    @property
    def body(self) -> Widget:
        """What is below the head."""
        lines = self.query_one(PreviewLines)
        return lines if lines.display else self.query_one(Table)

    def say(self, sentence: str, style: str = "") -> None:
        """Show a sentence instead of a file."""
        self._shown = None
        self._show_head(Text(one_line(sentence, 600), style))
        self._show_lines()

    async def show(self, preview: Preview) -> None:
        """Show a preview."""
        if isinstance(preview, TextPreview) and preview.language == "markdown":
            # A tenth of a second, and only where there is Markdown.
            await asyncio.to_thread(import_module, "rich.markdown")
        self._shown = preview
        size = bytes_size(preview.size)
        self._show_head(Text.assemble(plain(preview.path), f": {size}. {one_line(preview.remark)}"))
        if isinstance(preview, TablePreview):
            self._show_table(preview)
        else:
            self._show_lines(self._layout_of(preview))

    def _layout_of(self, preview: Preview) -> Layout | None:
        match preview:
            case TextPreview(text=text, language="markdown"):
                from mlops_tui.tui.artifacts.markdown_layout import markdown_lines

                return partial(markdown_lines, text, console=self.app.console)
            case TextPreview(text=text, language=language):
                return partial(text_lines, text, keys=bool(language))
            case ModelPreview():
                return partial(model_lines, preview)
            case ImagePreview():
                return partial(image_lines, preview)
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
        table = self.query_one(Table)
        self._show_body(table, self.query_one(PreviewLines))

        def cell(key: str, column: str) -> Text:
            value = preview.rows[int(key)][int(column)]
            return Text("null", "dim") if value is None else plain(value)

        table.say("The table has no rows.")
        table.show([str(row) for row in range(len(preview.rows))], cell, table_columns(preview))
        table.action_move_cursor("first")

    def _show_body(self, body: Widget, other: Widget) -> None:
        had_focus = other.has_focus
        body.display, other.display = True, False
        if had_focus:
            body.focus()
