"""The keys of the dialogs that launch something."""

from mlops_tui.tui.kit.key import Key, KeyScope

LAUNCH_DIALOG = KeyScope(
    "new job",
    "New job, new sweep",
    (
        Key("ctrl+s", "launch", "Launch", "Launch the job, as enter in a field does"),
        Key("ctrl+r", "ask_help", "Ask --help", "Run it with --help to read its parameters"),
        Key("ctrl+f", "find", "Find", "Find a field by its name or its help", priority=True),
    ),
)
