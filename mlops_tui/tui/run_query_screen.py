"""Reading the runs of an experiment page by page, by a query, in an order."""

from functools import partial
from typing import TYPE_CHECKING

from textual import on, work

from mlops_tui.domain.errors import InvalidInput, ServiceError
from mlops_tui.domain.run import RunPage
from mlops_tui.services import run_query
from mlops_tui.tui.experiment_writing import ExperimentWritingScreen
from mlops_tui.tui.widgets.filter_bar import FilterBar
from mlops_tui.tui.widgets.table import Table

if TYPE_CHECKING:
    from mlops_tui.tui.widgets.first_completion import Completer

QUERY = "query"
"""The purpose of the filter bar while an expression for the server is typed."""

PAGE = 100
"""Runs per page: 50 to 180 ms of MLflow's time, whatever the size of the store."""


class RunQueryScreen(ExperimentWritingScreen):
    """A screen with the runs of the chosen experiment (``#runs``), as far as they are loaded."""

    def refusal(self, words: str) -> str:
        """Return what is wrong with a filter that is being typed."""
        try:
            self.run_list.filter_by(words)
        except InvalidInput as error:
            return str(error)
        return ""

    def completer(self) -> "Completer":
        """Return what offers the keys with values of the loaded runs."""
        from mlops_tui.domain.run_filter import completions

        return partial(completions, known=self.run_list.vocabulary())

    async def search(self, experiment_id: str, query: str, token: str = "") -> RunPage:
        """Read a page of runs; raises ``ServiceError``."""
        return await self.ask(
            run_query.query_runs,
            self.room.settings.store,
            (experiment_id,),
            query,
            page_token=token,
            limit=PAGE,
            deleted=self.shows_deleted_runs,
        )

    @on(Table.HeaderPressed, "#runs")
    def _header_pressed(self, event: Table.HeaderPressed) -> None:
        self.run_list.sort_by(event.column)
        self.show_filtered()

    def action_sort(self) -> None:
        """Sort by the next column."""
        self.run_list.sort_by_next()
        self.show_filtered()

    def action_reverse_sort(self) -> None:
        """Turn the order round."""
        self.run_list.reverse()
        self.show_filtered()

    def action_server_filter(self) -> None:
        """Ask the server with a filter, or with an expression of MLflow's own."""
        example = "as with /, or MLflow's own: params.name LIKE 'rf%'"
        self.query_one(FilterBar).open(
            QUERY, "server", self.run_list.server_filter, example, self.completer()
        )

    @on(FilterBar.Entered)
    def _query_entered(self, event: FilterBar.Entered) -> None:
        if event.purpose == QUERY:
            self._query_server(event.text)

    @on(FilterBar.Closed)
    def _query_dropped(self, event: FilterBar.Closed) -> None:
        if event.purpose == QUERY and self.run_list.server_filter:
            self._query_server("")

    @work(group="query", exclusive=True)
    async def _query_server(self, query: str) -> None:
        if self.chosen is None:
            return
        try:
            page = await self.search(self.chosen, query.strip())
        except InvalidInput as error:
            self.query_one(FilterBar).complain(str(error))
            return
        except ServiceError as error:
            self.complain(error)
            return
        self.run_list.clear()
        self.run_list.server_filter = query.strip()
        self.run_list.refresh(page)
        self.close_filter()
        self.show_filtered()
        self.look_further()

    def look_further(self) -> None:
        """Go on where a query has found nothing so far: no row is there to scroll to."""
        if not len(self.run_list) and self.run_list.next_token:
            self._load_next_page()

    @on(Table.NearEnd, "#runs")
    @work(group="next page", exclusive=True)
    async def _load_next_page(self) -> None:
        token, chosen = self.run_list.next_token, self.chosen
        if not token or chosen is None:
            return
        query = self.run_list.server_filter
        try:
            page = await self.search(chosen, query, token)
        except ServiceError as error:
            self.complain(error)
            return
        if chosen == self.chosen and token == self.run_list.next_token:
            self.run_list.extend(page)
            self.show_filtered()
            self.call_later(self.look_further)
