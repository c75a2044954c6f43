"""Whether work that a widget began still goes on."""

from textual.widget import Widget


def is_working(widget: Widget, group: str) -> bool:
    """Return whether a worker of this group, begun by this widget, is running."""
    mine = (each for each in widget.workers if each.node is widget and each.group == group)
    return any(each.is_running for each in mine)
