"""The runs that the Experiments screen knows of one experiment."""

from collections.abc import Mapping, Sequence
from math import isnan
from typing import TYPE_CHECKING, Any

from rich.text import Text

from mlops_tui.domain.run import Run, RunPage, RunStatus
from mlops_tui.tui.formatting import age, duration, number, plain, silent_cell, status_cell
from mlops_tui.tui.silent_runs import SilentRuns
from mlops_tui.tui.widgets.table import Column

if TYPE_CHECKING:
    from mlops_tui.domain.run_filter import RunTest, Vocabulary

METRIC, PARAM = "metric:", "param:"
FIXED = (
    Column("status", "Status", 10),
    Column("name", "Name", 18),
    Column("age", "Age", 5, justify="right"),
    Column("duration", "Time", 6, justify="right"),
)


class RunList:
    """Runs by id, newest first, as far as loaded; with what the person filtered or sorted by."""

    def __init__(self) -> None:
        self.server_filter = ""
        self.words = ""
        self._passes: RunTest | None = None
        self.deleted = False
        """Whether the deleted runs are wanted."""
        self.hopes: Mapping[str, Mapping[str, str]] = {}
        """Run id to column to what it is hoped to read soon."""
        self.silent = SilentRuns()
        self.sort: tuple[str, bool] | None = None
        """Column key, with whether the greatest comes first."""
        self.clear()

    def clear(self) -> None:
        """Forget all runs, as for another experiment."""
        self._runs: dict[str, Run] = {}
        self.next_token = ""
        self.is_loaded = False
        self._left: tuple[str, ...] = ()
        self._looked_at = 0

    def __len__(self) -> int:
        return len(self._runs)

    def __getitem__(self, run_id: str) -> Run:
        return self._runs[run_id]

    def get(self, run_id: str | None) -> Run | None:
        """Return the run, None when it is not loaded."""
        return self._runs.get(run_id or "")

    def refresh(self, page: RunPage) -> None:
        """Take in the first page anew; runs of later pages stay."""
        known = self._runs
        fresh = {run.run_id: run for run in page.runs}
        if not page.next_token:
            self._runs = fresh
        elif page.runs:
            oldest = page.runs[-1].started_at or 0
            later = {k: r for k, r in known.items() if (r.started_at or 0) <= oldest}
            self._runs = fresh | {k: r for k, r in later.items() if k not in fresh}
        # A page without runs that has more to come may be far behind what was looked through.
        if not self.is_loaded or not page.next_token or 0 < len(self._runs) <= len(fresh):
            self.next_token = page.next_token
            self._looked_at = page.looked_at
        self._left = page.left
        self.is_loaded = True
        self.silent.learn(self._runs.values())

    def extend(self, page: RunPage) -> None:
        """Add the next page."""
        self._runs.update((run.run_id, run) for run in page.runs)
        self.next_token = page.next_token
        self._looked_at += page.looked_at
        self.silent.learn(self._runs.values())

    def update(self, runs: Sequence[Run]) -> None:
        """Replace runs that are known."""
        self._runs.update((run.run_id, run) for run in runs if run.run_id in self._runs)
        self.silent.learn(self._runs.values())

    def take_edited(self, runs: Sequence[Run]) -> None:
        """Show runs as they are after an edit; those deleted or restored leave the list."""
        for run in runs:
            if run.is_deleted is not self.deleted:
                self._runs.pop(run.run_id, None)
        self.update(runs)

    def unfinished_beyond(self, page: RunPage) -> list[str]:
        """Return the ids of loaded runs that still change, but are not on the page."""
        fresh = {run.run_id for run in page.runs}
        changing = (RunStatus.RUNNING, RunStatus.SCHEDULED)
        return [k for k, run in self._runs.items() if run.status in changing and k not in fresh]

    def filter_by(self, words: str) -> None:
        """Let through what passes a filter; raises ``InvalidInput``, then the last one stays."""
        if words == self.words:
            return
        from mlops_tui.domain.run_filter import parse, passes

        self._passes = passes(parse(words)) if words.strip() else None
        self.words = words

    def vocabulary(self) -> "Vocabulary":
        """Return the keys with values of the loaded runs."""
        from mlops_tui.domain.run_filter import vocabulary

        return vocabulary(self._runs.values())

    def shown(self) -> list[str]:
        """Return the ids that pass the filter, in the chosen order."""
        ids = [k for k, run in self._runs.items() if not self._passes or self._passes(run)]
        if self.sort:
            column, greatest_first = self.sort
            present = [k for k in ids if self._value(self._runs[k], column) is not None]
            absent = [k for k in ids if self._value(self._runs[k], column) is None]
            present.sort(key=lambda k: self._order(k, column), reverse=greatest_first)
            ids = present + absent
        return ids

    def sort_by(self, column: str) -> None:
        """Sort by a column, the greatest first; turn the order round when it is sorted already."""
        if self.sort and self.sort[0] == column:
            self.reverse()
        else:
            self.sort = (column, True)

    def sort_by_next(self) -> None:
        """Sort by the column after the present one; after the last, as the server does."""
        keys = [column.key for column in self.columns()]
        number = keys.index(self.sort[0]) + 1 if self.sort and self.sort[0] in keys else 0
        self.sort = (keys[number], True) if number < len(keys) else None

    def reverse(self) -> None:
        """Turn the order round, when there is one."""
        if self.sort:
            self.sort = (self.sort[0], not self.sort[1])

    def columns(self) -> tuple[Column, ...]:
        """Return the columns: what every run has, then the metrics, then the params."""
        metrics = dict.fromkeys(key for run in self._runs.values() for key in run.metrics)
        params = dict.fromkeys(key for run in self._runs.values() for key in run.params)
        return (
            *FIXED,
            *(Column(METRIC + k, plain(k).plain, _width(k), "right") for k in sorted(metrics)),
            *(Column(PARAM + k, plain(k).plain, _width(k)) for k in sorted(params)),
        )

    def cell(self, run_id: str, column: str) -> Text:
        """Return what stands in a cell."""
        run = self._runs[run_id]
        if hoped := self.hopes.get(run_id, {}).get(column):
            return plain(f"… {hoped}", "italic")
        value = self._value(run, column)
        if value is None:
            return Text("")
        if column == "status":
            silence = self.silent.silence(run)
            return status_cell(run.status) if silence is None else silent_cell(silence)
        if column == "age":
            return Text(age(run.started_at))
        if column == "duration":
            return Text(duration(value))
        return Text(number(value)) if column.startswith(METRIC) else plain(value)

    def summary(self) -> str:
        """Say how many are shown of how many, and whether there are more."""
        shown, loaded = len(self.shown()), len(self._runs)
        parts = [f"{shown:,} of {loaded:,} loaded" if shown != loaded else f"{loaded:,} loaded"]
        parts += ["more on the server"] if self.next_token else []
        if self._left:
            parts.append(f"{self._looked_at:,} tested here by {', '.join(self._left)}")
        parts += [f"query: {self.server_filter}"] if self.server_filter else []
        if self.sort and self.next_token:
            parts.append("sorted among the loaded")
        return " · ".join(parts)

    def _order(self, run_id: str, column: str) -> Any:
        value = self._value(self._runs[run_id], column)
        if column.startswith(PARAM):
            try:
                return (0, float(value), "")
            except ValueError:
                return (1, 0.0, value)
        return value

    @staticmethod
    def _value(run: Run, column: str) -> Any:
        """Return what a column sorts by; None where the run has nothing there."""
        if column.startswith(METRIC):
            value = run.metrics.get(column.removeprefix(METRIC))
            return None if value is None or isnan(value) else value
        if column.startswith(PARAM):
            return run.params.get(column.removeprefix(PARAM))
        if column == "duration":
            if run.started_at is None:
                return None
            end = run.ended_at
            return end - run.started_at if end is not None else _elapsed(run.started_at)
        return {"status": run.status, "name": run.name, "age": run.started_at}[column]


def _elapsed(started_at: int) -> int:
    from time import time

    return max(0, round(time() * 1000) - started_at)


def _width(key: str) -> int:
    return min(max(len(key), 7), 16)
