"""The keys of screens, lists, dialogs and the filter line."""

from mlops_tui.tui.kit.key import Key, KeyScope

SCREEN = KeyScope(
    "screen",
    "Every screen",
    (
        Key("u", "undo", "Undo", "Undo the last change", write=True, shown=False),
        Key("r", "reread", "Refresh", "Refresh the data", shown=False),
        Key("y", "copy", "Copy", "Copy what is under the cursor (OSC 52)", shown=False),
        Key("escape", "back", "Back", "Go one step back"),
        Key("tab", "app.focus_next", "Next pane", "Next pane or field", shown=False),
        Key(
            "shift+tab",
            "app.focus_previous",
            "Previous pane",
            "Previous pane or field",
            shown=False,
        ),
    ),
)

TABLE = KeyScope(
    "table",
    "Lists",
    (
        Key("up,k", "move_cursor('up')", "Up", "One row up", shown=False),
        Key("down,j", "move_cursor('down')", "Down", "One row down", shown=False),
        Key("pageup,ctrl+u", "move_cursor('page_up')", "Page up", "One page up", shown=False),
        Key(
            "pagedown,ctrl+d", "move_cursor('page_down')", "Page down", "One page down", shown=False
        ),
        Key("home,g", "move_cursor('first')", "First", "First row", shown=False),
        Key("end,G", "move_cursor('last')", "Last", "Last row", shown=False),
        Key("left,h", "scroll_columns(-1)", "Left", "Scroll columns left", shown=False),
        Key("right,l", "scroll_columns(1)", "Right", "Scroll columns right", shown=False),
        Key("enter", "open", "Open", "Open the row"),
        Key("space", "mark", "Mark", "Mark or unmark the row", shown=False),
    ),
)

FILTER = KeyScope(
    "filter",
    "Filter line",
    (
        Key("tab", "complete", "Complete", "Take the first completion (also →)"),
        Key("escape", "close", "Clear", "Clear the filter", shown=False),
    ),
)

DIALOG = KeyScope(
    "dialog",
    "Dialogs",
    (
        Key("escape", "cancel", "Cancel", "Cancel"),
        Key(
            "ctrl+y",
            "copy",
            "Copy",
            "Copy the equivalent Python or command (outside fields also y)",
            priority=True,
        ),
        Key("y", "copy", "Copy", "Copy the equivalent Python or command", shown=False),
    ),
)

PICK_DIALOG = KeyScope(
    "pick",
    "Search dialogs",
    (
        Key("up", "move(-1)", "Up", "One row up", shown=False, priority=True),
        Key("down", "move(1)", "Down", "One row down", shown=False, priority=True),
    ),
)

TAGS_DIALOG = KeyScope(
    "tags",
    "Tags dialog",
    (
        Key("enter,ctrl+s", "confirm", "Save", "Save the tags", priority=True),
        Key("ctrl+n", "new_line", "New line", "Start a new line", priority=True),
    ),
)
