"""The keys of the Serving screen."""

from mlops_tui.tui.kit.key import Key, KeyScope

SERVING = KeyScope(
    "serving",
    "Serving",
    (
        Key("o", "log", "Log", "Read the server's log"),
        Key("x", "stop", "Stop", "Stop the server", write=True),
        Key("a", "again", "Again", "Start a stopped server again", write=True),
        Key("c", "capture", "Capture", "Write requests down, or no longer", write=True),
        Key("b", "swap_back", "Swap back", "Let the version before answer again", write=True),
        Key("e", "errors", "Errors", "Read the last requests that failed"),
        Key("D", "remove", "Remove", "Remove a stopped server from the list", write=True),
        Key("Y", "copy_query", "Copy query", "Copy the query as a curl command", shown=False),
    ),
)

QUERY = KeyScope(
    "query",
    "Query of a server",
    (
        Key("ctrl+s", "send", "Send", "Send the query"),
        Key("ctrl+t", "next_format", "Format", "Convert into the next payload format"),
        Key(
            "ctrl+o",
            "fix_request",
            "Fix request",
            "Rewrite the request as the model expects it",
        ),
        Key("ctrl+l", "clear", "Clear", "Empty the query, to paste another", shown=False),
    ),
)
