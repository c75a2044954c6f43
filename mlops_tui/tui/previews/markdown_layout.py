"""Markdown with its headings, lists and tables; nothing that it links to is fetched."""

from rich.console import Console
from rich.markdown import Markdown

from mlops_tui.domain.plain_text import lines, visible
from mlops_tui.tui.previews import Lines
from mlops_tui.tui.previews.text_layout import text_lines
from mlops_tui.tui.widgets.line_widget import PLAIN


def markdown_lines(text: str, width: int, console: Console) -> Lines:
    """Return the text laid out, its links spelled out.

    Markdown may name any character by its number, so it is made harmless after it is laid out too.
    """
    clean = "\n".join(lines(text))
    options = console.options.update(width=width, height=None)
    try:
        drawn = console.render_lines(Markdown(clean, hyperlinks=False), options, pad=False)
    except RecursionError:  # nested too deeply to be laid out
        return text_lines(text, width)
    return [[(visible(part), style or PLAIN) for part, style, _ in line] for line in drawn]
