"""The columns that tell most about runs that nobody has chosen columns for yet."""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import islice

from mlops_tui.domain.metrics.interest import Interest, by_interest, interest_in
from mlops_tui.domain.metrics.metric_value import is_number
from mlops_tui.domain.runs.run import Run

METRICS = 4
PARAMS = 30
"""Params that are shown at most: some stores have thousands."""

DATASETS = 2

LOOKED_AT = 2_000
"""Runs, the newest: enough to know what varies, in 10 ms."""


def first_columns(runs: Iterable[Run]) -> tuple[str, ...]:
    """Return the texts of columns: a few metrics, the params that vary, the data sets.

    Metrics of validation and test come first, then losses; those about the machine never. Of a
    single run all params are given, since nothing can vary. Of very many runs the first are looked
    at.
    """
    known = tuple(islice(runs, LOOKED_AT))
    counts = Counter(key for run in known for key in run.metrics)
    shown = [key for key in by_interest(counts) if interest_in(key) is not Interest.SYSTEM]
    named = Counter(name for run in known for name in run.datasets)
    datasets = sorted(named, key=lambda name: (-named[name], name))[:DATASETS]
    return (
        *(f"metric:{key}" for key in shown[:METRICS]),
        *(f"param:{key}" for key in varying_params(known)[:PARAMS]),
        *(f"dataset:{name}" for name in datasets),
    )


def varying_params(runs: Sequence[Run]) -> list[str]:
    """Return the params in which runs differ, by name; those that name each run come last."""
    values: dict[str, set[str]] = {}
    counts: Counter[str] = Counter()
    for run in runs:
        for key, value in run.params.items():
            values.setdefault(key, set()).add(value)
            counts[key] += 1
    if len(runs) == 1:
        return sorted(values)
    varying = [key for key in values if len(values[key]) > 1 or counts[key] < len(runs)]
    return sorted(varying, key=lambda key: (_is_label(values[key], counts[key]), key))


def _is_label(values: set[str], count: int) -> bool:
    """Return whether a param names each run, as a folder or an id does."""
    return len(values) == count > 1 and not any(map(is_number, values))
