"""Saying how much is new in the feed, beside the runs of one experiment."""

from contextlib import suppress
from time import monotonic

from textual import work

from mlops_tui.domain.errors import ServiceError
from mlops_tui.tui.experiments.run_view_screen import RunViewScreen
from mlops_tui.tui.kit.steady_text import SteadyText

NEWS_EVERY = 30.0
"""Seconds between two looks at what is new, while the screen is shown."""


class NewsScreen(RunViewScreen):
    """A screen whose summary (``#summary``) ends with how many entries of the feed are unread.

    That is looked for beside the screen's own reading, once its data are shown.
    """

    _news = 0
    _next_look = 0.0

    def action_feed(self) -> None:
        """Show what is new over all experiments."""
        self.shell.open_feed()

    def on_screen_resume(self) -> None:
        """Look anew: what is new may have been read meanwhile."""
        self._next_look = 0.0

    @work(group="news")
    async def look_for_news(self) -> None:
        """Count what is new, unless that was done lately."""
        if monotonic() < self._next_look:
            return
        self._next_look = monotonic() + NEWS_EVERY
        from mlops_tui.services.feed import feed

        settings = self.shell.settings
        # Why the store does not answer is told by the screen's own reading.
        with suppress(ServiceError):
            found = await self.ask(feed.count_unread, settings.state_dir, settings.store)
            if found != self._news:
                self._news = found
                self.show_summary()

    def show_summary(self) -> None:
        """Show the summary, once there is something to be summed up."""
        text = self.summary() if self.run_list.is_loaded else ""
        self.query_one("#summary", SteadyText).update(text, layout=False)

    def summary(self) -> str:
        """Say what is shown, then what is new in the feed."""
        news = f" · {self._news:,} new in the feed (F)" if self._news else ""
        return super().summary() + news
