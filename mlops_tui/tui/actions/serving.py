"""From a model version to a running server."""

from mlops_tui.domain.jobs.process import ProcessRecord
from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.services.serving import servers
from mlops_tui.tui.bases.control_screen import ControlScreen
from mlops_tui.tui.dialogs.serve import ServeDialog
from mlops_tui.tui.messages import Topic
from mlops_tui.tui.write import Write


async def serve_version(screen: ControlScreen, version: ModelVersion) -> None:
    """Ask for the port; start the server; go to it."""
    room = screen.room
    offered = await screen.ask(servers.suggest_port, state_dir=room.settings.state_dir)

    async def is_free(port: int) -> bool:
        return await screen.ask(servers.port_is_free, port)

    port = await room.push_screen_wait(ServeDialog(version, offered, is_free))
    if port is None:
        return
    record = await screen.write(
        Write[ProcessRecord](
            title=f"Serving {version.name} v{version.version} on port {port}",
            topic=Topic.SERVERS,
            call=lambda: screen.ask(
                servers.launch_server,
                room.settings.store,
                room.settings.state_dir,
                room.job_python,
                version,
                port,
            ),
        )
    )
    if record:
        await room.show_server(record)
