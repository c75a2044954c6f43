"""The keys where models are kept or served."""

from mlops_tui.tui.kit.key import Key, Place

MODELS: dict[str, Place] = {
    "models": Place(
        "Models",
        (
            Key("t", "transition", "Stage", "Move the version to another stage", write=True),
            Key("a", "set_alias", "Alias", "Set an alias on the version", write=True),
            Key("A", "remove_alias", "Unalias", "Remove an alias", write=True, shown=False),
            Key("e", "edit", "Edit", "Edit the description", write=True),
            Key("T", "edit_tags", "Tags", "Edit the version's tags", write=True, shown=False),
            Key("s", "serve", "Serve", "Serve the version on this machine", write=True),
            Key(
                "slash",
                "filter",
                "Filter",
                "Filter the models, or the versions of one; also stage:… or alias:…",
            ),
            Key("v", "view_run", "Run", "Go to the run the version came from"),
        ),
    ),
    "serving": Place(
        "Serving",
        (
            Key("ctrl+s", "send", "Send", "Send the query"),
            Key("ctrl+t", "next_format", "Format", "Convert into the next payload format"),
            Key(
                "ctrl+o",
                "accept_offer",
                "Fix request",
                "Rewrite the request as the model expects it",
            ),
            Key("Y", "copy_query", "Copy query", "Copy the query as a curl command", shown=False),
            Key("ctrl+l", "clear_query", "Clear", "Empty the query, to paste another", shown=False),
            Key("o", "log", "Log", "Read the server's log"),
            Key("x", "stop", "Stop", "Stop the server", write=True),
            Key("a", "again", "Again", "Start a stopped server again", write=True),
            Key("D", "remove", "Remove", "Remove a stopped server from the list", write=True),
        ),
    ),
}
