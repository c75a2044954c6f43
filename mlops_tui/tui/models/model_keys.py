"""The keys of the Models screen."""

from mlops_tui.tui.kit.key import Key, KeyScope

MODEL_LIST = KeyScope(
    "model list",
    "List of models",
    (
        Key("e", "edit", "Edit", "Edit the description of the model", write=True),
        Key("n", "rename", "Rename", "Rename the model", write=True, shown=False),
        Key("T", "edit_tags", "Tags", "Edit the model's tags", write=True, shown=False),
        Key("H", "history", "History", "Who changed the model, when and why", shown=False),
        Key("B", "roll_back", "Roll back", "Bring back what was there before", write=True),
        Key("R", "retrain", "Retrain", "The rule that retrains the model, its attempts"),
        Key("D", "delete", "Delete", "Delete the model with its versions", write=True),
        Key("slash", "filter", "Filter", "Filter the models; also stage:… alias:… tag:… gate:…"),
        Key("o", "sort", "Sort", "Sort by a column"),
        Key("O", "reverse_sort", "Reverse", "Turn the order round", shown=False),
    ),
)

MODELS = KeyScope(
    "models",
    "Models",
    (
        Key("t", "transition", "Stage", "Move the version to another stage", write=True),
        Key("a", "set_alias", "Alias", "Set an alias on the version", write=True),
        Key("A", "remove_alias", "Unalias", "Remove an alias", write=True, shown=False),
        Key("e", "edit", "Edit", "Edit the description", write=True),
        Key("T", "edit_tags", "Tags", "Edit the version's tags", write=True, shown=False),
        Key("V", "open_gate", "Gate", "Rules for a stage; check the version against them"),
        Key("H", "history", "History", "Who changed the model, when and why"),
        Key(
            "B",
            "roll_back",
            "Roll back",
            "Bring back what was in Production, in Staging or under an alias before",
            write=True,
        ),
        Key("R", "retrain", "Retrain", "The rule that retrains the model", shown=False),
        Key("D", "delete", "Delete", "Delete the version, or all marked", write=True, shown=False),
        Key("s", "use('serve')", "Serve", "Serve the version on this machine", write=True),
        Key("b", "use('score')", "Score", "Score files with the version", write=True, shown=False),
        Key("X", "use('export')", "Export", "Export the version to ONNX", write=True, shown=False),
        Key(
            "w",
            "use('monitor')",
            "Monitor",
            "Watch what it is asked for drift",
            write=True,
            shown=False,
        ),
        Key(
            "slash", "filter", "Filter", "Filter the versions, as runs; also stage:… alias:… gate:…"
        ),
        Key("o", "sort", "Sort", "Sort by a column"),
        Key("O", "reverse_sort", "Reverse", "Turn the order round", shown=False),
        Key("c", "columns", "Columns", "Choose, order, widen the columns"),
        Key("M", "metric_chart", "Metric", "Chart a metric over the versions shown", shown=False),
        Key("C", "compare", "Compare", "Compare the marked versions, else the first ones shown"),
        Key("m", "clear_marks", "Unmark", "Take all marks away", shown=False),
        Key("v", "view_origin('run')", "Run", "Go to the run the version came from"),
        Key("d", "view_origin('data')", "Data", "Go to the data set the version was trained on"),
    ),
)

HISTORY_DIALOG = KeyScope(
    "model history",
    "History of a model",
    (Key("enter", "close", "Close", "Close the history", shown=False),),
)

METRIC_DIALOG = KeyScope(
    "metric over versions",
    "Chart of a metric over versions",
    (
        Key("right,right_square_bracket", "turn(1)", "Next", "The next metric"),
        Key("left,left_square_bracket", "turn(-1)", "Previous", "The metric before"),
        Key("M", "choose", "Metric", "Choose the metric"),
        Key("enter", "cancel", "Close", "Close the chart", shown=False),
    ),
)

TRANSITION_DIALOG = KeyScope(
    "transition",
    "Transition dialog",
    (
        Key("n", "choose('None')", "None", "To None", shown=False),
        Key("s", "choose('Staging')", "Staging", "To Staging", shown=False),
        Key("p", "choose('Production')", "Production", "To Production", shown=False),
        Key("a", "choose('Archived')", "Archived", "To Archived", shown=False),
        Key("space", "toggle_archive", "Archive", "Archive those already there, or not"),
        Key("w", "give_reason", "Why", "Give a reason, which the history keeps"),
        Key("v", "run_gate", "Check", "Check the version; move it if it passes the gate"),
        Key("o", "override", "Override", "Move it in spite of the gate, with a reason"),
        Key("enter", "confirm", "Confirm", "Do what is shown"),
    ),
)
