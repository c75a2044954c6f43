"""Serving a version: on which port, what it follows, what is captured."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

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
from mlops_tui.tui.kit.dialog import Dialog
from mlops_tui.tui.kit.field import Field

PORT = Parameter("port", 1234, minimum=1024, maximum=65535)
"""Ports below 1024 need root."""

LABELS = {
    "port": "Port on 127.0.0.1 (enter starts the server)",
    "follow": "Follow: @ALIAS or a stage; empty stays on this version",
    "rival": "Second version: NUMBER hears all requests, NUMBER:10% answers a share",
    "share": "Capture: share of requests to write down, 0 to 1",
    "columns": "Columns left out of a capture: NAME:drop, NAME:hash, NAME:replace",
}


@dataclass(frozen=True, slots=True)
class Serving:
    """What the dialog says."""

    port: int
    options: EndpointOptions


class ServeDialog(Dialog[Serving]):
    """Offers a free port, notices a busy one before anything starts, shows MLflow's command."""

    def __init__(
        self,
        version: ModelVersion,
        offered: Serving,
        is_free: Callable[[int], Awaitable[bool]],
        is_there: Callable[[str], Awaitable[bool]],
    ) -> None:
        aliases = "".join(f" @{alias}" for alias in version.aliases)
        super().__init__(f"Serve {version.name} v{version.version} ({version.stage}{aliases})")
        self._offered = offered
        self._is_free = is_free
        self._is_there = is_there
        self._version = version

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
        }
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
        rival = chosen.options.rival
        try:
            if not await self._is_free(chosen.port):
                return f"Port {chosen.port} is in use on this machine. Type another."
            if rival and not await self._is_there(rival.version):
                return f"{self._version.name} has no version {rival.version}."
        except ServiceError as error:
            return str(error)
        return ""

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
        return Serving(port, EndpointOptions(parse_follow(texts["follow"]), capture, rival))

    def equivalent(self) -> str:
        """Return the command line that serves the same without figures and capture."""
        try:
            return model_equivalents.serve(self._version, self._read().port)
        except InvalidInput:
            return ""
