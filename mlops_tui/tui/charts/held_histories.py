"""The histories that the interface holds."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mlops_tui.domain.metrics.metric import HistoryWish, MetricHistory, joined
from mlops_tui.tui.charts.run_look import ChartedRun

Pair = tuple[str, str]
"""Run id with metric key."""

POINTS = 400
"""Points per curve: more than a terminal has dots."""

MOST = 300
"""Curves held; beyond that, those read longest ago are forgotten."""


@dataclass(frozen=True, slots=True)
class Held:
    """A history with how many points there were when it was read as a whole."""

    history: MetricHistory
    whole: int
    is_settled: bool
    """Whether its run had ended when it was read."""

    @property
    def is_worn(self) -> bool:
        """Whether so much was joined on that its old points have become too sparse."""
        return self.history.total > 2 * max(self.whole, len(self.history.values))


class HeldHistories:
    """Knows what must be read: what is missing, then only what running runs have added."""

    def __init__(self) -> None:
        self._held: dict[Pair, Held] = {}
        self._close: dict[Pair, tuple[HistoryWish, MetricHistory]] = {}

    def get(self, run_id: str, key: str) -> MetricHistory | None:
        """Return a history as a whole, None when it was not read yet."""
        held = self._held.get((run_id, key))
        return held.history if held else None

    def seen(self, wish: HistoryWish) -> MetricHistory | None:
        """Return a history from close by, else as a whole."""
        known = self._close.get((wish.run_id, wish.key))
        return known[1] if known and known[0] == wish else self.get(wish.run_id, wish.key)

    def clear(self) -> None:
        """Forget everything: it is to be read anew."""
        self._held.clear()
        self._close.clear()

    def wishes(self, runs: Iterable[ChartedRun], keys: Sequence[str]) -> list[HistoryWish]:
        """Return what to read so that these metrics of these runs are up to date."""
        pairs = [(run, key) for key in keys for run in runs]
        return [wish for run, key in pairs if (wish := self._wish(run, key))]

    def close_wish(self, wish: HistoryWish) -> HistoryWish | None:
        """Return the wish for a stretch of steps, None where all its points are held already."""
        held, known = self.get(wish.run_id, wish.key), self._close.get((wish.run_id, wish.key))
        if held is None or not held.is_reduced or (known and known[0] == wish):
            return None
        return wish

    def take(
        self, wishes: Sequence[HistoryWish], found: Iterable[MetricHistory], runs: set[str]
    ) -> None:
        """Take in what was read; ``runs`` were running when it was asked for."""
        asked = {(wish.run_id, wish.key): wish for wish in wishes}
        for history in found:
            pair = history.run_id, history.key
            wish, known = asked[pair], self._held.pop(pair, None)
            if wish.last_step is not None:
                self._close[pair] = wish, history
                if known:
                    self._held[pair] = known
                continue
            is_settled = pair[0] not in runs
            if wish.first_step is not None and known:
                now = joined(known.history, history, POINTS)
                self._held[pair] = Held(now, known.whole, is_settled)
            else:
                self._held[pair] = Held(history, history.total, is_settled)
        self._forget_oldest()

    def _wish(self, run: ChartedRun, key: str) -> HistoryWish | None:
        held = self._held.get((run.run_id, key))
        if held is None or held.is_worn:
            return HistoryWish(run.run_id, key)
        if run.is_running and held.history.steps:
            return HistoryWish(run.run_id, key, first_step=held.history.steps[-1])
        # What came late, or out of order, is seen once its run has ended.
        needs_last_look = run.is_running or not held.is_settled
        return HistoryWish(run.run_id, key) if needs_last_look else None

    def _forget_oldest(self) -> None:
        curves = [pair for pair, held in self._held.items() if len(held.history.values) > 1]
        for pair in curves[:-MOST]:
            del self._held[pair]
        for pair in list(self._close)[:-MOST]:
            del self._close[pair]
