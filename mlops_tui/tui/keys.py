"""Every key of the interface, once: footer, help, palette and the README's table come from here."""

from collections.abc import Iterator
from dataclasses import dataclass

from textual.binding import Binding, BindingType


@dataclass(frozen=True, slots=True)
class Key:
    """One key: what it does is ``action``, a method ``action_…`` of the place or of the app.

    ``keys`` are Textual's names, separated by commas. A ``write`` key is gone in read-only mode.
    Only ``shown`` keys stand in the footer; all of them stand in the help.
    """

    keys: str
    action: str
    label: str
    help: str
    write: bool = False
    shown: bool = True
    priority: bool = False
    """Whether it goes before the keys of the field that has the focus."""

    def binding(self, place: str) -> Binding:
        """Return Textual's binding; its id names the place, so that it can be remapped."""
        return Binding(
            self.keys,
            self.action,
            self.label,
            show=self.shown,
            priority=self.priority,
            tooltip=self.help,
            id=f"{place}.{self.action}",
        )


@dataclass(frozen=True, slots=True)
class Place:
    """The keys of one screen, dialog or widget."""

    title: str
    keys: tuple[Key, ...]


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

PLACES: dict[str, Place] = {
    "everywhere": Place(
        "Everywhere",
        (
            Key("1", "app.show_place('experiments')", "Experiments", "Experiments", shown=False),
            Key("2", "app.show_place('training')", "Training", "Training jobs", shown=False),
            Key("3", "app.show_place('models')", "Models", "Registered models", shown=False),
            Key("4", "app.show_place('serving')", "Serving", "Servers with queries", shown=False),
            Key("question_mark", "app.help", "Help", "Help for where you are", shown=False),
            Key("ctrl+p", "app.command_palette", "Palette", "Find any command", shown=False),
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
            Key("escape", "leave_search", "Drop", "Stop searching, drop the search", shown=False),
        ),
    ),
    "experiments": Place(
        "Experiments",
        (
            Key("slash", "filter", "Filter", "Filter the loaded runs as you type"),
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
    "training": Place(
        "Training",
        (
            Key("n", "new_job", "New job", "Launch a training job", write=True),
            Key("w", "sweep", "Sweep", "Launch trials over parameters", write=True),
            Key("a", "again", "Again", "Launch the job again, changed or not", write=True),
            Key("x", "stop", "Stop", "Stop the job; its run then reads KILLED", write=True),
            Key("A", "attach", "Attach", "Watch a process started elsewhere, or a run", write=True),
            Key("v", "view_run", "Run", "Go to the job's run"),
            Key(
                "D", "remove", "Remove", "Remove an ended or attached job from the list", write=True
            ),
            Key("H", "hold", "Hold", "Hold a waiting job, or release it", write=True),
            Key(
                "K",
                "move(-1)",
                "Earlier",
                "Let a waiting job start earlier",
                write=True,
                shown=False,
            ),
            Key("J", "move(1)", "Later", "Let it start later", write=True, shown=False),
            Key("T", "move(-999)", "Next", "Let it start next", write=True, shown=False),
            Key(
                "number_sign",
                "slots",
                "Slots",
                "Set how many jobs run at once",
                write=True,
                shown=False,
            ),
            Key("S", "settle", "Settle", "Settle the runs an ended job left RUNNING", write=True),
            Key(
                "c",
                "go_on",
                "Continue",
                "Make the trials that a stopped sweep has left",
                write=True,
                shown=False,
            ),
        ),
    ),
    "sweep": Place(
        "A sweep",
        (
            Key("s", "best_first", "Best first", "The best trials first, or all by number"),
            Key("C", "compare", "Compare", "Compare the complete trials"),
            Key("x", "stop", "Stop", "Stop the sweep with its trials", write=True),
            Key("c", "go_on", "Continue", "Make the trials that are left", write=True),
            Key("o", "log", "Log", "Read the log of the sweep with its trials"),
            Key("v", "view_run", "Run", "Go to the run that holds the trials", shown=False),
        ),
    ),
    "models": Place(
        "Models",
        (
            Key("t", "transition", "Stage", "Move the version to another stage", write=True),
            Key("a", "set_alias", "Alias", "Set an alias on the version", write=True),
            Key("A", "remove_alias", "Unalias", "Remove an alias", write=True, shown=False),
            Key("e", "edit", "Edit", "Edit the description", write=True),
            Key("T", "edit_tags", "Tags", "Edit the version's tags", write=True, shown=False),
            Key("s", "serve", "Serve", "Serve the version on this machine", write=True),
            Key("slash", "filter", "Filter", "Filter versions, also stage:… or alias:…"),
            Key("v", "view_run", "Run", "Go to the run the version came from"),
        ),
    ),
    "serving": Place(
        "Serving",
        (
            Key("ctrl+s", "send", "Send", "Send the query"),
            Key("ctrl+t", "next_format", "Format", "Convert into the next payload format"),
            Key("ctrl+o", "accept_offer", "Offer", "Take what the model wants instead"),
            Key("Y", "copy_query", "Copy query", "Copy the query as a curl command", shown=False),
            Key("ctrl+l", "clear_query", "Clear", "Empty the query, to paste another", shown=False),
            Key("o", "log", "Log", "Read the server's log"),
            Key("x", "stop", "Stop", "Stop the server", write=True),
            Key("D", "remove", "Remove", "Remove a stopped server from the list", write=True),
        ),
    ),
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
            Key("slash", "search", "Search", "Search for a column"),
            Key("K", "move(-1)", "Up", "Move the column towards the left"),
            Key("J", "move(1)", "Down", "Move the column towards the right"),
            Key("plus,equals_sign", "widen(1)", "Wider", "A cell wider"),
            Key("minus", "widen(-1)", "Narrower", "A cell narrower"),
            Key("m", "turn", "Min/max", "Whether less or more of a metric is best, remembered"),
            Key("0", "usual", "Usual", "The usual columns again"),
        ),
    ),
    "new job": Place(
        "New job, new sweep",
        (
            Key("ctrl+s", "launch", "Launch", "Launch the job, as enter in a field does"),
            Key("ctrl+r", "ask_help", "Ask --help", "Run it with --help to read its parameters"),
        ),
    ),
    "label": Place(
        "Name with note dialog",
        (
            Key("ctrl+s", "confirm", "Keep", "Keep name with note"),
            Key("ctrl+e", "open_editor", "Editor", "Write the note in $EDITOR", priority=True),
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
            Key("ctrl+y,y", "copy", "Copy", "Copy the Python or command-line equivalent"),
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


GENERAL = ("everywhere", "screen", "table", "log", "log search", "tree", "preview")
"""Places whose keys come after those of the screen itself."""


def bindings(*places: str) -> list[BindingType]:
    """Return the bindings of the places, in their order."""
    return [key.binding(place) for place in places for key in PLACES[place].keys]


def write_actions() -> frozenset[str]:
    """Return the names of the actions that change something, without arguments."""
    return frozenset(
        key.action.removeprefix("app.").partition("(")[0] for key in _all() if key.write
    )


def key_table() -> str:
    """Return the README's table of keys, in Markdown."""
    rows = ["| where | key | what it does |", "|---|---|---|"]
    for place in PLACES.values():
        for key in place.keys:
            names = " ".join(f"`{readable(name)}`" for name in key.keys.split(","))
            rows.append(f"| {place.title} | {names} | {key.help} |")
    return "\n".join(rows)


NAMES = {
    "slash": "/",
    "question_mark": "?",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "escape": "esc",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "number_sign": "#",
    "plus": "+",
    "minus": "-",
    "equals_sign": "=",
    "less_than_sign": "<",
    "greater_than_sign": ">",
}
"""What keys are called where people read them, when Textual's name is another."""


def readable(key: str) -> str:
    """Return the name of a key as people write it."""
    return NAMES.get(key, key)


def _all() -> Iterator[Key]:
    for place in PLACES.values():
        yield from place.keys
