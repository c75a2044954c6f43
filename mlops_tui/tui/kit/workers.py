"""Looks up the running workers of a widget."""

from textual.widget import Widget


def is_working(widget: Widget, group: str) -> bool:
    """Return whether the widget has a running worker in this group."""
    mine = (each for each in widget.workers if each.node is widget and each.group == group)
    return any(each.is_running for each in mine)
