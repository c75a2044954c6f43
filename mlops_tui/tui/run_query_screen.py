"""Reading the runs of an experiment, by a query, in the order of a view."""

from typing import TYPE_CHECKING

from textual import on, work

from mlops_tui.domain.errors import InvalidInput, ServiceError
from mlops_tui.tui.experiment_writing import ExperimentWritingScreen
from mlops_tui.tui.widgets.filter_bar import FilterBar
from mlops_tui.tui.widgets.table import Table

if TYPE_CHECKING:
    from mlops_tui.domain.run_filter import Completion
    from mlops_tui.tui.widgets.first_completion import Completer

QUERY = "query"
"""The purpose of the filter bar while an expression for the server is typed."""


class RunQueryScreen(ExperimentWritingScreen):
    """A screen with the runs of the chosen experiment (``#runs``), as far as they are loaded.

    They are kept, sorted and filtered in the service process; here are the rows in view.
    """

    async def read_runs(self, *, anew: bool) -> None:
        """Read what has changed of the runs, then show it."""
        from mlops_tui.services import run_memory

        store, source, known = self.room.settings.store, self.source, self.run_list
        await self.ask(run_memory.refresh, store, source, nested=known.view.nested, anew=anew)
        if histories := known.set.histories:
            await self.ask(run_memory.learn_extremes, store, source, histories)
        await self.look_for_jobs()
        await self.show_arranged()

    async def show_arranged(self) -> None:
        """Show the rows of the view as they are now, unless something newer is shown."""
        from mlops_tui.services import run_memory

        source, view = self.source, self.run_list.view
        first = self.query_one("#runs", Table).top
        found = await self.ask(run_memory.arrange, self.room.settings.store, source, view, first)
        if (source, view) != (self.source, self.run_list.view):
            return
        if self.run_list.take(found):
            self.show_filtered()
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

    def refusal(self, words: str) -> str:
        """Return what is wrong with a filter that is being typed."""
        from mlops_tui.domain.run_filter import parse

        try:
            parse(words) if words.strip() else None
        except InvalidInput as error:
            return str(error)
        return ""

    def filter_by(self, words: str) -> None:
        """Show the loaded runs that pass a filter."""
        super().filter_by(words)
        self.change_view(words=words.strip())

    def action_filter(self) -> None:
        """Filter the loaded rows as one types."""
        self._learn_words()
        super().action_filter()

    def completer(self) -> "Completer":
        """Return what offers the keys with values of the loaded runs."""
        return self._complete

    def _complete(self, text: str) -> "tuple[Completion, ...]":
        from mlops_tui.domain.run_filter import completions

        known = self.run_list.vocabulary
        return tuple(completions(text, known=known)) if known else ()

    @work(group="words", exclusive=True)
    async def _learn_words(self) -> None:
        from mlops_tui.services import run_memory

        if self.chosen is None:
            return
        source = self.source
        found = await self.ask(run_memory.words_known, self.room.settings.store, source)
        if source == self.source:
            self.run_list.vocabulary = found
            self.query_one(FilterBar).offer_again()

    def action_server_filter(self) -> None:
        """Ask the server with a filter, or with an expression of MLflow's own."""
        self._learn_words()
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
        from dataclasses import replace

        from mlops_tui.services import run_memory

        if self.chosen is None:
            return
        wanted = replace(self.source, query=query.strip())
        try:
            await self.ask(run_memory.refresh, self.room.settings.store, wanted, anew=True)
        except InvalidInput as error:
            self.query_one(FilterBar).complain(str(error))
            return
        except ServiceError as error:
            self.complain(error)
            return
        self.run_list.clear()
        self.run_list.server_filter = query.strip()
        self.close_filter()
        self.rearrange()

    def look_further(self) -> None:
        """Go on where a query has found nothing so far: no row is there to scroll to."""
        if not len(self.run_list) and self.run_list.next_token:
            self._load_next_page()

    @on(Table.NearEnd, "#runs")
    @work(group="next page", exclusive=True)
    async def _load_next_page(self) -> None:
        from mlops_tui.services import run_memory

        token, source = self.run_list.next_token, self.source
        if not token or self.chosen is None:
            return
        try:
            await self.ask(run_memory.read_on, self.room.settings.store, source, token)
            if source == self.source:
                await self.show_arranged()
        except ServiceError as error:
            self.complain(error)

    @on(Table.Scrolled, "#runs")
    @work(group="rows", exclusive=True)
    async def _fetch_rows(self) -> None:
        from mlops_tui.services import run_memory

        table = self.query_one("#runs", Table)
        missing, source = self.run_list.missing(table.keys_around), self.source
        if not missing:
            return
        found = await self.ask(run_memory.rows_of, self.room.settings.store, source, missing)
        if source == self.source:
            self.run_list.hold(found)
            table.refresh_rows(missing)
            self.show_current()

    def show_current(self) -> None:
        """Show what is known of the run under the cursor."""
