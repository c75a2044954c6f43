"""False alarms on stable chunks, and shifts that are missed: ``python -m …drift_alarms``."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from mlops_tui.domain.drift.drift_report import DriftReport
from mlops_tui.services.drift.comparison import compare
from mlops_tui.services.drift.summary import Summary
from mlops_tui.services.drift.tables import summarise

CHUNKS, ROWS, REFERENCE = 200, 1_000, 50_000
SHIFT = 0.5
"""Standard deviations that one column moves by."""
LEVEL = 0.05
"""Of an alarm by p alone."""


def table(rng: np.random.Generator, rows: int) -> dict[str, Any]:
    """Return 20 columns of many kinds."""
    columns: dict[str, Any] = {f"normal{n}": rng.normal(size=rows) for n in range(8)}
    columns |= {f"skewed{n}": rng.lognormal(sigma=1 + n / 2, size=rows) for n in range(3)}
    columns |= {f"count{n}": rng.poisson(1 + n, rows) for n in range(3)}
    columns["missing"] = np.where(rng.random(rows) < 0.3, np.nan, rng.normal(size=rows))
    for size in (2, 10, 100, 1000):
        shares = np.random.default_rng(size).dirichlet(np.ones(size))
        columns[f"of{size}"] = rng.choice([f"v{n}" for n in range(size)], rows, p=shares)
    columns["truth"] = rng.random(rows) < 0.1
    return columns


def reports(reference: Summary, seeds: Sequence[int], shift: float) -> Iterator[DriftReport]:
    """Yield the report of a chunk for each seed, the first column of it shifted."""
    for seed in seeds:
        columns = table(np.random.default_rng(seed), ROWS)
        columns["normal0"] = columns["normal0"] + shift
        yield compare(reference, summarise([pa.table(columns)], like=reference))


def main() -> None:
    """Print the shares in per cent."""
    reference = summarise([pa.table(table(np.random.default_rng(0), REFERENCE))])
    stable = list(reports(reference, range(1, CHUNKS + 1), 0.0))
    alarms = [report.drifted for report in stable]
    by_p = [any((each.p or 0) < LEVEL for each in report.features) for report in stable]
    by_effect = [
        any((each.effect or 0) > each.limit for each in report.features) for report in stable
    ]
    seen = [
        any(each.name == "normal0" for each in report.drifted_features)
        for report in reports(reference, range(1_000, 1_000 + 2 * CHUNKS), SHIFT)
    ]
    missed = [not any(pair) for pair in zip(seen[::2], seen[1::2], strict=True)]
    shares = {"alarms": alarms, "by_p": by_p, "by_effect": by_effect, "missed": missed}
    print(json.dumps({name: float(np.mean(each)) * 100 for name, each in shares.items()}))


if __name__ == "__main__":
    main()
