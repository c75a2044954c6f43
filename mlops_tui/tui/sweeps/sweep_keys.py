"""The keys of the screen of a sweep."""

from mlops_tui.tui.kit.key import Key, KeyScope

SWEEP = KeyScope(
    "sweep",
    "A sweep",
    (
        Key("s", "best_first", "Best first", "The best trials first, or all by number"),
        Key("C", "compare", "Compare", "Compare the complete trials"),
        Key("x", "stop", "Stop", "Stop the sweep with its trials", write=True),
        Key("c", "go_on", "Continue", "Run the trials that are left", write=True),
        Key("o", "log", "Log", "Read the log of the sweep with its trials"),
        Key("v", "view_run", "Run", "Go to the run that holds the trials", shown=False),
    ),
)
