"""Reading the runs of an experiment in the order of a view."""

from collections.abc import Callable, Coroutine
from contextlib import suppress
from time import monotonic
from typing import Any

from mlops_tui.domain.errors import ServiceError
from mlops_tui.tui.experiments.run_list import RunList
from mlops_tui.tui.kit.freshness import RESTING
from mlops_tui.tui.kit.pane import Pane
from mlops_tui.tui.kit.poller import Extent
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
        self._requested_order: tuple[object, object] | None = None
        """The source and the order of which the server's first runs were last requested."""
        self._in_view_due = 0.0
        """When the rows in view are to be read again, though their runs have ended."""

    @property
    def _table(self) -> Table:
        return self._pane.query_one("#runs", Table)

    async def read(self, extent: Extent) -> None:
        """Read the runs, then show them; raises ``ServiceError``.

        Of ``Extent.ALL`` are also those far down, which may have been renamed or deleted.
        """
        from mlops_tui.services.experiments import run_reading

        shell, host = self._pane.shell, self._pane.host
        store, source, runs = shell.settings.store, self.runs.source, self.runs
        nested, anew = runs.view.nested, extent >= Extent.ANEW
        await host.ask(run_reading.refresh, store, source, nested=nested, anew=anew)
        if extent is Extent.ALL:
            self._requested_order = None
            await host.ask(run_reading.reread, store, source)
        elif monotonic() > self._in_view_due:
            await host.ask(run_reading.read_again, store, source, self._table.keys_around)
            self._in_view_due = monotonic() + RESTING * shell.settings.refresh_interval
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
        arrangement = await self._pane.host.ask(
            run_arrangement.rearranged, store, source, view, first, seen
        )
        if (source, view) != (runs.source, runs.view):
            return
        if arrangement is None or runs.apply(arrangement, view):
            self._show()
            if view.group is not None and view.measures != runs.columns.measures:
                self.change_view(measures=runs.columns.measures)
            if further:
                self._read_more()

    def rearrange(self) -> None:
        """Show the rows of another view, as soon as they are in its order."""
        if self.runs.experiment_id is not None:
            self._start(self._or_complain(self.show_arranged()), "arrange")

    def change_view(self, **changes: object) -> None:
        """Show other rows, or another order."""
        self.runs.change_view(**changes)
        self.rearrange()

    def _read_more(self) -> None:
        """Go on where a query has found nothing so far, or where a database gives all at once."""
        if not self.runs.next_token:
            return
        order = (self.runs.source, self.runs.view.order)
        if order[1] and order != self._requested_order:
            self._requested_order = order
            self._start(self._read_ahead(), "ahead")
        if not len(self.runs):
            self.load_next_page()
        elif not (self.runs.server_filter or is_working(self._pane, "rest")):
            self._start(self._read_rest(), "rest")

    async def _read_ahead(self) -> None:
        from mlops_tui.services.experiments import run_reading

        source, order = self.runs.source, self.runs.view.order
        try:
            await self._pane.host.ask(
                run_reading.read_ahead, self._pane.shell.settings.store, source, order
            )
            if source == self.runs.source:
                await self.show_arranged(further=False)
        except ServiceError:
            # What is loaded is sorted already, and says that it is no more than that.
            if self._requested_order == (source, order):
                self._requested_order = None

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
            self._start(self._or_complain(self._read_next_page()), "next page")

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
            rows = await self._pane.host.ask(
                run_arrangement.rows_of, self._pane.shell.settings.store, source, missing
            )
            if source == self.runs.source:
                self.runs.cache(rows)
                table.refresh_rows(missing)
                self._show_current()

    def _start(self, work: Coroutine[Any, Any, None], group: str) -> None:
        self._pane.run_worker(work, group=group, exclusive=True)

    async def _or_complain(self, work: Coroutine[Any, Any, None]) -> None:
        """Do work; show its ``ServiceError``."""
        try:
            await work
        except ServiceError as error:
            self._pane.host.complain(error)
