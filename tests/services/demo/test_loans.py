"""The made-up applications of the demo are honest: a shift costs an old model, not a new one."""

import csv
from itertools import islice
from pathlib import Path
from random import Random

from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from mlops_tui.services.demo.loans import COLUMNS, TARGET, Application, applications, write_csv


def rows(count: int, *, shifted: bool = False, seed: int = 1) -> list[Application]:
    made = applications(Random(seed), shifted=shifted)  # noqa: S311 - made-up rows
    return list(islice(made, count))


def test_what_decides_is_the_same_before_and_after_the_shift() -> None:
    before, after = rows(200), rows(200, shifted=True)
    assert [each.paid_back for each in before] == [each.paid_back for each in after]
    assert all(new.income > 2.9 * old.income for old, new in zip(before, after, strict=True))
    assert [each.age for each in before] == [each.age for each in after]


def test_the_shift_costs_the_old_model_and_new_rows_mend_it() -> None:
    def fitted(known: list[Application]) -> SVC:
        model = make_pipeline(StandardScaler(), SVC())
        return model.fit([each.inputs() for each in known], [each.paid_back for each in known])

    def score(model: SVC, asked: list[Application]) -> float:
        inputs, truth = [each.inputs() for each in asked], [each.paid_back for each in asked]
        return float(model.score(inputs, truth))

    past, now = rows(1_600, seed=7), rows(400, shifted=True, seed=8)
    old, new = fitted(past), fitted([*past, *rows(400, shifted=True, seed=9)])
    assert score(old, rows(400, seed=10)) > 0.92
    assert score(old, now) < 0.85
    assert score(new, now) > 0.9
    assert score(new, rows(400, seed=10)) > 0.9


def test_a_file_has_the_columns_with_the_label_and_no_draft_beside_it(tmp_path: Path) -> None:
    write_csv(tmp_path / "loans.csv", rows(3))
    with (tmp_path / "loans.csv").open() as file:
        read = list(csv.DictReader(file))
    assert list(read[0]) == [*COLUMNS, TARGET]
    assert len(read) == 3
    assert [each.name for each in tmp_path.iterdir()] == ["loans.csv"]
