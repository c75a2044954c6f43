"""The live log of a detached process."""

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Vertical

from mlops_tui.domain.byte_size import bytes_size
from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.logs.log_window import Sought
from mlops_tui.domain.logs.progress import Progress
from mlops_tui.domain.processes.process import ProcessKind, ProcessRecord
from mlops_tui.services.logs import logs
from mlops_tui.tui.kit.key import bindings
from mlops_tui.tui.kit.service_call import ask
from mlops_tui.tui.kit.steady_text import SteadyText
from mlops_tui.tui.kit.workers import is_working
from mlops_tui.tui.logs.log_keys import LOG_SEARCH
from mlops_tui.tui.logs.log_search_bar import LogSearchBar
from mlops_tui.tui.logs.log_view import LogView
from mlops_tui.tui.shell import shell_of

PACE = 0.5
"""Seconds between two looks at a log that grows."""


class ProcessLog(Vertical):
    """Follows the log of one process; its owner calls ``load`` at each refresh.

    The log stays in the service process: here are the lines around those in view.
    """

    BINDINGS = bindings(LOG_SEARCH)
    DEFAULT_CSS = """
    ProcessLog #position { height: 1; padding: 0 1; color: $text-muted; text-wrap: nowrap; }
    ProcessLog #position { text-overflow: ellipsis; }
    """

    def __init__(self, kind: ProcessKind) -> None:
        super().__init__()
        self.kind = kind
        self.view = LogView()
        self._bar = LogSearchBar(kind, self.view)
        self._followed: str | None = None
        self._grows = False

    def compose(self) -> ComposeResult:
        """Hold the lines, the search, where one is."""
        yield self.view
        yield self._bar
        yield SteadyText(id="position")

    def on_mount(self) -> None:
        """Look more often than its owner does, as long as the log grows."""
        self.set_interval(PACE, self._keep_up)

    @property
    def progress(self) -> Progress | None:
        """What the last lines say of how far the process is."""
        return self.view.rows.window.progress

    def follow(self, record: ProcessRecord | None) -> None:
        """Show the log of another process."""
        process_id = record.process_id if record else None
        if process_id != self._followed:
            self._followed = process_id
            self._bar.follow(process_id)
            self.view.clear()
            self._say_where()

    def focus_log(self) -> None:
        """Let the keys scroll the log."""
        self.view.focus()

    async def load(self) -> None:
        """Read the lines in view, with what is new; raises ``ServiceError``."""
        followed, view = self._followed, self.view
        while followed is not None:
            first, most = view.rows.wanted
            window = await ask(
                self,
                logs.read_window,
                shell_of(self).settings.state_dir,
                self.kind,
                followed,
                first=first,
                most=most,
            )
            if followed != self._followed:
                return
            self._grows = window.size > view.rows.window.size
            view.show(window)
            self._say_where()
            if window.is_counted and view.rows.is_covered:
                break
        self._bar.catch_up()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave escape to the screen where nothing is searched."""
        if action == "leave_search" and not self._bar.is_searching:
            return False
        return super().check_action(action, parameters)

    def action_search(self) -> None:
        """Type what to search for."""
        self._bar.open_search()

    def action_next_hit(self) -> None:
        """Go to the next line that has it."""
        self._bar.step(Sought.TEXT, 1)

    def action_previous_hit(self) -> None:
        """Go to the line before that has it."""
        self._bar.step(Sought.TEXT, -1)

    def action_next_error(self) -> None:
        """Go to the next error."""
        self._bar.step(Sought.ERRORS, 1)

    def action_previous_error(self) -> None:
        """Go to the error before."""
        self._bar.step(Sought.ERRORS, -1)

    def action_leave_search(self) -> None:
        """Stop searching, drop the search."""
        self._bar.leave()

    @on(LogView.Moved)
    def _moved(self, event: LogView.Moved) -> None:
        event.stop()
        self._bar.note = ""
        self._say_where()
        if not self.view.rows.is_covered or self.view.rows.following:
            self._fetch()

    def _keep_up(self) -> None:
        wanted = self._grows and self.view.rows.following and self.screen.is_current
        if wanted and not is_working(self, "log"):
            self._fetch()

    @work(group="log", exclusive=True)
    async def _fetch(self) -> None:
        try:
            await self.load()
        except ServiceError as error:
            self.query_one("#position", SteadyText).update(str(error))

    @on(LogSearchBar.Searched)
    def _say_where(self) -> None:
        """Say which lines are in view, of how many."""
        rows, window = self.view.rows, self.view.rows.window
        words = [self._bar.note, self._bar.summary]
        if not window.size:
            words.append("Nothing is written yet." if self._followed else "")
        else:
            words.append("follows" if rows.following else "paused")
            if not window.is_counted:
                words.append(f"{window.counted / window.size:.0%} counted")
            if window.first is None:
                words.append(f"last lines of {bytes_size(window.size)}")
            else:
                seen = rows.in_view
                begin = min(seen.start + 1, window.total)
                words.append(f"{begin:,} to {seen.stop:,} of {window.total:,} lines")
        self.query_one("#position", SteadyText).update(" · ".join(filter(None, words)))
