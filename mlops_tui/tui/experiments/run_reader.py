"""Reading the runs of an experiment in the order of a view."""

from collections.abc import Callable, Coroutine
from contextlib import suppress
from time import monotonic
from typing import Any

from mlops_tui.domain.errors import ServiceError
from mlops_tui.tui.experiments.run_list import RunList
from mlops_tui.tui.kit.freshness import RESTING
from mlops_tui.tui.kit.pane import Pane
from mlops_tui.tui.kit.table import Table
from mlops_tui.tui.kit.workers import is_working
from mlops_tui.tui.runs.live_jobs import live_jobs

MOST_UNASKED = 200_000
"""Runs that are read from a database without being asked for: 2 kB each in the service process."""


class RunReader:
    """Reads the runs of the chosen experiment into a ``RunList``, and shows them in the pane.

    The service process keeps, sorts and filters them; here are the rows in view. ``show`` shows the
    rows that were read, ``show_current`` what is known of the run under the cursor.
    """

    def __init__(
        self,
        pane: Pane,
        runs: RunList,
        show: Callable[[], None],
        show_current: Callable[[], None],
    ) -> None:
        self._pane = pane
        self.runs = runs
        self._show = show
        self._show_current = show_current
        self._ahead: tuple[object, object] | None = None
        """The runs with the order that a server was last asked for."""
        self._rereads = False
        self._in_view_due = 0.0
        """When the rows in view are to be read again, though their runs have ended."""

    @property
    def _table(self) -> Table:
        return self._pane.query_one("#runs", Table)

    def reread_all(self) -> None:
        """Let the next reading be of all runs: some far down may be renamed or deleted."""
        self._rereads, self._ahead = True, None

    async def read(self, *, anew: bool) -> None:
        """Read what has changed of the runs, then show it; raises ``ServiceError``."""
        from mlops_tui.services.experiments import run_reading

        shell, host = self._pane.shell, self._pane.host
        store, source, runs = shell.settings.store, self.runs.source, self.runs
        await host.ask(run_reading.refresh, store, source, nested=runs.view.nested, anew=anew)
        if self._rereads:
            self._rereads = False
            await host.ask(run_reading.reread, store, source)
        elif monotonic() > self._in_view_due:
            self._in_view_due = monotonic() + RESTING * shell.settings.refresh_interval
            await host.ask(run_reading.read_again, store, source, self._table.keys_around)
        if histories := runs.columns.histories:
            await host.ask(run_reading.learn_extremes, store, source, histories)
        if runs.silent.needs_live_jobs():
            runs.silent.live_jobs = await live_jobs(host)
        await self.show_arranged()

    async def show_arranged(self, *, further: bool = True) -> None:
        """Show the rows of the view as they are now, unless something newer is shown."""
        from mlops_tui.services.experiments import run_arrangement

        runs = self.runs
        source, view = runs.source, runs.view
        first, seen = self._table.top, runs.version_of(source, view)
        store = self._pane.shell.settings.store
        found = await self._pane.host.ask(
            run_arrangement.rearranged, store, source, view, first, seen
        )
        if (source, view) != (runs.source, runs.view):
            return
        if found is None or runs.apply(found, view):
            self._show()
            if view.group is not None and view.measures != runs.columns.measures:
                self.change_view(measures=runs.columns.measures)
            if further:
                self._look_further()

    def rearrange(self) -> None:
        """Show the rows of another view, as soon as they are in its order."""
        if self.runs.experiment_id is not None:
            self._start(self._told(self.show_arranged()), "arrange")

    def change_view(self, **changes: object) -> None:
        """Show other rows, or another order."""
        self.runs.change_view(**changes)
        self.rearrange()

    def _look_further(self) -> None:
        """Go on where a query has found nothing so far, or where a database gives all at once."""
        if not self.runs.next_token:
            return
        order = (self.runs.source, self.runs.view.order)
        if order[1] and order != self._ahead:
            self._ahead = order
            self._start(self._read_ahead(), "ahead")
        if not len(self.runs):
            self.load_next_page()
        elif not (self.runs.server_filter or is_working(self._pane, "rest")):
            self._start(self._read_rest(), "rest")

    async def _read_ahead(self) -> None:
        from mlops_tui.services.experiments import run_reading

        source, order = self.runs.source, self.runs.view.order
        # What is loaded is sorted already, and says that it is no more than that.
        with suppress(ServiceError):
            await self._pane.host.ask(
                run_reading.read_ahead, self._pane.shell.settings.store, source, order
            )
            if source == self.runs.source:
                await self.show_arranged(further=False)

    async def _read_rest(self) -> None:
        from mlops_tui.services.experiments import run_reading

        runs, source, before = self.runs, self.runs.source, ""
        # Why the store does not answer is told by the next look, which comes by itself.
        with suppress(ServiceError):
            while runs.progress != before and len(runs) < MOST_UNASKED:
                before = runs.progress
                await self._pane.host.ask(
                    run_reading.read_rest, self._pane.shell.settings.store, source
                )
                if source != runs.source:
                    return
                await self.show_arranged(further=False)

    def load_next_page(self) -> None:
        """Read the next page, where there is one."""
        if self.runs.next_token and self.runs.experiment_id is not None:
            self._start(self._told(self._read_next_page()), "next page")

    async def _read_next_page(self) -> None:
        from mlops_tui.services.experiments import run_reading

        token, source = self.runs.next_token, self.runs.source
        await self._pane.host.ask(
            run_reading.read_on, self._pane.shell.settings.store, source, token
        )
        if source == self.runs.source:
            await self.show_arranged()

    def read_rows_in_view(self) -> None:
        """Read the runs of the rows in view, where they are not here yet."""
        if missing := self.runs.uncached(self._table.keys_around):
            self._start(self._read_rows(missing), "rows")

    async def _read_rows(self, missing: list[str]) -> None:
        from mlops_tui.services.experiments import run_arrangement

        table, source = self._table, self.runs.source
        with suppress(ServiceError):
            found = await self._pane.host.ask(
                run_arrangement.rows_of, self._pane.shell.settings.store, source, missing
            )
            if source == self.runs.source:
                self.runs.cache(found)
                table.refresh_rows(missing)
                self._show_current()

    def _start(self, work: Coroutine[Any, Any, None], group: str) -> None:
        self._pane.run_worker(work, group=group, exclusive=True)

    async def _told(self, work: Coroutine[Any, Any, None]) -> None:
        """Do work that tells the person when a service refuses."""
        try:
            await work
        except ServiceError as error:
            self._pane.host.complain(error)
