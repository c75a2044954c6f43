"""Choosing, naming, exporting and deleting requests of a model."""

from pathlib import Path

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.serving.model_server import ModelServer
from mlops_tui.domain.serving.query_result import QueryResult
from mlops_tui.domain.serving.sent_query import SentQuery
from mlops_tui.services.machine import export_file
from mlops_tui.services.processes import records
from mlops_tui.services.serving import query_history
from mlops_tui.tui.kit.control_screen import ControlScreen
from mlops_tui.tui.kit.text_dialog import LineDialog
from mlops_tui.tui.serving.requests_dialog import RequestsDialog, RequestWish, Wish

FILE = "request.json"


def sent_query(server: ModelServer, body: str, result: QueryResult) -> SentQuery:
    """Return a request with its answer, as the history keeps it."""
    return SentQuery(
        records.now(), body, server.version, result.status, result.latency_ms, result.body
    )


async def choose_request(screen: ControlScreen, server: ModelServer, example: str) -> str | None:
    """Show the requests of a server's model; return the one to edit. Raises ``ServiceError``."""
    state_dir, model = screen.shell.settings.state_dir, server.history
    examples = (SentQuery(0, example),) if example else ()
    while True:
        sent = await screen.ask(query_history.recall, state_dir, *model)
        dialog = RequestsDialog(f"Requests of {server.model}", (*examples, *sent))
        chosen = await screen.shell.push_screen_wait(dialog)
        if chosen is None:
            return None
        if chosen.wish is Wish.REPLAY:
            return chosen.sent.request
        await _change(screen, server, chosen)


async def _change(screen: ControlScreen, server: ModelServer, chosen: RequestWish) -> None:
    state_dir, model = screen.shell.settings.state_dir, server.history
    request = chosen.sent.request
    if chosen.wish is Wish.FORGET:
        await screen.ask(query_history.forget, state_dir, *model, request)
    elif chosen.wish is Wish.RENAME:
        dialog = LineDialog("Name of the request", chosen.sent.name, explain="Empty for none.")
        name = await screen.shell.push_screen_wait(dialog)
        if name is not None:
            await screen.ask(query_history.rename, state_dir, *model, request, name.strip())
    else:
        await _export(screen, request)


async def _export(screen: ControlScreen, request: str) -> None:
    if request.startswith("@"):
        screen.why_not(f"The request is in a file already: {request[1:]}")
        return
    explain = f"Into {Path.cwd()}, for `mlops-tui query last FILE`."
    name = await screen.shell.push_screen_wait(
        LineDialog("Write the request to a file", FILE, explain=explain)
    )
    if not name:
        return
    try:
        path = await screen.ask(export_file.write_file, Path.cwd() / name, f"{request}\n")
    except ServiceError as error:
        screen.why_not(str(error))
    else:
        screen.tell(f"Wrote {path}.")
