"""From a model version to a running server, and what can be changed of that."""

from collections.abc import Mapping

from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.domain.processes.process import ProcessRecord
from mlops_tui.domain.serving.endpoint_figures import EndpointFigures
from mlops_tui.domain.serving.endpoint_options import CaptureChoice, EndpointOptions, options_of
from mlops_tui.domain.serving.environment_check import EnvironmentCheck
from mlops_tui.domain.serving.model_server import ModelServer
from mlops_tui.services.models import registry
from mlops_tui.services.serving import endpoints, servers
from mlops_tui.services.serving.environment_check import check_environment
from mlops_tui.services.serving.options_check import options_problem
from mlops_tui.tui.kit.confirm import ConfirmDialog
from mlops_tui.tui.kit.control_screen import ControlScreen
from mlops_tui.tui.kit.messages import Topic
from mlops_tui.tui.kit.pick_dialog import PickDialog
from mlops_tui.tui.kit.write import Write
from mlops_tui.tui.serving.capture_dialog import CaptureDialog
from mlops_tui.tui.serving.serve_dialog import Questions, ServeDialog, Serving


async def serve_again(screen: ControlScreen, server: ModelServer) -> None:
    """Serve the version of a server that has ended again, on its port where that is free."""
    where = (server.model, server.version)
    found = await screen.ask(registry.versions_now, screen.shell.settings.store, [where])
    version = found[where]
    if version is None:
        screen.why_not(f"{server.model} v{server.version} is no longer in the registry.")
    else:
        await serve_version(screen, version, server.port, options_of(server.record.details))


async def serve_version(
    screen: ControlScreen,
    version: ModelVersion,
    port: int = 1234,
    options: EndpointOptions = EndpointOptions(),  # noqa: B008 - frozen
) -> None:
    """Ask for the port, offering a free one from ``port`` on; start the server; go to it."""
    shell = screen.shell
    offered = await screen.ask(servers.suggest_port, port, shell.settings.state_dir)

    async def is_free(port: int) -> bool:
        return await screen.ask(servers.port_is_free, port)

    async def other_problem(options: EndpointOptions) -> str:
        store = shell.settings.store
        return await screen.ask(options_problem, store, version.name, options)

    async def check() -> EnvironmentCheck:
        return await screen.ask(check_environment, shell.settings.store, shell.job_python, version)

    questions = Questions(is_free, other_problem, check)
    dialog = ServeDialog(version, Serving(offered, options), questions)
    chosen = await shell.push_screen_wait(dialog)
    if chosen is None:
        return
    record = await screen.write(
        Write[ProcessRecord](
            title=f"Serving {version.name} v{version.version} on port {chosen.port}",
            topic=Topic.SERVERS,
            call=lambda backend: backend.call(
                servers.launch_server,
                shell.settings.store,
                shell.settings.state_dir,
                shell.job_python,
                version,
                chosen.port,
                chosen.options,
            ),
        )
    )
    if record and screen in shell.screen_stack:
        await shell.navigation.show_server(record)


async def monitor(screen: ControlScreen, server: ModelServer) -> None:
    """Set up a monitor of what an endpoint is asked."""
    kind, _, target = options_of(server.record.details).follow.partition(":")
    choice = f"{'@' if kind == 'alias' else '/'}{target or server.version}"
    record = server.record
    await screen.shell.navigation.monitor(f"{server.model}{choice}", record.process_id)


async def choose_capture(
    screen: ControlScreen, server: ModelServer, figures: EndpointFigures
) -> None:
    """Ask what an endpoint captures from now on; tell it."""
    before = figures.capture.choice
    dialog = CaptureDialog(f"Capture of {server.record.title}", before, figures.capture)
    chosen = await screen.shell.push_screen_wait(dialog)
    if chosen is not None and chosen != before:
        await screen.write(_capture(screen, server, chosen, before))


def _capture(
    screen: ControlScreen, server: ModelServer, after: CaptureChoice, before: CaptureChoice
) -> Write[None]:
    state_dir, record = screen.shell.settings.state_dir, server.record
    share = f"{after.share:.0%} of the requests are captured" if after.share else "Capture ended"
    return Write(
        title=share,
        topic=Topic.SERVERS,
        call=lambda backend: backend.call(endpoints.capture, state_dir, record, after),
        undo=lambda _answer: _capture(screen, server, before, after),
    )


async def swap_back(screen: ControlScreen, server: ModelServer, figures: EndpointFigures) -> None:
    """Let the version before answer again, after asking."""
    settings, record = screen.shell.settings, server.record
    following = figures.follow
    until = f" until {following.target} moves again" if following else ""
    question = ConfirmDialog(
        f"Let v{figures.previous} answer again?",
        f"v{figures.previous} answers in place of v{figures.version}{until}. No request is lost.",
    )
    if await screen.shell.push_screen_wait(question):
        await screen.write(
            Write[str](
                title=f"v{figures.previous} answers again",
                topic=Topic.SERVERS,
                call=lambda backend: backend.call(
                    endpoints.swap_back, settings.store, settings.state_dir, record
                ),
            )
        )


async def copy_query(screen: ControlScreen, equivalents: Mapping[str, str]) -> None:
    """Ask as what a query is to be copied; copy it."""
    if not equivalents:
        screen.why_not("There is no server to query.")
        return
    choices = {name: f"{name}: {' '.join(text.split())}" for name, text in equivalents.items()}
    chosen = await screen.shell.push_screen_wait(PickDialog("Copy the query as", choices, "As"))
    if chosen:
        screen.shell.copy_to_clipboard(equivalents[chosen])
        screen.tell(f"Copied the query as {chosen}.")
