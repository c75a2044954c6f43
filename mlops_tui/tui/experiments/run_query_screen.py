"""Filtering the runs of an experiment: what is loaded as one types, what the server has."""

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from textual import on, work

from mlops_tui.domain.errors import InvalidInput, ServiceError
from mlops_tui.tui.experiments.run_reading_screen import RunReadingScreen
from mlops_tui.tui.kit.filter_bar import FilterBar

if TYPE_CHECKING:
    from mlops_tui.domain.runs.run_filter import Completion
    from mlops_tui.tui.kit.first_completion import Completer

QUERY = "query"
"""The purpose of the filter bar while an expression for the server is typed."""


class RunQueryScreen(RunReadingScreen):
    """A screen whose runs are filtered here, or queried on the server."""

    def refusal(self, words: str) -> str:
        """Return what is wrong with a filter that is being typed."""
        from mlops_tui.domain.runs.run_filter import parse

        try:
            parse(words) if words.strip() else None
        except InvalidInput as error:
            return str(error)
        return ""

    def filter_by(self, words: str) -> None:
        """Show the loaded runs that pass a filter."""
        super().filter_by(words)
        self.change_view(words=words.strip())
        self.refresh_bindings()

    def action_filter(self) -> None:
        """Filter the loaded runs, or the experiments, as one types."""
        if not self.is_on_side:
            self._learn_words()
        super().action_filter()

    def completer(self) -> "Completer":
        """Return what offers the keys with values of the loaded runs."""
        return self._complete

    def _complete(self, text: str) -> "tuple[Completion, ...]":
        from mlops_tui.domain.runs.run_filter import completions

        known = self.run_list.vocabulary
        return tuple(completions(text, known=known)) if known else ()

    @work(group="words", exclusive=True)
    async def _learn_words(self) -> None:
        from mlops_tui.services.experiments import run_arrangement

        source = self.source
        # Without them a filter is typed all the same, only without completions.
        with suppress(ServiceError):
            found = await self.ask(run_arrangement.words_known, self.shell.settings.store, source)
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
        from mlops_tui.services.experiments import run_reading

        if self.chosen is None:
            return
        wanted = replace(self.source, query=query.strip())
        try:
            await self.ask(run_reading.refresh, self.shell.settings.store, wanted, anew=True)
        except InvalidInput as error:
            self.query_one(FilterBar).complain(str(error))
            return
        except ServiceError as error:
            self.complain(error)
            return
        # The rows of before stay until those of the query are there.
        self.run_list.server_filter = query.strip()
        self.close_filter()
        self.rearrange()
