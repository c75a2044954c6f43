"""The keys of what most screens have."""

from mlops_tui.tui.kit.key import Key, Place

GENERAL: dict[str, Place] = {
    "everywhere": Place(
        "Everywhere",
        (
            Key("1", "app.show_place('experiments')", "Experiments", "Experiments", shown=False),
            Key("2", "app.show_place('training')", "Training", "Training jobs", shown=False),
            Key("3", "app.show_place('models')", "Models", "Registered models", shown=False),
            Key("4", "app.show_place('serving')", "Serving", "Servers with queries", shown=False),
            Key("question_mark", "app.help", "Help", "Help for where you are", shown=False),
            Key(
                "ctrl+p",
                "app.command_palette",
                "Palette",
                "Find any command, experiment, model, version or run",
                shown=False,
            ),
            Key("q", "app.quit", "Quit", "Quit; jobs with servers run on", shown=False),
        ),
    ),
    "screen": Place(
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
    ),
    "table": Place(
        "Lists",
        (
            Key("up,k", "cursor_up", "Up", "One row up", shown=False),
            Key("down,j", "cursor_down", "Down", "One row down", shown=False),
            Key("pageup,ctrl+u", "page_up", "Page up", "One page up", shown=False),
            Key("pagedown,ctrl+d", "page_down", "Page down", "One page down", shown=False),
            Key("home,g", "scroll_home", "First", "First row", shown=False),
            Key("end,G", "scroll_end", "Last", "Last row", shown=False),
            Key("left,h", "scroll_left", "Left", "Columns to the left", shown=False),
            Key("right,l", "scroll_right", "Right", "Columns to the right", shown=False),
            Key("enter", "open", "Open", "Open the row: a run, a log, a query"),
            Key("space", "mark", "Mark", "Mark the row", shown=False),
        ),
    ),
    "filter": Place(
        "Filter line",
        (
            Key("tab", "complete", "Complete", "Take the first completion offered, as → does"),
            Key("escape", "close", "Drop", "Drop the filter", shown=False),
        ),
    ),
    "log": Place(
        "Logs",
        (
            Key("up,k", "scroll_up", "Up", "One line up", shown=False),
            Key("down,j", "scroll_down", "Down", "One line down", shown=False),
            Key("pageup,ctrl+u", "page_up", "Page up", "One page up", shown=False),
            Key("pagedown,ctrl+d", "page_down", "Page down", "One page down", shown=False),
            Key("left,h", "scroll_left", "Left", "The beginning of long lines", shown=False),
            Key("right,l", "scroll_right", "Right", "The rest of long lines", shown=False),
            Key("home,g", "scroll_home", "First", "First line", shown=False),
            Key("end,G", "scroll_end", "Follow", "Last line; follow the log again", shown=False),
            Key("f", "toggle_follow", "Pause", "Pause, or follow the log again"),
            Key("w", "toggle_wrap", "Wrap", "Fold long lines, or not"),
        ),
    ),
    "log search": Place(
        "Search in logs",
        (
            Key(
                "slash", "search", "Search", "Search the whole log; capitals count if there are any"
            ),
            Key("n", "next_hit", "Next", "The next line that has it", shown=False),
            Key("N", "previous_hit", "Before", "The line before that has it", shown=False),
            Key("e", "next_error", "Error", "The next error"),
            Key("E", "previous_error", "Error before", "The error before"),
            Key(
                "s",
                "next_stream",
                "Stream",
                "Only stdout, only stderr, or both; ┃ stands before stderr, ┊ before what may be",
                shown=False,
            ),
            Key("escape", "leave_search", "Drop", "Stop searching, drop the search", shown=False),
        ),
    ),
}
