"""The keys where runs are looked at."""

from mlops_tui.tui.kit.key import Key, Place

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

RUNS: dict[str, Place] = {
    "experiments": Place(
        "Experiments",
        (
            Key(
                "slash",
                "filter",
                "Filter",
                "Filter the list that has the focus as you type: runs, or experiments",
            ),
            Key("f", "server_filter", "Query", "Filter on the server, all runs"),
            Key("F", "feed", "Feed", "What is new over all experiments"),
            REGISTER,
            Key("s", "sort", "Sort", "Sort by a column; the one before decides among equals"),
            Key("S", "reverse_sort", "Reverse", "Turn the order round", shown=False),
            Key("c", "columns", "Columns", "Choose, order, widen the columns"),
            Key("b", "group", "Group", "Group by a param, a tag, a data set", shown=False),
            Key("N", "nest", "Nest", "Children below their parents, or one list", shown=False),
            Key("m", "statistic", "Measure", "Mean, least or greatest of groups", shown=False),
            Key("z", "fold", "Fold", "Fold a group or a parent, or unfold it", shown=False),
            Key("p", "pin", "Pin", "Pin runs to the top, or no longer", shown=False),
            Key("H", "hide", "Hide", "Hide runs", shown=False),
            Key("Z", "unhide", "Unhide", "Show the hidden runs again", shown=False),
            Key("v", "views", "Views", "Take a saved view", shown=False),
            Key("V", "save_view", "Save view", "Save this view under a name", shown=False),
            *RUN_WRITES,
            WEB_PAGE,
            Key("n", "new_experiment", "New", "Create an experiment", write=True, shown=False),
            Key("d", "show_deleted", "Deleted", "Show what was deleted, or not", shown=False),
            Key("A", "mark_shown", "Mark all", "Mark all runs shown, or none", shown=False),
            Key("M", "clear_marks", "Unmark", "Take all marks away", shown=False),
            Key("C", "compare", "Compare", "Compare the marked runs, else the first ones shown"),
        ),
    ),
    "feed": Place(
        "Feed",
        (
            Key("slash", "filter", "Filter", "Filter by words: failed, nan, new, dead, a name"),
            Key("m", "mark_read", "Read", "Mark as read; go to the next unread"),
            Key("A", "mark_all_read", "All read", "Mark all entries shown as read"),
            Key("n", "next_unread", "Next", "Go to the next unread"),
            SETTLE,
            Key("M", "clear_marks", "Unmark", "Take all marks away", shown=False),
            Key("C", "compare", "Compare", "Compare the marked runs, whatever experiment"),
        ),
    ),
    "run": Place(
        "A run",
        (
            REGISTER,
            Key("left_square_bracket", "previous_tab", "Prev", "Previous tab", shown=False),
            Key("right_square_bracket", "next_tab", "Tabs", "Next tab"),
            Key("slash", "filter", "Filter", "Filter params, metrics, tags, columns of a data set"),
            *RUN_WRITES,
            Key("A", "attach", "Attach", "Watch it as a job, with its log if found", write=True),
            WEB_PAGE,
        ),
    ),
    "artifacts": Place(
        "Artifacts",
        (
            Key("w", "download", "Write", "Write the file or folder to this machine's disk"),
            Key("p", "read_in_pager", "Pager", "Read the file in $PAGER"),
            Key("O", "open_copy", "Editor", "Open a copy in $EDITOR; its changes are not kept"),
            Key("escape", "leave", "Tree", "Back to the tree"),
        ),
    ),
    "tree": Place(
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
    ),
    "preview": Place(
        "Look into a file",
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
    ),
    "compare": Place(
        "Comparison",
        (
            Key("d", "differences", "Differences", "Only the rows that differ, or all"),
            Key(
                "b",
                "baseline",
                "Baseline",
                "Differences from a run (Δ): each in turn, then none",
            ),
            Key("M", "choose_metric", "Metric", "Choose the metric that is looked at"),
            Key("X", "choose_across", "Across", "Choose what lies across the scatter"),
            Key("w", "export", "Write", "Write the comparison as CSV, JSON or Markdown"),
            Key("left_square_bracket", "previous_tab", "Prev", "Previous tab", shown=False),
            Key("right_square_bracket", "next_tab", "[ ] Tabs", "Next tab"),
            Key("slash", "filter", "Filter", "Filter rows with curves by words"),
        ),
    ),
    "charts": Place(
        "Charts",
        (
            Key(
                "left,h", "read(-1)", "Before", "Read the point before, in all charts", shown=False
            ),
            Key("right,l", "read(1)", "Read", "Read the next point, in all charts"),
            Key("shift+left", "read(-10)", "Far before", "Ten points before", shown=False),
            Key("shift+right", "read(10)", "Far on", "Ten points on", shown=False),
            Key("up,k", "choose(-1)", "Chart before", "The chart before", shown=False),
            Key("down,j", "choose(1)", "Next chart", "The next chart", shown=False),
            Key("pageup,ctrl+u", "page(-1)", "Page before", "The charts before", shown=False),
            Key("pagedown,ctrl+d", "page(1)", "Next page", "The next charts", shown=False),
            Key("home,g", "first", "First", "The first chart", shown=False),
            Key("end,G", "last", "Last", "The last chart", shown=False),
            Key("enter", "enlarge", "Enlarge", "Show the chosen chart alone"),
            Key("escape", "leave", "Back", "Back to all charts, or the cursor away", shown=False),
            Key("x", "next_axis", "X axis", "Along steps, relative time or wall time"),
            Key("Y", "log", "Log", "Logarithmic y axis, or not"),
            Key("s", "smooth(1)", "Smooth", "Smooth more, the raw line behind it"),
            Key("S", "smooth(-1)", "Rough", "Smooth less", shown=False),
            Key("O", "outliers", "Outliers", "Hide outliers (below p1, above p99), or not"),
            Key("plus,equals_sign", "zoom(0.5)", "Closer", "Closer, around the cursor"),
            Key("minus", "zoom(2)", "Further", "Further away", shown=False),
            Key("less_than_sign", "pan(-0.25)", "Pan left", "Pan to the left", shown=False),
            Key("greater_than_sign", "pan(0.25)", "Pan right", "Pan to the right", shown=False),
            Key("L", "set_limits", "Limits", "Type limits, like x=0:5000 y=0.5:1", shown=False),
            Key("0", "reset", "Reset", "Show the whole curves again", shown=False),
            Key("m", "turn", "Min/max", "Whether less or more is better, remembered", shown=False),
            Key("v", "layout", "Grid", "More or fewer charts at once", shown=False),
        ),
    ),
}
