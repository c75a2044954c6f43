"""Made-up loan applications, which are paid back or not; at some time all prices double.

What decides is how large the instalment is beside the income, then as before. Only the amounts are
others than any that were trained on: a model that knows amounts, not their relation, fails.
"""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random

TARGET = "paid_back"
COLUMNS = ("income", "instalment", "years_employed", "age")
INFLATION = 3.0
"""What all amounts are multiplied by after the shift."""
NOISE = 0.03
"""The share of labels that are not as the rule says: nothing can know them."""
LEAST_SHARE, MOST_SHARE = 0.05, 0.65
"""Of the income that an instalment takes."""


@dataclass(frozen=True, slots=True)
class Application:
    """One application. Amounts are euros a month, times are years."""

    income: float
    instalment: float
    years_employed: float
    age: float
    paid_back: int

    def inputs(self) -> list[float]:
        """Return what a model is asked with, in the order of ``COLUMNS``."""
        return [getattr(self, name) for name in COLUMNS]


def applications(random: Random, *, shifted: bool = False) -> Iterator[Application]:
    """Yield applications without end, as they are before or after the shift."""
    prices = INFLATION if shifted else 1.0
    while True:
        income = random.lognormvariate(8.0, 0.3)
        share = random.uniform(LEAST_SHARE, MOST_SHARE)
        years = random.uniform(0.0, 20.0)
        pays = share < 0.25 + 0.01 * years
        yield Application(
            income=round(prices * income, 2),
            instalment=round(prices * income * share, 2),
            years_employed=round(years, 1),
            age=round(random.uniform(20.0, 65.0), 1),
            paid_back=int(pays != (random.random() < NOISE)),
        )


def write_csv(path: Path, rows: Iterable[Application]) -> None:
    """Write applications with their labels; the file is whole, or not there."""
    draft = path.with_name(f".{path.name}")
    with draft.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, (*COLUMNS, TARGET))
        writer.writeheader()
        writer.writerows(asdict(row) for row in rows)
    draft.replace(path)
