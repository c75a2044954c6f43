"""The keys of what most screens have: lists, dialogs, the filter line."""

from mlops_tui.tui.kit.key import Key, KeyScope

SCREEN = KeyScope(
    "screen",
    "Every screen",
    (
        Key("u", "undo", "Undo", "Undo the last change made here", write=True, shown=False),
        Key("r", "reread", "Refresh", "Read everything anew", shown=False),
        Key("y", "copy", "Copy", "Copy what is under the cursor (OSC 52)", shown=False),
        Key("escape", "back", "Back", "One step back"),
        Key("tab", "app.focus_next", "Next pane", "The next pane or field", shown=False),
        Key(
            "shift+tab",
            "app.focus_previous",
            "Pane before",
            "The pane or field before",
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
        Key("left,h", "scroll_columns(-1)", "Left", "Columns to the left", shown=False),
        Key("right,l", "scroll_columns(1)", "Right", "Columns to the right", shown=False),
        Key("enter", "open", "Open", "Open the row: a run, a log, a query"),
        Key("space", "mark", "Mark", "Mark the row", shown=False),
    ),
)

FILTER = KeyScope(
    "filter",
    "Filter line",
    (
        Key("tab", "complete", "Complete", "Take the first completion offered, as → does"),
        Key("escape", "close", "Drop", "Drop the filter", shown=False),
    ),
)

DIALOG = KeyScope(
    "dialog",
    "Dialogs",
    (
        Key("escape", "cancel", "Cancel", "Close; nothing is changed"),
        Key(
            "ctrl+y",
            "copy",
            "Copy",
            "Copy the Python or command-line equivalent; outside of fields y does, too",
            priority=True,
        ),
        Key("y", "copy", "Copy", "Copy the equivalent", shown=False),
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
        Key("enter,ctrl+s", "confirm", "Keep", "Keep the tags as they stand", priority=True),
        Key("ctrl+n", "new_line", "New line", "Begin another line", priority=True),
    ),
)
