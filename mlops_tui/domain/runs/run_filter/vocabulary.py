"""The keys with the values that runs hold."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mlops_tui.domain.runs.run import Run
from mlops_tui.domain.runs.run_filter.expression import Kind
from mlops_tui.domain.runs.run_filter.word_test import OF_MLFLOW

MOST_RUNS = 2_000
"""Runs that are looked at; the newest come first."""

MOST_VALUES = 100
"""Values kept of a key: those that most runs have."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Keys by kind in their order, values by kind with key, the most frequent first."""

    keys: Mapping[Kind, tuple[str, ...]]
    values: Mapping[tuple[Kind, str], tuple[str, ...]]

    def values_of(self, key: str, kind: Kind | None) -> tuple[str, ...]:
        """Return the values of a key; one without a kind is looked for as a filter does."""
        for each in Kind if kind is None else (kind,):
            if key in self.keys.get(each, ()):
                return self.values.get((each, key), ())
        return ()


def vocabulary(runs: Iterable[Run]) -> Vocabulary:
    """Return what the first of the runs hold."""
    metrics: dict[str, None] = {}
    values: dict[tuple[Kind, str], Counter[str]] = {}

    def count(kind: Kind, pairs: Iterable[tuple[str, str]]) -> None:
        for key, value in pairs:
            values.setdefault((kind, key), Counter())[value] += 1

    for _, run in zip(range(MOST_RUNS), runs, strict=False):
        metrics.update(dict.fromkeys(run.metrics))
        count(Kind.PARAM, run.params.items())
        count(Kind.TAG, ((key, text) for key, text in run.tags.items() if OF_MLFLOW not in key))
        texts = (("name", run.name), ("status", run.status.lower()), ("user", run.user))
        count(Kind.ATTRIBUTE, texts)
    keys = {kind: tuple(sorted(key for each, key in values if each is kind)) for kind in Kind}
    return Vocabulary(
        keys | {Kind.METRIC: tuple(sorted(metrics))},
        {
            place: tuple(value for value, _ in counter.most_common(MOST_VALUES) if value)
            for place, counter in values.items()
        },
    )
