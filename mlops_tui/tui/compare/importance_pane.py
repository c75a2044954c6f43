"""The estimate of what a metric depends on."""

import asyncio
from collections.abc import Sequence

from rich.text import Text
from textual import work
from textual.app import ComposeResult
from textual.containers import VerticalScroll

from mlops_tui.domain.compare.importance import Estimate, importances
from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.metrics.direction import guess_direction
from mlops_tui.domain.runs.run import Run
from mlops_tui.services.compare import run_importance
from mlops_tui.services.compare.run_importance import ViewedRuns
from mlops_tui.services.metrics import metric_directions
from mlops_tui.tui.compare.importance_text import importance_text
from mlops_tui.tui.kit.formatting import plain
from mlops_tui.tui.kit.service_call import ask
from mlops_tui.tui.kit.steady_text import SteadyText
from mlops_tui.tui.kit.workers import is_working
from mlops_tui.tui.shell import shell_of

GROUP = "importance"


class ImportancePane(VerticalScroll):
    """Estimates over all the ``viewed`` runs where these are given, else over those compared."""

    def __init__(self, viewed: ViewedRuns | None) -> None:
        super().__init__()
        self._viewed = viewed
        self._round = 0
        """How often all was to be estimated again."""
        self._shown: tuple[str, tuple[Run, ...], int] = "", (), 0
        """The metric, the compared runs and the round that the estimate is to be of."""
        self._estimated: tuple[str, tuple[Run, ...], int] | None = None
        """Those of the estimate that is shown."""

    def compose(self) -> ComposeResult:
        """Show the text alone."""
        yield SteadyText(id="importance")

    def show(self, metric: str, compared: tuple[Run, ...]) -> None:
        """Show the estimate for a metric."""
        self._shown = metric, compared, self._round
        if not is_working(self, GROUP):
            self._estimate()

    def forget(self) -> None:
        """Estimate again when it is shown next."""
        self._round += 1

    @work(group=GROUP)
    async def _estimate(self) -> None:
        """Estimate, again where something changed meanwhile."""
        text = self.query_one(SteadyText)
        while (shown := self._shown) != self._estimated:
            if self._estimated is None or self._estimated[-1] != shown[-1]:
                text.update(Text("reading…", "dim"))
            metric, compared, _ = shown
            try:
                estimate = await self.read(metric, compared)
            except ServiceError as error:
                self._estimated = None
                text.update(plain(f"✗ {error} r reads again.", "bold"))
                return
            self._estimated = shown
            text.update(importance_text(metric, estimate))

    async def read(self, metric: str, compared: Sequence[Run]) -> Estimate:
        """Return what a metric depends on."""
        settings = shell_of(self).settings
        directions = await ask(self, metric_directions.read_directions, settings.state_dir)
        direction = directions.get(metric) or guess_direction(metric)
        if self._viewed is None:
            # 1,000 runs with 200 params take seconds.
            return await asyncio.to_thread(importances, compared, metric, direction)
        viewed = self._viewed
        return await ask(self, run_importance.estimate, settings.store, viewed, metric, direction)
