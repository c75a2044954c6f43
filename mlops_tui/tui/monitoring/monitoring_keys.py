"""The keys of the Monitoring screen."""

from mlops_tui.tui.kit.key import Key, KeyScope

OLDER, NEWER = "left_square_bracket", "right_square_bracket"

MONITORING = KeyScope(
    "monitoring",
    "Monitoring",
    (
        Key(OLDER, "turn(-1)", "Older", "The chunk before"),
        Key(NEWER, "turn(1)", "Newer", "The chunk after it; the newest one stays in view"),
        Key("p", "performance", "Performance", "Performance over the chunks, as a chart"),
        Key("n", "new", "New", "Set up a monitor", write=True),
        Key("a", "start", "Start", "Start the monitor again", write=True),
        Key("x", "stop", "Stop", "Stop the monitor; what it found out stays", write=True),
        Key("m", "acknowledge", "Seen", "Acknowledge its alerts", write=True),
        Key("L", "labels", "Labels", "Add labels from a file", write=True),
        Key("C", "compare", "Compare", "Compare the versions of the model", shown=False),
        Key("R", "retrain", "Retrain", "The rule that retrains the model, its attempts"),
        Key("P", "pause_rules", "Pause rules", "Pause all rules", write=True, shown=False),
        Key("B", "roll_back", "Roll back", "Bring back the version before", write=True),
        Key("v", "view_run", "Run", "Go to its run in MLflow, which has its curves", shown=False),
        Key("o", "log", "Log", "Read the log of the monitor", shown=False),
        Key("D", "remove", "Remove", "Remove the monitor from the list", write=True, shown=False),
    ),
)

FEATURE_DIALOG = KeyScope(
    "column of a chunk",
    "Details of a column",
    (
        Key(OLDER, "turn(-1)", "Older", "The chunk before"),
        Key(NEWER, "turn(1)", "Newer", "The chunk after it"),
        Key("down,j", "scroll(1)", "Down", "Scroll down", shown=False),
        Key("up,k", "scroll(-1)", "Up", "Scroll up", shown=False),
        Key("pagedown,ctrl+d", "scroll(10)", "Page down", "Scroll far down", shown=False),
        Key("pageup,ctrl+u", "scroll(-10)", "Page up", "Scroll far up", shown=False),
        Key("enter", "cancel", "Close", "Close the details", shown=False),
    ),
)

PERFORMANCE_DIALOG = KeyScope(
    "performance over chunks",
    "Performance over the chunks",
    (Key("enter", "cancel", "Close", "Close the chart", shown=False),),
)
