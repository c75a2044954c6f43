"""A text that is drawn anew only when it differs."""

from textual.visual import VisualType
from textual.widgets import Static


class SteadyText(Static):
    """Foreign text, never markup. ``Static`` lays the whole screen out at each ``update``."""

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's own name for it
        super().__init__(id=id, markup=False)

    def update(self, content: VisualType = "", *, layout: bool = True) -> None:
        """Show the text, unless it is what is shown already."""
        if content != self.content:
            super().update(content, layout=layout)
