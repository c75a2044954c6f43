"""The keys of the Loop screen."""

from mlops_tui.tui.kit.key import Key, KeyScope

LOOP = KeyScope(
    "loop",
    "Loop",
    (
        Key("a", "approve", "Allow", "Allow the next step of a retraining", write=True),
        Key("d", "show_monitor", "Drift", "Look at what the monitor found out"),
        Key("R", "open_retraining", "Retraining", "The rule that trains it again; its attempts"),
        Key("V", "open_gate", "Gate", "Check the newest version; see what the gate found"),
        Key("m", "show_model", "Model", "Go to the version that is to be looked at"),
        Key("s", "show_endpoint", "Endpoint", "Go to the endpoint of the model"),
        Key("o", "open_log", "Log", "Read the log of its newest training"),
        Key("v", "view_run", "Run", "Open the run of the newest version", shown=False),
        Key("S", "tell_story", "Story", "Let the demo tell its story", write=True),
        Key("slash", "filter", "Filter", "Filter the models as one types"),
    ),
)
