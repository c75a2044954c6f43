"""The search in the log of a process."""

from textual import work
from textual.message import Message

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.logs.log_window import LogSearch, Sought
from mlops_tui.domain.processes.process import ProcessKind
from mlops_tui.services.logs import logs
from mlops_tui.tui.kit.filter_bar import FilterBar
from mlops_tui.tui.kit.service_call import ask
from mlops_tui.tui.kit.workers import is_working
from mlops_tui.tui.logs.log_hits import LogHits
from mlops_tui.tui.logs.log_view import LogView
from mlops_tui.tui.shell import shell_of


class LogSearchBar(FilterBar):
    """Takes what is searched, moves the view of the log from hit to hit.

    It keeps the numbers of the lines that were found; ``note`` says why the last step found none.
    What it edits is the search, so it is its own ``Typed``.
    """

    label = "search"
    example = "enter searches, esc drops"

    class Searched(Message):
        """There is more to say of the search, or nothing any more."""

    def __init__(self, kind: ProcessKind, view: LogView) -> None:
        super().__init__()
        self.note = ""
        self._kind, self._view = kind, view
        self._followed: str | None = None
        self._hits: LogHits | None = None

    @property
    def is_searching(self) -> bool:
        """Whether something is searched."""
        return self._hits is not None

    @property
    def summary(self) -> str:
        """How many hits there are, which of them is marked."""
        return self._hits.summary(self._view.marked) if self._hits else ""

    def follow(self, process_id: str | None) -> None:
        """Search in the log of another process."""
        self._followed = process_id
        self._drop()

    def open_search(self) -> None:
        """Ask what to search for."""
        self.open_for(self)

    @property
    def words(self) -> str:
        """What was searched last."""
        return self._hits.search.text if self._hits else ""

    def completer(self) -> None:
        """Return no completer."""

    def step(self, sought: Sought, way: int) -> None:
        """Go to the next hit (1) or the one before (-1); search first what was not searched yet."""
        if self._hits and self._hits.search.sought is sought:
            self._search(self._hits, way)
        elif sought is Sought.ERRORS:
            self._begin(LogSearch(sought), way)
        else:
            self.notify("Type / first, then what to search for.", severity="warning")

    def catch_up(self) -> None:
        """Search the lines that were written since."""
        hits, settled = self._hits, self._view.rows.window.settled
        if hits is None or not hits.is_all or settled <= hits.next_line:
            return
        if not is_working(self, "search"):
            self._search(hits, way=0)

    def leave(self) -> None:
        """Stop searching, take the mark away."""
        self._drop()
        self._view.mark(None)
        self.post_message(self.Searched())

    def edited(self, text: str) -> None:
        """Highlight what is typed."""
        if text:
            self._view.highlight(LogSearch(Sought.TEXT, text).pattern)

    def entered(self, text: str) -> None:
        """Search the text, from the end of a log that is followed."""
        self.close()
        self._view.focus()
        if text:
            self._begin(LogSearch(Sought.TEXT, text), -1 if self._view.rows.following else 1)
        else:
            self.leave()

    def closed(self) -> None:
        """Stop searching."""
        self._view.focus()
        self.leave()

    def _begin(self, search: LogSearch, way: int) -> None:
        self._hits = LogHits(search)
        self._view.highlight(search.pattern)
        self._search(self._hits, way)
        self.refresh_bindings()

    def _drop(self) -> None:
        self._hits, self.note = None, ""
        self.workers.cancel_group(self, "search")
        self._view.highlight(None)
        self.refresh_bindings()

    @work(group="search", exclusive=True)
    async def _search(self, hits: LogHits, way: int) -> None:
        """Search what was not searched yet; go to the next hit (1), the one before (-1), none."""
        start, followed, requested_way = self._start(way), self._followed, way
        while followed == self._followed and followed is not None:
            if way and (target := hits.after(start) if way > 0 else hits.before(start)) is not None:
                self._view.mark(target)
                way = 0
            is_through = hits.is_all and hits.next_line >= self._view.rows.window.total
            if is_through or hits.is_full or not await self._search_on(hits, followed):
                break
        if requested_way:
            self.note = "" if not way else "none below" if way > 0 else "none above"
        self.post_message(self.Searched())

    async def _search_on(self, hits: LogHits, followed: str) -> bool:
        """Search for a moment; return whether there is more to be searched."""
        state_dir = shell_of(self).settings.state_dir
        before = hits.next_line
        try:
            more = await ask(
                self,
                logs.find_lines,
                state_dir,
                self._kind,
                followed,
                hits.search,
                hits.next_line,
            )
        except ServiceError as error:
            self.notify(str(error), severity="error", markup=False)
            return False
        is_same = hits.add(more)
        self.post_message(self.Searched())
        return not is_same or not hits.is_all or hits.next_line > before

    def _start(self, way: int) -> int:
        """Return the line from which the next hit is looked for."""
        marked, in_view = self._view.marked, self._view.rows.in_view
        if marked is not None and marked in in_view:
            return marked
        return in_view.start - 1 if way > 0 else in_view.stop
