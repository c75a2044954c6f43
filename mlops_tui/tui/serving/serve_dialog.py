"""Serving a version: on which port, what it follows, what is captured."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

from rich.text import Text
from textual import on, work
from textual.widget import Widget
from textual.widgets import Input, Label, Static

from mlops_tui.domain.errors import InvalidInput, ServiceError
from mlops_tui.domain.jobs.recipe import Parameter
from mlops_tui.domain.models import model_equivalents
from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.serving.endpoint_options import (
    CaptureChoice,
    EndpointOptions,
    parse_columns,
    parse_follow,
    parse_share,
    read_rivalry,
)
from mlops_tui.domain.serving.environment_check import EnvironmentCheck, parse_env_manager
from mlops_tui.tui.kit.dialog import Dialog
from mlops_tui.tui.kit.field import Field
from mlops_tui.tui.kit.formatting import plain

PORT = Parameter("port", 1234, minimum=1024, maximum=65535)
"""Ports below 1024 need root."""

LABELS = {
    "port": "Port on 127.0.0.1 (enter starts the server)",
    "follow": "Follow: @ALIAS or a stage; empty stays on this version",
    "rival": "Second version: NUMBER hears all requests, NUMBER:10% answers a share",
    "env_manager": "Environment: local as it is, or uv or virtualenv makes one",
    "share": "Capture: share of requests to write down, 0 to 1",
    "columns": "Columns left out of a capture: NAME:drop, NAME:hash, NAME:replace",
}

MOST_LINES = 4
"""Packages that are named."""


@dataclass(frozen=True, slots=True)
class Serving:
    """What the dialog says."""

    port: int
    options: EndpointOptions


@dataclass(frozen=True, slots=True)
class Questions:
    """What the dialog asks the services."""

    is_free: Callable[[int], Awaitable[bool]]
    """Whether something can listen on a port."""
    options_problem: Callable[[EndpointOptions], Awaitable[str]]
    """Why the model cannot be served so."""
    environment: Callable[[], Awaitable[EnvironmentCheck]]
    """What the Python lacks that is to serve the model."""


class ServeDialog(Dialog[Serving]):
    """Offers a free port, notices a busy one before anything starts, shows MLflow's command."""

    def __init__(self, version: ModelVersion, offered: Serving, ask: Questions) -> None:
        aliases = "".join(f" @{alias}" for alias in version.aliases)
        super().__init__(f"Serve {version.name} v{version.version} ({version.stage}{aliases})")
        self._offered = offered
        self._ask = ask
        self._version = version

    def on_mount(self) -> None:
        """Compare what the model requires with what there is."""
        self._compare()

    @work(group="environment")
    async def _compare(self) -> None:
        try:
            check = await self._ask.environment()
        except ServiceError as error:
            check = EnvironmentCheck("", unchecked=str(error))
        self.query_one("#environment", Static).update(environment_text(check))

    def compose_body(self) -> Iterable[Widget]:
        """Ask for the port and what else the endpoint does; show what serves the same plainly."""
        options = self._offered.options
        kind, _, target = options.follow.partition(":")
        columns = ", ".join(f"{name}:{way}" for name, way in options.capture.columns.items())
        texts = {
            "port": str(self._offered.port),
            "follow": f"@{target}" if kind == "alias" else target,
            "rival": options.rival.words() if options.rival else "",
            "share": f"{options.capture.share:g}",
            "columns": columns,
            "env_manager": options.env_manager.value,
        }
        yield Static("Comparing what the model requires…", id="environment", markup=False)
        for name, label in LABELS.items():
            yield Label(label)
            yield Field(texts[name], compact=True, id=name)
        yield Static(markup=False, classes="explain")

    @on(Input.Changed)
    @work(group="port", exclusive=True)
    async def _check(self) -> None:
        self.query_one(".explain", Static).update(one_line(self.equivalent(), 600))
        try:
            self.refuse(await self._problem(self._read()))
        except ServiceError as error:
            self.refuse(str(error))

    @on(Input.Submitted)
    @work(group="port", exclusive=True)
    async def _confirm(self) -> None:
        try:
            chosen = self._read()
        except InvalidInput as error:
            self.refuse(str(error))
            return
        if problem := await self._problem(chosen):
            self.refuse(problem)
        else:
            self.dismiss(chosen)

    async def _problem(self, chosen: Serving) -> str:
        try:
            if not await self._ask.is_free(chosen.port):
                return f"Port {chosen.port} is in use on this machine. Type another."
            return await self._ask.options_problem(chosen.options)
        except ServiceError as error:
            return str(error)

    def _read(self) -> Serving:
        """Return what the fields say; raises ``InvalidInput``."""
        texts = {name: self.query_one(f"#{name}", Input).value for name in LABELS}
        try:
            port = int(PORT.parse(texts["port"]) or 0)
        except ValueError as error:
            raise InvalidInput(f"Port: {error}.") from None
        capture = CaptureChoice(
            parse_share(texts["share"]), columns=parse_columns(texts["columns"])
        )
        rival = read_rivalry(texts["rival"])
        follow, manager = parse_follow(texts["follow"]), parse_env_manager(texts["env_manager"])
        return Serving(port, EndpointOptions(follow, capture, rival, manager))

    def equivalent(self) -> str:
        """Return the command line that serves the same without figures and capture."""
        try:
            chosen = self._read()
        except InvalidInput:
            return ""
        manager = chosen.options.env_manager.value
        return model_equivalents.serve(self._version, chosen.port, manager)


def environment_text(check: EnvironmentCheck) -> Text:
    """Return what was found out about the Python, a line for each package that differs."""
    if check.unchecked or not check.mismatches:
        return plain(check.sentence, "yellow" if check.unchecked else "dim")
    shown = check.lines[:MOST_LINES]
    more = len(check.lines) - len(shown)
    head = f"✗ {check.python} lacks what the model requires:"
    lines = [*shown, *([f"and {more} more"] if more else [])]
    told = [plain(head, "bold yellow"), *(plain(f"  {each}", "yellow") for each in lines)]
    return Text("\n").join(told)
