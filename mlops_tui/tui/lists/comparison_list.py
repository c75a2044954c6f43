"""The table of a comparison: traits in rows, runs in columns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from rich.text import Text

from mlops_tui.domain.matching import matches
from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.runs.comparison import Kind, Trait, delta, differs, traits
from mlops_tui.domain.runs.run import Run, RunStatus
from mlops_tui.tui.charts.run_look import ChartedRun, charted
from mlops_tui.tui.widgets.table import Column
from mlops_tui.tui.words.formatting import number, plain

KIND, KEY, DELTA = "kind", "key", "delta:"

WIDTH = 14


@dataclass(frozen=True)
class ComparisonList:
    """What is compared, with what the person chose to see of it."""

    runs: tuple[Run, ...] = ()
    looks: tuple[ChartedRun, ...] = ()
    words: str = ""
    only_differences: bool = False
    baseline: str = ""
    """The id of the run that the others are measured by; empty without one."""

    @cached_property
    def traits(self) -> tuple[Trait, ...]:
        """All that any of the runs has."""
        return traits(self.runs)

    @cached_property
    def shown(self) -> tuple[Trait, ...]:
        """The traits that pass the filter."""
        if not (self.words or self.only_differences):
            return self.traits
        return tuple(
            trait
            for trait in self.traits
            if matches(self.words, (str(trait), *(str(trait.of(run)) for run in self.runs)))
            and (not self.only_differences or differs(trait, self.runs))
        )

    def columns(self) -> tuple[Column, ...]:
        """Return a column per run, with its delta behind it where there is a baseline."""
        widest = max((len(trait.kind) for trait in self.shown), default=0)
        columns = [Column(KIND, "", max(6, widest)), Column(KEY, "Key", 20)]
        for run in self.runs:
            is_base = run.run_id == self.baseline
            title = f"{'=' if is_base else ''}{self.look(run).mark} {run.name}"
            columns.append(Column(run.run_id, plain(title).plain, WIDTH, "right"))
            if self.baseline and not is_base:
                columns.append(Column(DELTA + run.run_id, "Δ", 10, "right"))
        return tuple(columns)

    def cell(self, trait: Trait, column: str) -> Text:
        """Return what stands in a cell."""
        if column in (KIND, KEY):
            return plain(trait.kind if column == KIND else trait.key, "dim" * (column == KIND))
        run = self.run(column.removeprefix(DELTA))
        if column.startswith(DELTA):
            return self._delta(trait, run)
        value = trait.of(run)
        return Text(number(value)) if isinstance(value, float) else plain(value or "")

    def run(self, run_id: str) -> Run:
        """Return one of the runs."""
        return self._runs_by_id[run_id]

    def look(self, run: Run) -> ChartedRun:
        """Return what the run looks like on charts."""
        return self._looks_by_id[run.run_id]

    @cached_property
    def _runs_by_id(self) -> Mapping[str, Run]:
        return {run.run_id: run for run in self.runs}

    @cached_property
    def _looks_by_id(self) -> Mapping[str, ChartedRun]:
        return {look.run_id: look for look in self.looks}

    def with_next_baseline(self) -> "ComparisonList":
        """Measure by the next run, after the last one by none."""
        ids = ["", *(run.run_id for run in self.runs)]
        return replace(self, baseline=ids[(ids.index(self.baseline) + 1) % len(ids)])

    def summary(self) -> str:
        """Say what is shown."""
        parts = [f"{len(self.shown)} of {len(self.traits)} rows · {len(self.runs):,} runs"]
        parts += ["differences only"] if self.only_differences else []
        base = one_line(self.run(self.baseline).name, 40) if self.baseline else ""
        parts += [f"baseline: {base}"] if base else []
        parts += [f"filter: {self.words}"] if self.words else []
        return " · ".join(parts)

    def _delta(self, trait: Trait, run: Run) -> Text:
        base = self.run(self.baseline)
        if trait.kind in (Kind.TAG, Kind.ATTRIBUTE):
            return Text("" if trait.of(run) == trait.of(base) else "≠")
        difference = delta(trait, run, base)
        if difference is None:
            return Text("" if trait.of(run) == trait.of(base) else "≠")
        return Text("=" if not difference else f"{'+' * (difference > 0)}{number(difference)}")


def known_again(before: ComparisonList, runs: Sequence[Run]) -> ComparisonList:
    """Return the comparison of runs read anew; a baseline that is gone is none."""
    ids = {run.run_id for run in runs}
    return replace(
        before, runs=tuple(runs), baseline=before.baseline if before.baseline in ids else ""
    )


def looks_of(run_ids: Sequence[str], runs: Sequence[Run]) -> tuple[ChartedRun, ...]:
    """Return the looks of the runs: each keeps its own, whichever of the others are gone."""
    known = {run.run_id: run for run in runs}
    named = ((k, known[k].name, known[k].status) if k in known else (k, "", "") for k in run_ids)
    looks = charted((run_id, name, status == RunStatus.RUNNING) for run_id, name, status in named)
    return tuple(look for look in looks if look.run_id in known)
