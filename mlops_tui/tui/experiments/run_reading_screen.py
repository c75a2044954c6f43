"""Reading the runs of an experiment, showing them in the order of a view."""

from contextlib import suppress
from time import monotonic

from textual import on, work

from mlops_tui.domain.errors import ServiceError
from mlops_tui.tui.experiments.experiment_writing import ExperimentWritingScreen
from mlops_tui.tui.kit.freshness import RESTING
from mlops_tui.tui.kit.table import Table
from mlops_tui.tui.kit.workers import is_working

MOST_UNASKED = 200_000
"""Runs that are read from a database without being asked for: 2 kB each in the service process."""


class RunReadingScreen(ExperimentWritingScreen):
    """A screen with the runs of the chosen experiment (``#runs``), as far as they are loaded.

    They are kept, sorted and filtered in the service process; here are the rows in view.
    """

    _ahead: tuple[object, object] | None = None
    """The runs with the order that a server was last asked for."""

    _rereads = False
    """Whether what is known beyond the first page is to be read again too."""

    _in_view_due = 0.0
    """When the rows in view are to be read again, though their runs have ended."""

    def action_reread(self) -> None:
        """Read all runs again: what somebody renamed or deleted far down is seen then."""
        self._rereads, self._ahead = True, None
        super().action_reread()

    async def read_runs(self, *, anew: bool) -> None:
        """Read what has changed of the runs, then show it."""
        from mlops_tui.services.experiments import run_reading

        store, source, known = self.shell.settings.store, self.source, self.run_list
        await self.ask(run_reading.refresh, store, source, nested=known.view.nested, anew=anew)
        if self._rereads:
            self._rereads = False
            await self.ask(run_reading.reread, store, source)
        elif monotonic() > self._in_view_due:
            self._in_view_due = monotonic() + RESTING * self.shell.settings.refresh_interval
            in_view = self.query_one("#runs", Table).keys_around
            await self.ask(run_reading.read_again, store, source, in_view)
        if histories := known.set.histories:
            await self.ask(run_reading.learn_extremes, store, source, histories)
        await self.look_for_jobs()
        await self.show_arranged()

    async def show_arranged(self, *, further: bool = True) -> None:
        """Show the rows of the view as they are now, unless something newer is shown."""
        from mlops_tui.services.experiments import run_arrangement

        source, view = self.source, self.run_list.view
        first, seen = self.query_one("#runs", Table).top, self.run_list.version_of(source, view)
        store = self.shell.settings.store
        found = await self.ask(run_arrangement.rearranged, store, source, view, first, seen)
        if (source, view) != (self.source, self.run_list.view):
            return
        if found is None or self.run_list.take(found, view):
            self.show_filtered()
            if view.group is not None and view.measures != self.run_list.set.measures:
                self.change_view(measures=self.run_list.set.measures)
            if further:
                self.look_further()

    @work(group="arrange", exclusive=True)
    async def rearrange(self) -> None:
        """Show the rows of another view, as soon as they are in its order."""
        if self.chosen is None:
            return
        try:
            await self.show_arranged()
        except ServiceError as error:
            self.complain(error)

    def change_view(self, **changes: object) -> None:
        """Show other rows, or another order."""
        self.run_list.change_view(**changes)
        self.rearrange()

    def look_further(self) -> None:
        """Go on where a query has found nothing so far, or where a database gives all at once."""
        if not self.run_list.next_token:
            return
        order = (self.source, self.run_list.view.order)
        if order[1] and order != self._ahead:
            self._ahead = order
            self._read_ahead()
        if not len(self.run_list):
            self._load_next_page()
        elif not (self.run_list.server_filter or is_working(self, "rest")):
            self._read_rest()

    @work(group="ahead", exclusive=True)
    async def _read_ahead(self) -> None:
        from mlops_tui.services.experiments import run_reading

        source, order = self.source, self.run_list.view.order
        # What is loaded is sorted already, and says that it is no more than that.
        with suppress(ServiceError):
            await self.ask(run_reading.read_ahead, self.shell.settings.store, source, order)
            if source == self.source:
                await self.show_arranged(further=False)

    @work(group="rest", exclusive=True)
    async def _read_rest(self) -> None:
        from mlops_tui.services.experiments import run_reading

        source, before = self.source, ""
        # Why the store does not answer is told by the next look, which comes by itself.
        with suppress(ServiceError):
            while self.run_list.progress != before and len(self.run_list) < MOST_UNASKED:
                before = self.run_list.progress
                await self.ask(run_reading.read_rest, self.shell.settings.store, source)
                if source != self.source:
                    return
                await self.show_arranged(further=False)

    @on(Table.NearEnd, "#runs")
    @work(group="next page", exclusive=True)
    async def _load_next_page(self) -> None:
        from mlops_tui.services.experiments import run_reading

        token, source = self.run_list.next_token, self.source
        if not token or self.chosen is None:
            return
        try:
            await self.ask(run_reading.read_on, self.shell.settings.store, source, token)
            if source == self.source:
                await self.show_arranged()
        except ServiceError as error:
            self.complain(error)

    @on(Table.Scrolled, "#runs")
    def _scrolled(self) -> None:
        self.call_after_refresh(self._look_for_missing)

    def _look_for_missing(self) -> None:
        missing = self.run_list.missing(self.query_one("#runs", Table).keys_around)
        if missing:
            self._fetch_rows(missing)

    @work(group="rows", exclusive=True)
    async def _fetch_rows(self, missing: list[str]) -> None:
        from mlops_tui.services.experiments import run_arrangement

        table, source = self.query_one("#runs", Table), self.source
        with suppress(ServiceError):
            found = await self.ask(
                run_arrangement.rows_of, self.shell.settings.store, source, missing
            )
            if source == self.source:
                self.run_list.hold(found)
                table.refresh_rows(missing)
                self.show_current()

    def show_current(self) -> None:
        """Show what is known of the run under the cursor."""
