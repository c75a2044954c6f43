"""How well a model does by the labels that have come, and what is usual on the reference."""

from typing import Any

from mlops_tui.domain.monitoring.chunk import Interval

CLASS_METRICS = ("accuracy", "f1")
"""Of classes. F1 is that of the second of two classes in their order, of more the mean of all."""
ERRORS = ("rmse", "mae")
"""Of numbers; less is better."""
Z = 1.959963984540054
"""Deviations from the mean within which 95 % of a normal distribution are."""
TAILS = (0.025, 0.975)
RESAMPLES = 500
AT_ONCE = 1_000_000
"""Values that are drawn at once."""
FEWEST_CHUNKS = 6
"""Chunks of the reference that a band takes."""
WIDTH = 3.0
"""Standard deviations from the mean to the ends of a band."""


def realised(metric: str, truth: Any, predicted: Any) -> Interval | None:
    """Return a metric with its 95 % interval and n, None where no row has both values.

    Rows without one of them are left out. Of accuracy it is Wilson's (1927) interval, of the others
    that of a bootstrap, seeded. ``truth`` and ``predicted`` are arrays of classes or of numbers.
    """
    import numpy as np

    truth, predicted = _paired(metric, truth, predicted)
    n = len(truth)
    if not n:
        return None
    if metric in ERRORS:
        return _error(metric, np.abs(truth - predicted))
    table = confusion(truth, predicted)
    value = float(from_table(metric, table))
    if metric == "accuracy":
        return Interval(value, *wilson(value, n), n)
    cells = (table / n).ravel()
    drawn = np.random.default_rng(0).multinomial(n, cells, RESAMPLES).reshape(-1, *table.shape)
    return around(value, from_table(metric, drawn), n)


def band(metric: str, truth: Any, predicted: Any, rows: int) -> tuple[Interval | None, str]:
    """Return what is usual on chunks of so many rows of the reference, or why that is not known.

    It is the mean of the metric on chunks in the order of the rows, and three of their standard
    deviations to either side; ``FEWEST_CHUNKS`` are needed.
    """
    import numpy as np

    truth, predicted = _paired(metric, truth, predicted)
    rows = max(1, rows)
    count = len(truth) // rows
    if count < FEWEST_CHUNKS:
        labelled = f"The reference has {len(truth):,} rows with labels and predictions"
        return None, f"{labelled}: no usual range, which needs {FEWEST_CHUNKS} chunks of {rows:,}."
    values = [
        _value(metric, truth[start : start + rows], predicted[start : start + rows])
        for start in range(0, count * rows, rows)
    ]
    mean, half = float(np.mean(values)), WIDTH * float(np.std(values, ddof=1))
    highest = float("inf") if metric in ERRORS else 1.0
    return Interval(mean, max(0.0, mean - half), min(highest, mean + half), rows), ""


def confusion(truth: Any, predicted: Any) -> Any:
    """Return the counts of true classes (rows) by predicted ones, in the order of the classes."""
    import numpy as np

    classes, codes = np.unique(np.concatenate((truth, predicted)), return_inverse=True)
    size = len(classes)
    true, told = codes.reshape(2, -1)
    return np.bincount(true * size + told, minlength=size * size).reshape(size, size)


def from_table(metric: str, table: Any) -> Any:
    """Return accuracy or F1 from tables of counts, true classes by predicted ones."""
    from mlops_tui.services.model_programs.gate_program.bootstrap import from_counts

    size = table.shape[-1]
    if metric == "accuracy" or size == 1:
        return from_counts("accuracy", table, 0)
    return from_counts("f1" if size == 2 else "f1_macro", table, 1)  # noqa: PLR2004 - yes and no


def around(value: float, drawn: Any, n: int) -> Interval:
    """Return a value with the middle 95 % of what was drawn."""
    import numpy as np

    low, high = np.quantile(drawn, TAILS)
    return Interval(value, min(value, float(low)), max(value, float(high)), n)


def wilson(share: float, n: int) -> tuple[float, float]:
    """Return Wilson's 95 % interval of a share of n."""
    middle = (share + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z / (1 + Z * Z / n) * (share * (1 - share) / n + Z * Z / (4 * n * n)) ** 0.5
    return max(0.0, min(share, middle - half)), min(1.0, max(share, middle + half))


def _paired(metric: str, truth: Any, predicted: Any) -> tuple[Any, Any]:
    """Return the rows that have both values."""
    import numpy as np

    kind = float if metric in ERRORS else None
    pair = [np.asarray(each, dtype=kind) for each in (truth, predicted)]
    if metric in ERRORS:
        is_known = np.isfinite(pair[0]) & np.isfinite(pair[1])
    else:
        is_known = np.array(
            [_is_value(a) and _is_value(b) for a, b in zip(*pair, strict=True)], bool
        )
    return pair[0][is_known], pair[1][is_known]


def _is_value(value: Any) -> bool:
    return value is not None and value == value  # noqa: PLR0124 - NaN is not


def _value(metric: str, truth: Any, predicted: Any) -> float:
    import numpy as np

    if metric in ERRORS:
        return float(_mean_error(metric, np.abs(truth - predicted)))
    return float(from_table(metric, confusion(truth, predicted)))


def _mean_error(metric: str, errors: Any) -> Any:
    """Return the mean error of the last axis; squares of large ones stay finite."""
    import numpy as np

    largest = float(errors.max(initial=0.0)) or 1.0
    scaled = errors / largest
    if metric == "mae":
        return scaled.mean(axis=-1) * largest
    return np.sqrt((scaled**2).mean(axis=-1)) * largest


def _error(metric: str, errors: Any) -> Interval:
    import numpy as np

    rng, n = np.random.default_rng(0), len(errors)
    step = max(1, AT_ONCE // n)
    sizes = [min(step, RESAMPLES - start) for start in range(0, RESAMPLES, step)]
    draws = (errors[rng.integers(n, size=(size, n))] for size in sizes)
    drawn = np.concatenate([_mean_error(metric, each) for each in draws])
    return around(float(_mean_error(metric, errors)), drawn, n)
