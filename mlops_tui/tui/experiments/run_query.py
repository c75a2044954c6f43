"""What is typed to find runs of an experiment: among the loaded ones, or on the server."""

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from mlops_tui.domain.errors import InvalidInput, ServiceError
from mlops_tui.tui.experiments.run_list import RunList
from mlops_tui.tui.experiments.run_reader import RunReader
from mlops_tui.tui.kit.filter_bar import FilterBar
from mlops_tui.tui.kit.pane import Pane

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mlops_tui.domain.runs.run_filter import Completion
    from mlops_tui.tui.kit.first_completion import Completer

GROUP = "query"


class RunCompletions:
    """Offers the keys and values of the loaded runs while a filter or a query is typed."""

    def __init__(self, pane: Pane, runs: RunList) -> None:
        self._pane = pane
        self._runs = runs

    def learn(self) -> None:
        """Find out which keys and values the loaded runs have."""
        self._pane.run_worker(self._learn(), group="words", exclusive=True)

    async def _learn(self) -> None:
        from mlops_tui.services.experiments import run_arrangement

        source = self._runs.source
        # Without them a filter is typed all the same, only without completions.
        with suppress(ServiceError):
            vocabulary = await self._pane.host.ask(
                run_arrangement.words_known, self._pane.shell.settings.store, source
            )
            if source == self._runs.source:
                self._runs.vocabulary = vocabulary
                self._pane.query_one(FilterBar).offer_again()

    def complete(self, text: str) -> "Sequence[Completion]":
        """Return how a text may go on."""
        from mlops_tui.domain.runs.run_filter import completions

        vocabulary = self._runs.vocabulary
        return tuple(completions(text, known=vocabulary)) if vocabulary else ()


class ServerQuery:
    """Asks the server for other runs, with a filter or with an expression of MLflow's own."""

    label = "server"
    example = "as with /, or MLflow's own: params.name LIKE 'rf%'"

    def __init__(self, pane: Pane, reader: RunReader, completions: RunCompletions) -> None:
        self._pane = pane
        self._reader = reader
        self._completions = completions

    @property
    def words(self) -> str:
        """The present query."""
        return self._reader.runs.server_filter

    def completer(self) -> "Completer":
        """Return what offers how a text may go on."""
        return self._completions.complete

    def open(self) -> None:
        """Let a query be typed."""
        self._cancel()
        self._completions.learn()
        self._pane.query_one(FilterBar).open_for(self)

    def edited(self, text: str) -> None:  # noqa: ARG002 - of ``Typed``
        """Ask nothing before enter, and no longer for what stood there before."""
        self._cancel()

    def entered(self, text: str) -> None:
        """Ask with what was typed; the bar stays until that was answered."""
        self._pane.run_worker(self._ask(text.strip()), group=GROUP, exclusive=True)

    def closed(self) -> None:
        """Cancel a query that is running; ask for all runs again; go to them."""
        self._cancel()
        self._pane.query_one("#runs").focus()
        if self.words:
            self.entered("")

    def _cancel(self) -> None:
        self._pane.workers.cancel_group(self._pane, GROUP)

    def _leave(self) -> None:
        """Close the bar, unless another filter is typed there; leave the focus where it went."""
        bar = self._pane.query_one(FilterBar)
        if bar.typed is not self:
            return
        had_focus = bar.has_focus_within
        bar.close()
        if had_focus:
            self._pane.query_one("#runs").focus()

    async def _ask(self, query: str) -> None:
        from mlops_tui.services.experiments import run_reading

        runs, host = self._reader.runs, self._pane.host
        if runs.experiment_id is None:
            return
        source = replace(runs.source, query=query)
        try:
            await host.ask(run_reading.refresh, self._pane.shell.settings.store, source, anew=True)
        except InvalidInput as error:
            self._pane.query_one(FilterBar).complain(str(error))
            return
        except ServiceError as error:
            host.complain(error)
            return
        # The rows of before stay until those of the query are there.
        runs.server_filter = query
        self._leave()
        self._reader.rearrange()
