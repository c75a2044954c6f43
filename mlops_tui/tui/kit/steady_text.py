"""A ``Static`` that updates only when its text differs."""

from textual.visual import VisualType
from textual.widgets import Static

from mlops_tui.domain.plain_text import one_line


class SteadyText(Static):
    """Shows foreign text without markup; an equal ``update`` costs no layout.

    A ``str`` is made harmless here, a ``Text`` is shown as it is.
    """

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's own name for it
        super().__init__(id=id, markup=False)

    def update(self, content: VisualType = "", *, layout: bool = True) -> None:
        """Show the text, unless it is already shown."""
        shown = one_line(content) if isinstance(content, str) else content
        if shown != self.content:
            super().update(shown, layout=layout)
