"""Adding endpoints that others run to the list, and removing them."""

import shlex
from collections.abc import Callable

from mlops_tui.domain.errors import InvalidInput
from mlops_tui.domain.processes.process import ProcessRecord
from mlops_tui.domain.serving.model_server import ModelServer
from mlops_tui.domain.serving.protocol import read_address
from mlops_tui.services.serving import watched
from mlops_tui.tui.kit.control_screen import ControlScreen
from mlops_tui.tui.kit.messages import Topic
from mlops_tui.tui.kit.text_dialog import LineDialog
from mlops_tui.tui.kit.write import Write

EXPLAIN = """\
MLflow: http://HOST:PORT
KServe V1: http://HOST:PORT/v1/models/NAME
Open Inference V2: http://HOST:PORT/v2/models/NAME"""


async def watch(screen: ControlScreen, go_to: Callable[[ProcessRecord], None]) -> None:
    """Ask for the address of an endpoint; watch it."""
    state_dir = screen.shell.settings.state_dir
    dialog = LineDialog(
        "Add an endpoint that others run",
        explain=EXPLAIN,
        problem=_problem,
        equivalent=lambda url: shlex.join(["mlops-tui", "servers", "add", url]),
    )
    url = await screen.shell.push_screen_wait(dialog)
    if url:
        server = await screen.write(
            Write[ModelServer](
                title=f"{url} is watched",
                topic=Topic.SERVERS,
                call=lambda backend: backend.call(watched.watch, state_dir, url),
            )
        )
        if server:
            go_to(server.record)


async def forget(screen: ControlScreen, record: ProcessRecord) -> None:
    """Remove an endpoint from the list; undo adds it again."""
    state_dir, url = screen.shell.settings.state_dir, record.details["url"]
    await screen.write(
        Write[None](
            title=f"{record.title} is no longer watched",
            topic=Topic.SERVERS,
            call=lambda backend: backend.call(watched.forget, state_dir, record.process_id),
            undo=lambda _answer: Write[ModelServer](
                title=f"{record.title} is watched again",
                topic=Topic.SERVERS,
                call=lambda backend: backend.call(watched.watch, state_dir, url),
            ),
        )
    )


def _problem(text: str) -> str:
    try:
        read_address(text)
    except InvalidInput as error:
        return str(error)
    return ""
