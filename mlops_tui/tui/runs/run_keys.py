"""The keys of what can be done with runs, wherever they are shown."""

from mlops_tui.tui.kit.key import Key, KeyScope

REGISTER = Key("R", "register", "Register", "Register a model of this run", write=True)
WEB_PAGE = Key("o", "web_page", "Web UI", "Copy its address in the web UI; open it", shown=False)
SETTLE = Key("x", "settle", "Settle", "Settle a silent run as KILLED or FAILED", write=True)
RUN_WRITES = (
    Key("e", "edit", "Edit", "Edit name with note: of this run, or of the marked", write=True),
    Key("T", "edit_tags", "Tags", "Edit the tags", write=True, shown=False),
    SETTLE,
    Key("a", "again", "Again", "Launch what made the run again", write=True, shown=False),
    Key("D", "delete", "Delete", "Delete; U brings it back", write=True),
    Key("U", "restore", "Restore", "Restore what was deleted", write=True),
)
"""What can be done with runs, wherever they are shown."""

LABEL_DIALOG = KeyScope(
    "label",
    "Name with note dialog",
    (
        Key("ctrl+s", "confirm", "Keep", "Keep name with note"),
        Key("ctrl+e", "open_editor", "Editor", "Write the note in $EDITOR", priority=True),
    ),
)

SETTLE_DIALOG = KeyScope(
    "settle",
    "Settle dialog",
    (
        Key("k", "choose('KILLED')", "KILLED", "They were killed"),
        Key("f", "choose('FAILED')", "FAILED", "They failed"),
        Key("enter", "confirm", "Settle", "Do what is shown"),
    ),
)

COLUMNS_DIALOG = KeyScope(
    "columns",
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
)
