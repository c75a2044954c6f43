"""The keys of the Experiments screen."""

from mlops_tui.tui.kit.key import Key, KeyScope
from mlops_tui.tui.runs.run_keys import REGISTER, RUN_WRITES, WEB_PAGE

DELETED = Key("d", "show_deleted", "Deleted", "Show what was deleted, or not", shown=False)

EXPERIMENTS = KeyScope(
    "experiments",
    "Experiments",
    (
        Key("F", "feed", "Feed", "What is new over all experiments"),
        Key("n", "new_experiment", "New", "Create an experiment", write=True, shown=False),
    ),
)

EXPERIMENT_LIST = KeyScope(
    "experiment list",
    "List of experiments",
    (
        Key("slash", "filter", "Filter", "Filter the experiments as you type"),
        Key("e", "edit", "Edit", "Edit name with note of the experiment", write=True),
        Key("D", "delete", "Delete", "Delete; U brings it back", write=True),
        Key("U", "restore", "Restore", "Restore what was deleted", write=True),
        WEB_PAGE,
        DELETED,
    ),
)

RUNS = KeyScope(
    "runs",
    "Runs",
    (
        Key("slash", "filter", "Filter", "Filter the loaded runs as you type"),
        REGISTER,
        *RUN_WRITES,
        WEB_PAGE,
        DELETED,
        Key("A", "mark_shown", "Mark all", "Mark all runs shown, or none", shown=False),
    ),
    elsewhere="That is about runs; tab goes to them.",
)

EXPERIMENT_VIEW = KeyScope(
    "experiment view",
    "View of runs",
    (
        Key("f", "server_filter", "Query", "Filter on the server, all runs"),
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
        Key("M", "clear_marks", "Unmark", "Take all marks away", shown=False),
        Key("C", "compare", "Compare", "Compare the marked runs, else the first ones shown"),
    ),
)
