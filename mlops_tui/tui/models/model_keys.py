"""The keys of the Models screen."""

from mlops_tui.tui.kit.key import Key, KeyScope

MODEL_LIST = KeyScope(
    "model list",
    "List of models",
    (
        Key("e", "edit", "Edit", "Edit the description of the model", write=True),
        Key("slash", "filter", "Filter", "Filter the models; also stage:… or alias:…"),
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
        Key("s", "serve", "Serve", "Serve the version on this machine", write=True),
        Key("slash", "filter", "Filter", "Filter the versions; also stage:… or alias:…"),
        Key("v", "view_run", "Run", "Go to the run the version came from"),
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
        Key("enter", "confirm", "Confirm", "Do what is shown"),
    ),
)
