"""The live log of a detached process."""

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Vertical

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.log_window import LogSearch, Sought
from mlops_tui.domain.process import ProcessKind, ProcessRecord
from mlops_tui.domain.progress import Progress
from mlops_tui.services import logs
from mlops_tui.tui.formatting import bytes_size
from mlops_tui.tui.keys import bindings
from mlops_tui.tui.log_hits import LogHits
from mlops_tui.tui.room import ask, room_of
from mlops_tui.tui.widgets.filter_bar import FilterBar
from mlops_tui.tui.widgets.log_view import LogView
from mlops_tui.tui.widgets.steady_text import SteadyText

PACE = 0.5
"""Seconds between two looks at a log that grows."""

SEARCH = "log search"
"""The purpose of the bar in which it is typed."""


class ProcessLog(Vertical):
    """Follows the log of one process; its owner calls ``load`` at each refresh.

    The log stays in the service process: here are the lines around those in view, with the numbers
    of the lines that a search has found.
    """

    BINDINGS = bindings("log search")
    DEFAULT_CSS = """
    ProcessLog #position { height: 1; padding: 0 1; color: $text-muted; text-wrap: nowrap; }
    ProcessLog #position { text-overflow: ellipsis; }
    """

    def __init__(self, kind: ProcessKind) -> None:
        super().__init__()
        self.kind = kind
        self._followed: str | None = None
        self._hits: LogHits | None = None
        self._grows = False
        self._note = ""

    def compose(self) -> ComposeResult:
        """Hold the lines, the search, where one is."""
        yield LogView()
        yield FilterBar()
        yield SteadyText(id="position")

    def on_mount(self) -> None:
        """Look more often than its owner does, as long as the log grows."""
        self.set_interval(PACE, self._keep_up)

    @property
    def view(self) -> LogView:
        """The lines in view."""
        return self.query_one(LogView)

    @property
    def progress(self) -> Progress | None:
        """What the last lines say of how far the process is."""
        return self.view.rows.window.progress

    def follow(self, record: ProcessRecord | None) -> None:
        """Show the log of another process."""
        process_id = record.process_id if record else None
        if process_id != self._followed:
            self._followed = process_id
            self._drop_search()
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
                room_of(self).settings.state_dir,
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
        hits = self._hits
        is_behind = hits is not None and hits.is_all and view.rows.window.settled > hits.next_line
        if hits is not None and is_behind and not self._is_busy("search"):
            self._search(hits, way=0)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave escape to the screen where nothing is searched."""
        if action == "leave_search" and self._hits is None:
            return False
        return super().check_action(action, parameters)

    def action_search(self) -> None:
        """Type what to search for."""
        hits = self._hits
        last = hits.search.text if hits else ""
        self.query_one(FilterBar).open(SEARCH, "search", last, "enter searches, esc drops")

    def action_next_hit(self) -> None:
        """Go to the next line that has it."""
        self._go(Sought.TEXT, 1)

    def action_previous_hit(self) -> None:
        """Go to the line before that has it."""
        self._go(Sought.TEXT, -1)

    def action_next_error(self) -> None:
        """Go to the next error."""
        self._go(Sought.ERRORS, 1)

    def action_previous_error(self) -> None:
        """Go to the error before."""
        self._go(Sought.ERRORS, -1)

    def action_leave_search(self) -> None:
        """Stop searching, drop the search."""
        self._drop_search()
        self.view.mark(None)
        self._say_where()

    @on(LogView.Moved)
    def _moved(self, event: LogView.Moved) -> None:
        event.stop()
        self._note = ""
        self._say_where()
        if not self.view.rows.is_covered or self.view.rows.following:
            self._fetch()

    def _keep_up(self) -> None:
        wanted = self._grows and self.view.rows.following and self.screen.is_current
        if wanted and not self._is_busy("log"):
            self._fetch()

    def _is_busy(self, group: str) -> bool:
        return any(w.group == group and w.node is self and w.is_running for w in self.workers)

    @work(group="log", exclusive=True)
    async def _fetch(self) -> None:
        try:
            await self.load()
        except ServiceError as error:
            self.query_one("#position", SteadyText).update(str(error))

    @on(FilterBar.Edited)
    def _typed(self, event: FilterBar.Edited) -> None:
        event.stop()
        if event.text:
            self.view.highlight(LogSearch(Sought.TEXT, event.text).pattern)

    @on(FilterBar.Entered)
    def _entered(self, event: FilterBar.Entered) -> None:
        event.stop()
        self.query_one(FilterBar).close()
        self.focus_log()
        if event.text:
            self._begin(LogSearch(Sought.TEXT, event.text), -1 if self.view.rows.following else 1)
        else:
            self.action_leave_search()

    @on(FilterBar.Closed)
    def _dropped(self, event: FilterBar.Closed) -> None:
        event.stop()
        self.focus_log()
        self.action_leave_search()

    def _go(self, sought: Sought, way: int) -> None:
        """Go to the next hit; search first what was not searched yet."""
        if self._hits and self._hits.search.sought is sought:
            self._search(self._hits, way)
        elif sought is Sought.ERRORS:
            self._begin(LogSearch(sought), way)
        else:
            self.notify("Type / first, then what to search for.", severity="warning")

    def _begin(self, search: LogSearch, way: int) -> None:
        self._hits = LogHits(search)
        self.view.highlight(search.pattern)
        self._search(self._hits, way)
        self.refresh_bindings()

    def _drop_search(self) -> None:
        self._hits, self._note = None, ""
        self.workers.cancel_group(self, "search")
        self.view.highlight(None)
        self.refresh_bindings()

    @work(group="search", exclusive=True)
    async def _search(self, hits: LogHits, way: int) -> None:
        """Search what was not searched yet; go to the next hit (1), the one before (-1), none."""
        start, followed = self._place(way), self._followed
        while followed == self._followed and followed is not None:
            if way and (target := hits.after(start) if way > 0 else hits.before(start)) is not None:
                self.view.mark(target)
                way = 0
            if (hits.is_all and hits.next_line >= self.view.rows.window.total) or hits.is_full:
                break
            if not await self._search_on(hits, followed):
                break
        self._note = "" if not way else "none below" if way > 0 else "none above"
        self._say_where()

    async def _search_on(self, hits: LogHits, followed: str) -> bool:
        """Search for a moment; return whether there is more to be searched."""
        state_dir = room_of(self).settings.state_dir
        before = hits.next_line
        try:
            found = await ask(
                self, logs.find_lines, state_dir, self.kind, followed, hits.search, hits.next_line
            )
        except ServiceError as error:
            self.notify(str(error), severity="error", markup=False)
            return False
        is_same = hits.add(found)
        self._say_where()
        return not is_same or not hits.is_all or hits.next_line > before

    def _place(self, way: int) -> int:
        """Return the line from which the next hit is looked for."""
        marked, in_view = self.view.marked, self.view.rows.in_view
        if marked is not None and marked in in_view:
            return marked
        return in_view.start - 1 if way > 0 else in_view.stop

    def _say_where(self) -> None:
        """Say which lines are in view, of how many."""
        view, window = self.view, self.view.rows.window
        words = [self._note, self._hits.summary(view.marked) if self._hits else ""]
        if not window.size:
            words.append("Nothing is written yet." if self._followed else "")
        else:
            words.append("follows" if view.rows.following else "paused")
            if not window.is_counted:
                words.append(f"{window.counted / window.size:.0%} counted")
            if window.first is None:
                words.append(f"last lines of {bytes_size(window.size)}")
            else:
                seen = view.rows.in_view
                words.append(f"{seen.start + 1:,} to {seen.stop:,} of {window.total:,} lines")
        self.query_one("#position", SteadyText).update(" · ".join(filter(None, words)))
