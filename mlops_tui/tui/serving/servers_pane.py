"""Model servers, with the query for the one under the cursor."""

import shlex
from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.containers import Vertical

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.gate.verdict import STATUS_TAG
from mlops_tui.domain.processes.process import ProcessRecord
from mlops_tui.domain.serving.model_server import ModelServer
from mlops_tui.services.models import registry
from mlops_tui.services.processes.child_environment import absolute
from mlops_tui.services.serving import servers
from mlops_tui.tui.kit.freshness import RESTING
from mlops_tui.tui.kit.key import bindings
from mlops_tui.tui.kit.pane import Pane
from mlops_tui.tui.kit.steady_text import SteadyText
from mlops_tui.tui.kit.table import Table
from mlops_tui.tui.kit.workers import is_working
from mlops_tui.tui.processes import process_actions
from mlops_tui.tui.serving import answer_checks, watched_actions
from mlops_tui.tui.serving.endpoint_text import endpoint_text
from mlops_tui.tui.serving.errors_dialog import ErrorsDialog
from mlops_tui.tui.serving.query_panel import QueryPanel
from mlops_tui.tui.serving.server_cells import COLUMNS, Now, server_cell
from mlops_tui.tui.serving.server_reasons import why_not
from mlops_tui.tui.serving.serving_actions import (
    choose_capture,
    copy_query,
    monitor,
    serve_again,
    swap_back,
)
from mlops_tui.tui.serving.serving_keys import SERVING

if TYPE_CHECKING:
    from collections.abc import Mapping

NO_SERVERS = "No servers yet. Press 3, pick a version, then s to serve it."


class ServersPane(Pane):
    """The servers that were started here; the keys are about the one under the cursor."""

    BINDINGS = bindings(SERVING)

    def __init__(self) -> None:
        super().__init__(classes="halves")
        self.servers: dict[str, ModelServer] = {}
        self._goal = ""
        self._versions: Mapping[tuple[str, str], Now] = {}
        """The versions served as they are now, None for those that are gone."""
        self._versions_due = 0.0

    def compose(self) -> ComposeResult:
        """Put the servers above the query (beside it where there is room)."""
        with Vertical(id="served", classes="pane"):
            yield Table(id="servers")
            yield SteadyText(id="figures")
        yield QueryPanel(classes="pane")

    async def load(self) -> None:
        """Ask every server how it is; raises ``ServiceError``."""
        found = await self.host.ask(servers.list_servers, self.shell.settings.state_dir)
        self.servers = {server.record.process_id: server for server in found}
        table = self.query_one("#servers", Table)
        table.say(NO_SERVERS)
        table.show(list(self.servers), self._cell, COLUMNS)
        if self._goal in self.servers:
            table.move_to(self._goal)
            self._goal = ""
        self._follow_cursor()
        if monotonic() > self._versions_due and not is_working(self, "versions"):
            self._versions_due = monotonic() + RESTING * self.shell.settings.refresh_interval
            self._look_up_versions()

    def forget_versions(self) -> None:
        """Let the versions that are served be looked up with the next read."""
        self._versions_due = 0.0

    def go_to(self, record: ProcessRecord) -> None:
        """Put the cursor on a server as soon as it is listed."""
        self._goal = record.process_id
        self.host.action_refresh_data()

    def _cell(self, server_id: str, column: str) -> Text:
        server = self.servers[server_id]
        known = self._versions if self._is_of_store(server) else {}
        where = (server.model, server.version)
        return server_cell(server, column, now=known.get(where), is_known=where in known)

    def _is_of_store(self, server: ModelServer) -> bool:
        """Return whether the version served is of the store that is open."""
        return server.record.store == absolute(self.shell.settings.store).label

    @work(group="versions", exclusive=True)
    async def _look_up_versions(self) -> None:
        """Find out what has become of the versions that are served."""
        mine = [each for each in self.servers.values() if self._is_of_store(each)]
        wanted = list(dict.fromkeys((each.model, each.version) for each in mine))
        # Without an answer the stages stay as they were at the start, and say so.
        with suppress(ServiceError):
            store = self.shell.settings.store
            found = await self.host.ask(registry.versions_now, store, wanted) if wanted else {}
            if found != self._versions:
                self._versions = found
                self.query_one("#servers", Table).show(list(self.servers), self._cell, COLUMNS)

    def _gate(self, server: ModelServer) -> str:
        """Return the verdict of a gate about the version that answers, if one is known."""
        now = self._versions.get((server.model, server.version))
        is_known = now is not None and self._is_of_store(server)
        return now.tags.get(STATUS_TAG, "").strip().lower() if now and is_known else ""

    @property
    def current(self) -> ModelServer | None:
        """The server under the cursor."""
        return self.servers.get(self.query_one("#servers", Table).cursor_key or "")

    @on(Table.Highlighted, "#servers")
    def _follow_cursor(self) -> None:
        """Query the server under the cursor; offer the keys that do something with it."""
        server = self.current
        self.query_one(QueryPanel).show_server(server)
        figures = self.query_one("#figures", SteadyText)
        figures.display = bool(server and server.figures)
        if server and server.figures:
            figures.update(endpoint_text(server.figures, self._gate(server)))
        self.refresh_keys()

    @on(Table.Opened, "#servers")
    def _opened(self) -> None:
        self.query_one(QueryPanel).edit()

    def copyable(self) -> str:
        """Return the command that starts the server."""
        return shlex.join(self.current.record.command) if self.current else ""

    def why_unavailable(self, action: str) -> str:
        """Return why an action can do nothing with the server under the cursor."""
        return super().why_unavailable(action) or self._why_not(action)

    def _why_not(self, action: str) -> str:
        server = self.current
        if action == "watch":
            return ""
        if server is None:
            return "There is no server under the cursor."
        is_over = not server.is_watched and not server.record.state.is_active
        is_foreign = not server.is_watched and not self._is_of_store(server)
        if is_foreign and (action == "monitor" or (action == "again" and is_over)):
            return f"Its version is of another store: {server.record.store}."
        return why_not(action, server, self.servers)

    def action_log(self) -> None:
        """Read the server's log."""
        if self.current:
            self.shell.navigation.open_log("serving", self.current.record)

    def action_again(self) -> None:
        """Serve the version of a server that has ended again."""
        if self.current:
            self.host.begin(serve_again(self.host, self.current))

    def action_stop(self) -> None:
        """Stop the server."""
        if self.current:
            self.host.begin(process_actions.stop_server(self.host, self.current.record))

    def action_capture(self) -> None:
        """Choose which requests are written down."""
        if (server := self.current) and server.figures:
            self.host.begin(choose_capture(self.host, server, server.figures))

    def action_swap_back(self) -> None:
        """Let the version before answer again."""
        if (server := self.current) and server.figures:
            self.host.begin(swap_back(self.host, server, server.figures))

    def action_errors(self) -> None:
        """Read the last requests that failed."""
        if (server := self.current) and server.figures:
            title = f"Last errors of {server.record.title}"
            self.app.push_screen(ErrorsDialog(title, server.figures))

    def action_compare(self) -> None:
        """Send the query to a second server, too; show how the answers differ."""
        if (server := self.current) and (request := self._request()):
            among = answer_checks.others(server, self.servers)
            signature = self.query_one(QueryPanel).signature
            self.host.begin(answer_checks.compare(self.host, server, among, request, signature))

    def action_load(self) -> None:
        """Measure the server with the query."""
        if (server := self.current) and (request := self._request()):
            signature = self.query_one(QueryPanel).signature
            self.host.begin(answer_checks.load(self.host, server, request, signature))

    def _request(self) -> str:
        request = self.query_one(QueryPanel).request.strip()
        if not request:
            self.host.why_not("There is no request to send: enter goes to it.")
        return request

    def action_monitor(self) -> None:
        """Set up a monitor of what the server is asked."""
        if self.current:
            self.host.begin(monitor(self.host, self.current))

    def action_watch(self) -> None:
        """Add an endpoint that others run."""
        self.host.begin(watched_actions.watch(self.host, self.go_to))

    def action_remove(self) -> None:
        """Remove a stopped server with its log, or an endpoint of others from the list."""
        if self.current and self.current.is_watched:
            self.host.begin(watched_actions.forget(self.host, self.current.record))
        elif self.current:
            self.host.begin(process_actions.remove(self.host, self.current.record))

    def action_copy_query(self) -> None:
        """Copy the query as a command or as Python."""
        self.host.begin(copy_query(self.host, self.query_one(QueryPanel).equivalents()))
