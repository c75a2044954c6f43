"""Model servers with a query for the one under the cursor."""

import shlex
from collections.abc import Iterable, Mapping
from contextlib import suppress
from time import monotonic

from rich.text import Text
from textual import on, work
from textual.containers import Vertical
from textual.widget import Widget

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.processes.process import ProcessRecord
from mlops_tui.domain.serving.model_server import ModelServer, ServerState
from mlops_tui.services.models import registry
from mlops_tui.services.processes.child_environment import absolute
from mlops_tui.services.serving import servers
from mlops_tui.tui.kit.control_screen import ControlScreen
from mlops_tui.tui.kit.freshness import RESTING
from mlops_tui.tui.kit.key import bindings
from mlops_tui.tui.kit.messages import Topic
from mlops_tui.tui.kit.table import Table
from mlops_tui.tui.kit.workers import is_working
from mlops_tui.tui.processes import process_actions
from mlops_tui.tui.serving.query_panel import QueryPanel
from mlops_tui.tui.serving.server_cells import COLUMNS, Now, server_cell
from mlops_tui.tui.serving.serving_actions import serve_again
from mlops_tui.tui.serving.serving_keys import SERVING

NO_SERVERS = "No servers yet. Press 3, pick a version, then s to serve it."

OF_A_REQUEST = frozenset({"send", "next_format", "accept_offer", "copy_query", "clear_query"})
OF_A_SERVER = frozenset({"log", "stop", "again", "remove"})
"""Actions on what is under the cursor."""


class ServingScreen(ControlScreen):
    """Watch servers, query them, stop them."""

    MODE = "serving"
    WHAT = "servers"
    TOPICS = frozenset({Topic.SERVERS, Topic.MODELS})
    BINDINGS = bindings(SERVING)
    AUTO_FOCUS = "#servers"
    HELP = "enter goes to the query of the server, ctrl+s sends it, esc comes back to the list."

    def __init__(self) -> None:
        super().__init__()
        self.servers: dict[str, ModelServer] = {}
        self._wanted = ""
        self._versions: Mapping[tuple[str, str], Now] = {}
        """The versions served as they are now, None for those that are gone."""
        self._versions_due = 0.0
        self._unavailable: tuple[str, ...] = ()

    def compose_body(self) -> Iterable[Widget]:
        """Put the servers above the query (beside it where there is room)."""
        with Vertical(classes="halves"):
            yield Table(id="servers", classes="pane")
            yield QueryPanel(classes="pane")

    async def load(self) -> None:
        """Ask every server how it is."""
        found = await self.ask(servers.list_servers, self.shell.settings.state_dir)
        self.servers = {server.record.process_id: server for server in found}
        table = self.query_one("#servers", Table)
        table.say(NO_SERVERS)
        table.show(list(self.servers), self._cell, COLUMNS)
        if self._wanted in self.servers:
            table.move_to(self._wanted)
            self._wanted = ""
        self._aim()
        if monotonic() > self._versions_due and not is_working(self, "versions"):
            self._versions_due = monotonic() + RESTING * self.shell.settings.refresh_interval
            self._look_up_versions()

    def action_refresh_data(self) -> None:
        """Ask every server, and the registry, now."""
        self._versions_due = 0.0
        super().action_refresh_data()

    def go_to(self, record: ProcessRecord) -> None:
        """Put the cursor on a server as soon as it is listed."""
        self._wanted = record.process_id
        self.action_refresh_data()

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
            found = await self.ask(registry.versions_now, store, wanted) if wanted else {}
            if found != self._versions:
                self._versions = found
                self.query_one("#servers", Table).show(list(self.servers), self._cell, COLUMNS)

    @property
    def current(self) -> ModelServer | None:
        """The server under the cursor."""
        return self.servers.get(self.query_one("#servers", Table).cursor_key or "")

    @on(Table.Highlighted, "#servers")
    def _highlighted(self) -> None:
        self._aim()

    def _aim(self) -> None:
        """Query the server under the cursor; offer the keys that do something with it."""
        self.query_one(QueryPanel).aim(self.current)
        offered = tuple(map(self._why_not_of_server, sorted(OF_A_SERVER)))
        if offered != self._unavailable:
            self._unavailable = offered
            self.refresh_bindings()

    @on(Table.Opened, "#servers")
    def _opened(self) -> None:
        self.query_one(QueryPanel).edit()

    def has_way_back(self) -> bool:
        """Return whether the list has lost the keys to what is below, or an answer is awaited."""
        is_sending = self.query_one(QueryPanel).is_sending
        return is_sending or not self.query_one("#servers").has_focus

    def action_back(self) -> None:
        """Wait no longer for an answer; else leave the query for the list."""
        panel = self.query_one(QueryPanel)
        if panel.is_sending:
            panel.cancel()
        else:
            self.query_one("#servers").focus()

    def copyable(self) -> str:
        """Return the command that starts the server."""
        return shlex.join(self.current.record.command) if self.current else ""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what can be done with the server under the cursor, with its request."""
        if action in OF_A_REQUEST | OF_A_SERVER and self.why_unavailable(action):
            return False
        return super().check_action(action, parameters)

    def why_unavailable(self, action: str) -> str:
        """Return why an action can do nothing with the server under the cursor."""
        if reason := super().why_unavailable(action):
            return reason
        if action in OF_A_REQUEST:
            return self.query_one(QueryPanel).why_unavailable(action)
        return self._why_not_of_server(action) if action in OF_A_SERVER else ""

    def _why_not_of_server(self, action: str) -> str:
        server = self.current
        if server is None:
            return "There is no server under the cursor."
        if action == "again" and server.record.state.is_active:
            return f"It is {server.state}: x stops it first."
        if action == "again" and not self._is_of_store(server):
            return f"Its version is of another store: {server.record.store}."
        if action == "stop":
            return _why_no_stop(server)
        return _why_no_removal(server) if action == "remove" else ""

    def action_send(self) -> None:
        """Send the query."""
        self.query_one(QueryPanel).send()

    def action_clear_query(self) -> None:
        """Empty the query."""
        self.query_one(QueryPanel).clear()

    def action_next_format(self) -> None:
        """Convert the query into the next payload format."""
        self.query_one(QueryPanel).next_format()

    def action_accept_offer(self) -> None:
        """Rewrite the request as the model expects it."""
        self.query_one(QueryPanel).accept_offer()

    def action_copy_query(self) -> None:
        """Copy the query as a curl command."""
        self.shell.copy_to_clipboard(self.query_one(QueryPanel).equivalent())
        self.tell("Copied the curl command.")

    def action_log(self) -> None:
        """Read the server's log."""
        if self.current:
            self.shell.open_log(self.MODE, self.current.record)

    def action_again(self) -> None:
        """Serve the version of a server that has ended again."""
        if self.current:
            self.begin(serve_again(self, self.current))

    def action_stop(self) -> None:
        """Stop the server."""
        if self.current:
            self.begin(process_actions.stop_server(self, self.current.record))

    def action_remove(self) -> None:
        """Remove a stopped server with its log."""
        if self.current:
            self.begin(process_actions.remove(self, self.current.record))


def _why_no_stop(server: ModelServer) -> str:
    if not server.record.state.is_active:
        return "It has ended: D removes it."
    return server.record.reason if server.state is ServerState.ELSEWHERE else ""


def _why_no_removal(server: ModelServer) -> str:
    is_active = server.record.state.is_active and server.state is not ServerState.ELSEWHERE
    return "Only a server that has ended can be removed; x stops it." if is_active else ""
