"""The keys that work on every screen and in every pane."""

from mlops_tui.tui.kit.key import Key, KeyScope

EVERYWHERE = KeyScope(
    "everywhere",
    "Everywhere",
    (
        Key("0", "app.show_place('loop')", "Loop", "Where every model stands", shown=False),
        Key("1", "app.show_place('experiments')", "Experiments", "Experiments", shown=False),
        Key("2", "app.show_place('training')", "Training", "Training jobs", shown=False),
        Key("3", "app.show_place('models')", "Models", "Registered models", shown=False),
        Key("4", "app.show_place('serving')", "Serving", "Model servers and queries", shown=False),
        Key(
            "5",
            "app.show_place('monitoring')",
            "Monitoring",
            "Monitors: drift and performance",
            shown=False,
        ),
        Key("6", "app.show_place('data')", "Data", "Data sets and their versions", shown=False),
        Key("at", "app.stores", "Stores", "Switch to another store", shown=False),
        Key("question_mark", "app.help", "Help", "Help for this screen", shown=False),
        Key(
            "ctrl+p",
            "app.command_palette",
            "Palette",
            "Find any command, experiment, model, version or run",
            shown=False,
        ),
        Key("q", "app.quit", "Quit", "Quit; jobs and servers keep running", shown=False),
    ),
)
