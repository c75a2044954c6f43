"""The keys of dialogs."""

from mlops_tui.tui.kit.key import Key, Place

DIALOGS: dict[str, Place] = {
    "pick": Place(
        "Search dialogs",
        (
            Key("up", "move(-1)", "Up", "One row up", shown=False, priority=True),
            Key("down", "move(1)", "Down", "One row down", shown=False, priority=True),
        ),
    ),
    "columns": Place(
        "Columns dialog",
        (
            Key("enter", "accept", "Accept", "Show these columns", priority=True),
            Key("slash", "search", "Search", "Search for a column"),
            Key("K", "move(-1)", "Up", "Move the column towards the left"),
            Key("J", "move(1)", "Down", "Move the column towards the right"),
            Key("plus,equals_sign", "widen(1)", "Wider", "A cell wider"),
            Key("minus", "widen(-1)", "Narrower", "A cell narrower"),
            Key("m", "turn", "Min/max", "Whether less or more of a metric is best, remembered"),
            Key("0", "usual", "Usual", "Tick the usual columns; enter shows them"),
        ),
    ),
    "new job": Place(
        "New job, new sweep",
        (
            Key("ctrl+s", "launch", "Launch", "Launch the job, as enter in a field does"),
            Key("ctrl+r", "ask_help", "Ask --help", "Run it with --help to read its parameters"),
            Key("ctrl+f", "find", "Find", "Find a field by its name or its help", priority=True),
        ),
    ),
    "label": Place(
        "Name with note dialog",
        (
            Key("ctrl+s", "confirm", "Keep", "Keep name with note"),
            Key("ctrl+e", "open_editor", "Editor", "Write the note in $EDITOR", priority=True),
        ),
    ),
    "tags": Place(
        "Tags dialog",
        (
            Key("enter,ctrl+s", "confirm", "Keep", "Keep the tags as they stand", priority=True),
            Key("ctrl+n", "new_line", "New line", "Begin another line", priority=True),
        ),
    ),
    "settle": Place(
        "Settle dialog",
        (
            Key("k", "choose('KILLED')", "KILLED", "They were killed"),
            Key("f", "choose('FAILED')", "FAILED", "They failed"),
            Key("enter", "confirm", "Settle", "Do what is shown"),
        ),
    ),
    "dialog": Place(
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
    ),
    "transition": Place(
        "Transition dialog",
        (
            Key("n", "choose('None')", "None", "To None", shown=False),
            Key("s", "choose('Staging')", "Staging", "To Staging", shown=False),
            Key("p", "choose('Production')", "Production", "To Production", shown=False),
            Key("a", "choose('Archived')", "Archived", "To Archived", shown=False),
            Key("space", "toggle_archive", "Archive", "Archive those already there, or not"),
            Key("enter", "confirm", "Confirm", "Do what is shown"),
        ),
    ),
}
