"""A query as a test: of two servers against one another, of one under load."""

from collections.abc import Mapping

from mlops_tui.domain.models.signature import Signature
from mlops_tui.domain.serving.answer_difference import difference
from mlops_tui.domain.serving.load_figures import LoadFigures
from mlops_tui.domain.serving.model_server import ModelServer, ServerState
from mlops_tui.services.serving import load_test, scoring
from mlops_tui.tui.kit.control_screen import ControlScreen
from mlops_tui.tui.kit.pick_dialog import PickDialog
from mlops_tui.tui.serving.difference_dialog import DifferenceDialog
from mlops_tui.tui.serving.load_dialog import LoadDialog

FILE = "request.json"


def others(server: ModelServer, servers: Mapping[str, ModelServer]) -> dict[str, ModelServer]:
    """Return the servers that can be asked the same."""
    mine = server.record.process_id
    ready = ((key, each) for key, each in servers.items() if each.state is ServerState.READY)
    return {key: each for key, each in ready if key != mine}


async def compare(
    screen: ControlScreen,
    server: ModelServer,
    among: Mapping[str, ModelServer],
    request: str,
    signature: Signature,
) -> None:
    """Send a request to two servers, after asking which the second is; show how they differ."""
    names = {key: name_of(each) for key, each in among.items()}
    key = next(iter(names))
    if len(names) > 1:
        dialog = PickDialog(f"Compare {name_of(server)} with", names, "Server")
        picked: str | None = await screen.shell.push_screen_wait(dialog)
        key = picked or ""
    if key:
        pair = (server, among[key])
        first, second = [
            await screen.ask(scoring.query, each.url, request, signature=signature) for each in pair
        ]
        ids = [each.record.process_id for each in pair]
        words = ("mlops-tui", "query", ids[0], _file(request), "--against", ids[1])
        found = difference(first, second)
        titles = (name_of(server), names[key])
        await screen.shell.push_screen_wait(DifferenceDialog(titles, words, found))


async def load(
    screen: ControlScreen, server: ModelServer, request: str, signature: Signature
) -> None:
    """Measure a server with the request."""

    async def measure(clients: int, seconds: float) -> LoadFigures:
        return await screen.ask(load_test.measure, server.url, request, clients, seconds, signature)

    command = f"mlops-tui query {server.record.process_id} {_file(request)}"
    dialog = LoadDialog(f"Load test of {name_of(server)}", command, measure)
    await screen.shell.push_screen_wait(dialog)


def name_of(server: ModelServer) -> str:
    """Return a server's model, version and port."""
    return f"{server.model} v{server.version} :{server.port}"


def _file(request: str) -> str:
    return request[1:].strip() if request.startswith("@") else FILE
