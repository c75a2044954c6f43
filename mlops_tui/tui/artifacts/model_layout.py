"""What a model says of itself, above its text."""

from rich.style import Style

from mlops_tui.domain.artifacts.preview import ModelPreview
from mlops_tui.domain.plain_text import one_line
from mlops_tui.tui.artifacts.layouts import Lines
from mlops_tui.tui.artifacts.text_layout import text_lines, wrap
from mlops_tui.tui.kit.line_widget import PLAIN

LABEL = 11
"""Cells for the name of a fact."""

DIM = Style(dim=True)


def model_lines(preview: ModelPreview, width: int) -> Lines:
    """Return the facts, wrapped beside their names, then the text."""
    found = []
    for name, value in preview.facts:
        label = name
        for part in wrap(one_line(value, 4_000), max(8, width - LABEL)):
            found.append([(label.ljust(LABEL), DIM), (part, PLAIN)])
            label = ""
    return [*found, [("", PLAIN)], *text_lines(preview.text, width, keys=True)]
