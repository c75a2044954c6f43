"""The keys of the tree of files and of their preview."""

from mlops_tui.tui.kit.key import Key, KeyScope

ARTIFACTS = KeyScope(
    "artifacts",
    "Artifacts",
    (
        Key("w", "download", "Write", "Write the file or folder to this machine's disk"),
        Key("p", "read_in_pager", "Pager", "Read the file in $PAGER"),
        Key("O", "open_copy", "Editor", "Open a copy in $EDITOR; its changes are not kept"),
        Key("escape", "leave", "Tree", "Back to the tree"),
    ),
)

TREE = KeyScope(
    "tree",
    "Tree of artifacts",
    (
        Key("up,k", "cursor_up", "Up", "One line up", shown=False),
        Key("down,j", "cursor_down", "Down", "One line down", shown=False),
        Key("pageup,ctrl+u", "page_up", "Page up", "One page up", shown=False),
        Key("pagedown,ctrl+d", "page_down", "Page down", "One page down", shown=False),
        Key("home,g", "scroll_home", "First", "First line", shown=False),
        Key("end,G", "scroll_end", "Last", "Last line", shown=False),
        Key("left,h", "fold", "Fold", "Close the folder, or go to the one around", shown=False),
        Key("right,l", "unfold", "Unfold", "Open the folder", shown=False),
        Key("enter", "open", "Open", "Open the folder; show the file in full width"),
    ),
)

PREVIEW = KeyScope(
    "preview",
    "Preview of a file",
    (
        Key("up,k", "scroll_up", "Up", "One line up", shown=False),
        Key("down,j", "scroll_down", "Down", "One line down", shown=False),
        Key("pageup,ctrl+u", "page_up", "Page up", "One page up", shown=False),
        Key("pagedown,ctrl+d", "page_down", "Page down", "One page down", shown=False),
        Key("home,g", "scroll_home", "First", "First line", shown=False),
        Key("end,G", "scroll_end", "Last", "Last line", shown=False),
        Key("left,h", "scroll_left", "Left", "To the left of a wide table", shown=False),
        Key("right,l", "scroll_right", "Right", "To the right of a wide table", shown=False),
    ),
)
