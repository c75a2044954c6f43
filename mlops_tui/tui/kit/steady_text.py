"""A text that is drawn anew only when it differs."""

from textual.visual import VisualType
from textual.widgets import Static

from mlops_tui.domain.plain_text import one_line


class SteadyText(Static):
    """Foreign text, never markup. ``Static`` lays the whole screen out at each ``update``.

    A ``str`` is made harmless here; a ``Text`` is as its maker made it.
    """

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's own name for it
        super().__init__(id=id, markup=False)

    def update(self, content: VisualType = "", *, layout: bool = True) -> None:
        """Show the text, unless it is what is shown already."""
        shown = one_line(content) if isinstance(content, str) else content
        if shown != self.content:
            super().update(shown, layout=layout)
