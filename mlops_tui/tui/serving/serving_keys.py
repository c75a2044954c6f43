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
        Key(
            "v", "compare", "Versus", "Send the query to a second server, too; compare the answers"
        ),
        Key("L", "load", "Load test", "Measure the server with the query", shown=False),
        Key("w", "monitor", "Monitor", "Watch what it is asked for drift", write=True),
        Key("n", "watch", "Add", "Add an endpoint that others run, by its address", write=True),
        Key("D", "remove", "Remove", "Remove a stopped server from the list", write=True),
        Key(
            "Y",
            "copy_query",
            "Copy query",
            "Copy the query as curl, Python or MLflow command",
            shown=False,
        ),
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
        Key("ctrl+g", "toggle_form", "Form", "Fill in a form, or edit the JSON"),
        Key("ctrl+r", "requests", "Requests", "Examples, and the requests sent before"),
        Key("ctrl+l", "clear", "Clear", "Empty the query, to paste another", shown=False),
    ),
)

REQUEST_FORM = KeyScope(
    "request form",
    "Form of a request",
    (
        Key("up", "field(-1)", "Up", "The field above", shown=False),
        Key("down", "field(1)", "Down", "The field below", shown=False),
        Key("pageup", "row(-1)", "Row before", "The row before, of a request of several"),
        Key("pagedown", "row(1)", "Next row", "The next row, of a request of several"),
    ),
)

REQUESTS_DIALOG = KeyScope(
    "requests",
    "Requests of a model",
    (
        Key("n", "rename", "Name", "Give the request a name", write=True),
        Key("w", "export", "Write", "Write the request to a file that mlops-tui query takes"),
        Key("d", "forget", "Delete", "Delete the request from the list", write=True),
    ),
)
