"""From a model version to a running server."""

from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.domain.processes.process import ProcessRecord
from mlops_tui.domain.serving.model_server import ModelServer
from mlops_tui.services.models import registry
from mlops_tui.services.serving import servers
from mlops_tui.tui.kit.control_screen import ControlScreen
from mlops_tui.tui.kit.messages import Topic
from mlops_tui.tui.kit.write import Write
from mlops_tui.tui.serving.serve_dialog import ServeDialog


async def serve_again(screen: ControlScreen, server: ModelServer) -> None:
    """Serve the version of a server that has ended again, on its port where that is free."""
    where = (server.model, server.version)
    found = await screen.ask(registry.versions_now, screen.shell.settings.store, [where])
    version = found[where]
    if version is None:
        screen.why_not(f"{server.model} v{server.version} is no longer in the registry.")
    else:
        await serve_version(screen, version, server.port)


async def serve_version(screen: ControlScreen, version: ModelVersion, port: int = 1234) -> None:
    """Ask for the port, offering a free one from ``port`` on; start the server; go to it."""
    shell = screen.shell
    offered = await screen.ask(servers.suggest_port, port, shell.settings.state_dir)

    async def is_free(port: int) -> bool:
        return await screen.ask(servers.port_is_free, port)

    chosen = await shell.push_screen_wait(ServeDialog(version, offered, is_free))
    if chosen is None:
        return
    record = await screen.write(
        Write[ProcessRecord](
            title=f"Serving {version.name} v{version.version} on port {chosen}",
            topic=Topic.SERVERS,
            call=lambda backend: backend.call(
                servers.launch_server,
                shell.settings.store,
                shell.settings.state_dir,
                shell.job_python,
                version,
                chosen,
            ),
        )
    )
    if record and screen in shell.screen_stack:
        await shell.navigation.show_server(record)
