"""The line below the runs of an experiment."""

from contextlib import suppress
from time import monotonic

from textual import work

from mlops_tui.domain.errors import ServiceError
from mlops_tui.tui.experiments.run_list import RunList
from mlops_tui.tui.kit.list_filter import ListFilter
from mlops_tui.tui.kit.service_call import ask
from mlops_tui.tui.kit.steady_text import SteadyText
from mlops_tui.tui.shell import shell_of

NEWS_PAUSE = 30.0
"""Seconds between two counts of what is new in the feed, while the screen is shown."""


class RunsLine(SteadyText):
    """Says how many runs are marked, loaded, silent; the filter, and what is new in the feed."""

    def __init__(self, runs: RunList, runs_filter: ListFilter) -> None:
        super().__init__(id="summary")
        self._runs = runs
        self._filter = runs_filter
        self._unread = 0
        self._next_count = 0.0

    def show(self) -> None:
        """Sum up what is shown, once there is something to be summed up."""
        self.update(" · ".join(self._parts()) if self._runs.is_loaded else "", layout=False)

    def _parts(self) -> list[str]:
        marked = shell_of(self).selection.ids
        hidden = self._runs.count_hidden(marked)
        of_those = f" ({hidden:,} not shown here)" if hidden else ""
        parts = [f"{len(marked):,} marked{of_those}"] if marked else []
        parts += ["deleted runs"] if self._runs.shows_deleted else []
        silent = self._runs.silent.count()
        parts += [f"{silent:,} silent (x settles)"] if silent else []
        parts.append(self._runs.summary())
        # The words are not repeated below the bar in which they are typed.
        is_named = self._filter.words and not self._filter.bar.is_open
        parts += [f"filter: {self._filter.words}"] if is_named else []
        return [*parts, *([f"{self._unread:,} new in the feed (F)"] if self._unread else [])]

    def expire_news(self) -> None:
        """Count what is new at the next chance: it may have been read meanwhile."""
        self._next_count = 0.0

    def count_news(self) -> None:
        """Count what is new in the feed, unless that was done lately."""
        if monotonic() >= self._next_count:
            self._next_count = monotonic() + NEWS_PAUSE
            self._count_news()

    @work(group="news")
    async def _count_news(self) -> None:
        from mlops_tui.services.feed import feed

        settings = shell_of(self).settings
        # Why the store does not answer is told by the screen's own reading.
        with suppress(ServiceError):
            unread = await ask(self, feed.count_unread, settings.state_dir, settings.store)
            if unread != self._unread:
                self._unread = unread
                self.show()
