"""Serving a version: on which port."""

from collections.abc import Awaitable, Callable, Iterable

from textual import on, work
from textual.widget import Widget
from textual.widgets import Input, Label, Static

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.jobs.recipe import Parameter
from mlops_tui.domain.models import model_equivalents
from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.domain.plain_text import one_line
from mlops_tui.tui.kit.dialog import Dialog
from mlops_tui.tui.kit.field import Field

PORT = Parameter("port", 1234, minimum=1024, maximum=65535)
"""Ports below 1024 need root."""


class ServeDialog(Dialog[int]):
    """Offers a free port, notices a busy one before anything starts, shows the command."""

    def __init__(
        self,
        version: ModelVersion,
        offered: int,
        is_free: Callable[[int], Awaitable[bool]],
    ) -> None:
        aliases = "".join(f" @{alias}" for alias in version.aliases)
        super().__init__(f"Serve {version.name} v{version.version} ({version.stage}{aliases})")
        self._offered = offered
        self._is_free = is_free
        self._version = version

    def compose_body(self) -> Iterable[Widget]:
        """Ask for the port; show what will run."""
        yield Label("Port on 127.0.0.1 (enter starts the server)")
        yield Field(str(self._offered), compact=True)
        yield Static(markup=False, classes="explain")

    @on(Input.Changed)
    @work(group="port", exclusive=True)
    async def _check(self) -> None:
        try:
            port = self._port()
            self.query_one(".explain", Static).update(one_line(self.equivalent(), 600))
            self.refuse(await self._problem(port))
        except ValueError as error:
            self.refuse(f"Port: {error}.")

    @on(Input.Submitted)
    @work(group="port", exclusive=True)
    async def _confirm(self) -> None:
        try:
            port = self._port()
        except ValueError as error:
            self.refuse(f"Port: {error}.")
            return
        if problem := await self._problem(port):
            self.refuse(problem)
        else:
            self.dismiss(port)

    async def _problem(self, port: int) -> str:
        try:
            free = await self._is_free(port)
        except ServiceError as error:
            return str(error)
        return "" if free else f"Port {port} is in use on this machine. Type another."

    def _port(self) -> int:
        return int(PORT.parse(self.query_one(Input).value) or 0)

    def equivalent(self) -> str:
        """Return the command line."""
        try:
            return model_equivalents.serve(self._version, self._port())
        except ValueError:
            return ""
