"""The keys of logs."""

from mlops_tui.tui.kit.key import Key, KeyScope

LOG = KeyScope(
    "log",
    "Logs",
    (
        Key("up,k", "move(-1)", "Up", "One line up", shown=False),
        Key("down,j", "move(1)", "Down", "One line down", shown=False),
        Key("pageup,ctrl+u", "move_page(-1)", "Page up", "One page up", shown=False),
        Key("pagedown,ctrl+d", "move_page(1)", "Page down", "One page down", shown=False),
        Key("left,h", "move_sideways(-1)", "Left", "The beginning of long lines", shown=False),
        Key("right,l", "move_sideways(1)", "Right", "The rest of long lines", shown=False),
        Key("home,g", "scroll_home", "First", "First line", shown=False),
        Key("end,G", "scroll_end", "Follow", "Last line; follow the log again", shown=False),
        Key("f", "toggle_follow", "Pause", "Pause, or follow the log again"),
        Key("w", "toggle_wrap", "Wrap", "Fold long lines, or not"),
    ),
)

LOG_SEARCH = KeyScope(
    "log search",
    "Search in logs",
    (
        Key("slash", "search", "Search", "Search the whole log; capitals count if there are any"),
        Key("n", "next_hit", "Next", "The next line that has it", shown=False),
        Key("N", "previous_hit", "Before", "The line before that has it", shown=False),
        Key("e", "next_error", "Error", "The next error"),
        Key("E", "previous_error", "Error before", "The error before"),
        Key("escape", "leave_search", "Drop", "Stop searching, drop the search", shown=False),
    ),
)
