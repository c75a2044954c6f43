"""The table of a comparison: traits in rows, runs in columns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from rich.text import Text

from mlops_tui.domain.compare.comparison import (
    EXPERIMENT,
    Kind,
    Trait,
    delta,
    differs,
    facts,
    traits,
)
from mlops_tui.domain.matching import matches
from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.runs.run import Run, RunStatus
from mlops_tui.domain.shortening import shortened, told_apart
from mlops_tui.tui.charts.run_style import RunStyle, run_styles
from mlops_tui.tui.kit.column_layout import GAP, Column
from mlops_tui.tui.kit.formatting import number, plain, status_cell, took

STATUS, STARTED, DURATION = (
    Trait(Kind.ATTRIBUTE, key) for key in ("status", "started", "duration")
)

KIND, KEY, DELTA = "kind", "key", "delta:"

WIDTH, WIDEST = 14, 44
"""Cells of a run's column: at least, at most."""

KEY_WIDTH, DELTA_WIDTH = 20, 10

SHORT_MOMENT = len("2026-")
"""Characters of a moment that are left out where a column is narrow."""


@dataclass(frozen=True)
class ComparisonTable:
    """The compared runs and styles, with what the person chose to see of them."""

    runs: tuple[Run, ...] = ()
    styles: tuple[RunStyle, ...] = ()
    words: str = ""
    only_differences: bool = False
    baseline: str = ""
    """The id of the run that the others are measured by; empty without one."""
    width: int = 0
    """The cells that the table has."""

    @cached_property
    def traits(self) -> tuple[Trait, ...]:
        """All that any of the runs has; of each kind, what differs comes first."""
        every = traits(self.runs)
        where = every[:1] if every[:1] == (EXPERIMENT,) else ()
        kinds = list(dict.fromkeys(trait.kind for trait in every))
        differing = sorted(
            every[len(where) :],
            key=lambda trait: (kinds.index(trait.kind), not differs(trait, self.runs)),
        )
        return (*where, *facts(self.runs), *differing)

    @cached_property
    def shown(self) -> tuple[Trait, ...]:
        """The traits that pass the filter."""
        if not (self.words or self.only_differences):
            return self.traits
        return tuple(
            trait
            for trait in self.traits
            if matches(self.words, (str(trait), *(str(trait.of(run)) for run in self.runs)))
            and (not self.only_differences or trait in self._differing)
        )

    def columns(self) -> tuple[Column, ...]:
        """Return a column per run, with its delta behind it where there is a baseline."""
        columns = [Column(KIND, "", self._kind_width), Column(KEY, "Key", KEY_WIDTH)]
        names = told_apart([run.name for run in self.runs], [run.run_id for run in self.runs])
        heads = shortened(names, self.run_width - len("=● "))
        for run, head in zip(self.runs, heads, strict=True):
            is_base = run.run_id == self.baseline
            title = f"{'=' * is_base}{self.style_of(run).mark} {head}"
            columns.append(Column(run.run_id, plain(title).plain, self.run_width, "right"))
            if self.baseline and not is_base:
                columns.append(Column(DELTA + run.run_id, "Δ", DELTA_WIDTH, "right"))
        return tuple(columns)

    @cached_property
    def _kind_width(self) -> int:
        return max(6, max((len(trait.kind) for trait in self.shown), default=0))

    @cached_property
    def run_width(self) -> int:
        """The cells of each run's column, so that few runs use the width of the screen."""
        deltas = (len(self.runs) - 1) * (DELTA_WIDTH + GAP) if self.baseline else 0
        free = self.width - self._kind_width - KEY_WIDTH - 2 * GAP - deltas
        return max(WIDTH, min(WIDEST, free // max(1, len(self.runs)) - GAP))

    def cell(self, trait: Trait, column: str) -> Text:
        """Return what stands in a cell; what is equal in all runs is dim."""
        is_dim = column == KIND or trait not in self._differing
        if column in (KIND, KEY):
            return plain(trait.kind if column == KIND else trait.key, "dim" * is_dim)
        run = self.run(column.removeprefix(DELTA))
        if column.startswith(DELTA):
            return self._delta(trait, run)
        return self._value(trait, run, "dim" * is_dim)

    def _value(self, trait: Trait, run: Run, style: str) -> Text:
        value = trait.of(run)
        if trait == STATUS and value:
            return status_cell(run.status)
        if trait == DURATION and isinstance(value, float):
            return Text(took(run), style)
        if trait == STARTED and isinstance(value, str) and self.run_width < len(value):
            return Text(value[SHORT_MOMENT:], style)
        return Text(number(value), style) if isinstance(value, float) else plain(value or "", style)

    @cached_property
    def _differing(self) -> frozenset[Trait]:
        return frozenset(trait for trait in self.traits if differs(trait, self.runs))

    def run(self, run_id: str) -> Run:
        """Return one of the runs."""
        return self._runs_by_id[run_id]

    def style_of(self, run: Run) -> RunStyle:
        """Return the colour and mark of a run."""
        return self._styles_by_id[run.run_id]

    @cached_property
    def _runs_by_id(self) -> Mapping[str, Run]:
        return {run.run_id: run for run in self.runs}

    @cached_property
    def _styles_by_id(self) -> Mapping[str, RunStyle]:
        return {style.run_id: style for style in self.styles}

    def with_runs(self, runs: Sequence[Run], styles: Sequence[RunStyle]) -> "ComparisonTable":
        """Return the comparison of runs read again; a baseline that is gone is dropped."""
        ids = {run.run_id for run in runs}
        baseline = self.baseline if self.baseline in ids else ""
        return replace(self, runs=tuple(runs), styles=tuple(styles), baseline=baseline)

    def with_next_baseline(self) -> "ComparisonTable":
        """Return the comparison with the next run as its baseline, after the last one with none."""
        ids = ["", *(run.run_id for run in self.runs)]
        return replace(self, baseline=ids[(ids.index(self.baseline) + 1) % len(ids)])

    def scope(self) -> str:
        """Return how many of the rows are shown, empty when all are."""
        if len(self.shown) == len(self.traits):
            return ""
        why = ["differ"] if self.only_differences else []
        why += ["pass the filter"] if self.words else []
        return f"the {len(self.shown)} of {len(self.traits)} rows that {' and '.join(why)}"

    def summary(self) -> str:
        """Return the number of rows and runs, with what was chosen."""
        what = "versions" if any(run.model_facts for run in self.runs) else "runs"
        parts = [f"{len(self.shown)} of {len(self.traits)} rows · {len(self.runs):,} {what}"]
        parts += ["differences only"] if self.only_differences else []
        base = one_line(self.run(self.baseline).name, 40) if self.baseline else ""
        parts += [f"baseline: {base}"] if base else []
        parts += [f"filter: {self.words}"] if self.words else []
        return " · ".join(parts)

    def _delta(self, trait: Trait, run: Run) -> Text:
        base = self.run(self.baseline)
        if trait.kind not in (Kind.PARAM, Kind.METRIC):
            return Text("" if trait.of(run) == trait.of(base) else "≠")
        difference = delta(trait, run, base)
        if difference is None:
            return Text("" if trait.of(run) == trait.of(base) else "≠")
        return Text("=" if not difference else f"{'+' * (difference > 0)}{number(difference)}")


def styles_of(run_ids: Sequence[str], runs: Sequence[Run]) -> tuple[RunStyle, ...]:
    """Return the styles of the runs: each keeps its own, whichever of the others are gone."""
    by_id = {run.run_id: run for run in runs}
    named = ((k, by_id[k].name, by_id[k].status) if k in by_id else (k, "", "") for k in run_ids)
    styles = run_styles(
        (run_id, name, status == RunStatus.RUNNING) for run_id, name, status in named
    )
    return tuple(style for style in styles if style.run_id in by_id)
