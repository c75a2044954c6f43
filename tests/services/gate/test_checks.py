"""The rules of a gate, checked on models that lie in a folder."""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest

from mlops_tui.domain.gate.rules import parse_rules
from mlops_tui.services.model_programs.gate_program.checks import Checks, Row
from mlops_tui.services.model_programs.gate_program.model import Version
from tests.services.gate.conftest import NAMES, blind, fitted, how_saved, rows

ACCURATE = '[[rule]]\nevaluate = "accuracy"\ndata = "holdout.csv"\ntarget = "label"\n'
PROBABLE = ACCURATE.replace("accuracy", "roc_auc")


class Saved(NamedTuple):
    """Saved models by name."""

    folder: Path

    def version(self, number: str, name: str) -> Version:
        """Return a version that is such a model."""
        return Version(number, str(self.folder / name))


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Saved:
    """Save a good model, one as good, a bad one, one that predicts NaN, one without signature."""
    import mlflow
    from sklearn.linear_model import LinearRegression

    folder = tmp_path_factory.mktemp("models")
    broken = LinearRegression().fit(rows(50)[NAMES], rows(50)["label"])
    broken.coef_ = broken.coef_ * float("nan")
    models = {"good": fitted(), "as good": fitted(490, 2), "bad": blind(), "nan": broken}
    for name, model in models.items():
        mlflow.sklearn.save_model(model, folder / name, **how_saved(model))
    mlflow.sklearn.save_model(
        models["good"], folder / "undeclared", **how_saved(models["good"], signature=False)
    )
    shutil.copytree(folder / "bad", folder / "unloadable")
    next((folder / "unloadable").glob("model.*")).write_bytes(b"no model")
    return Saved(folder)


def entity(dataset: Any) -> Any:
    """Return a data set as a run has it."""
    from mlflow.entities import Dataset, DatasetInput

    described: Any = Dataset.from_dictionary(dataset.to_dict())
    return DatasetInput(described, [])


Checked = Callable[..., list[Row]]


@pytest.fixture
def check(saved: Saved, tmp_path: Path) -> Checked:
    """Return what checks rules on a saved model, against another one or none."""
    rows(2_000, seed=7).to_csv(tmp_path / "holdout.csv", index=False)

    def of(
        text: str,
        candidate: str = "good",
        champion: str = "",
        datasets: Sequence[Any] = (),
        **about: Any,
    ) -> list[Row]:
        entry: Any = SimpleNamespace(**{"tags": {}, "description": "", **about})
        given = [entity(each) for each in datasets]
        run = SimpleNamespace(inputs=SimpleNamespace(dataset_inputs=given))
        client: Any = SimpleNamespace(get_run=lambda _run_id: run)
        checks = Checks(
            client=client,
            entry=entry,
            candidate=saved.version("2", candidate),
            champion=saved.version("1", champion) if champion else None,
            run_id="r1",
            metrics={"loss": 0.5, "nan": float("nan")},
            champion_metrics={"loss": 0.7},
            folder=tmp_path,
        )
        told = [
            {
                "kind": rule.kind.value,
                "text": rule.describe(),
                "limit": rule.limit,
                "values": {**rule.values, "lower_is_better": rule.lower_is_better},
            }
            for rule in parse_rules(text).rules
        ]
        found = [row for rule in told for row in checks.rows_of(rule)]
        found[0].reason += "".join(f" [{remark}]" for remark in checks.remarks)
        return found

    return of


def test_a_version_that_is_better_on_the_same_rows_passes(check: Checked) -> None:
    (row,) = check(f"{ACCURATE}better_by = 0.005", champion="bad")
    assert (row.outcome, row.n, row.blocks) == ("passed", 2_000, False)
    assert float(row.candidate or 0) > 0.8 > float(row.champion or 1)
    assert row.low is not None
    assert row.low > 0


@pytest.mark.parametrize("margin", ["0", "0.005"])
def test_a_version_that_is_equal_but_for_noise_is_not_better(check: Checked, margin: str) -> None:
    for first, second in (("good", "as good"), ("as good", "good")):
        (row,) = check(f"{ACCURATE}better_by = {margin}\nseed = 3", first, second)
        assert (row.outcome, row.blocks) == ("failed", True)
        assert "better by" in row.reason


def test_a_margin_below_zero_lets_in_what_is_certainly_not_much_worse(check: Checked) -> None:
    (row,) = check(f"{ACCURATE}better_by = -0.05", "good", "as good")
    assert row.outcome == "passed"
    (row,) = check(f"{ACCURATE}better_by = -0.05", "bad", "good")
    assert row.outcome == "failed"


def test_of_a_loss_less_is_better(check: Checked) -> None:
    text = f"{ACCURATE.replace('accuracy', 'log_loss')}better_by = 0.1\nresamples = 100"
    assert check(text, "good", "bad")[0].outcome == "passed"
    (row,) = check(text, "bad", "good")
    assert (row.outcome, row.limit) == ("failed", "champion - 0.1")


def test_without_a_version_in_the_stage_a_comparison_is_skipped_and_says_so(
    check: Checked,
) -> None:
    first, second = check(f'{ACCURATE}better_by = 0.1\n[[rule]]\nsignature = "champion"')
    for row in (first, second):
        assert (row.outcome, row.blocks) == ("not evaluated", False)
        assert "there is no version in the stage" in row.reason
    (row,) = check(f"{ACCURATE}better_by = 0.1\nmin = 0.99")
    assert (row.outcome, row.reason) == ("failed", "below 0.99")


def test_each_slice_of_a_column_is_checked_by_itself(check: Checked) -> None:
    found = check(f'{PROBABLE}min = 0.9\nslice = "region"')
    assert [row.rule.partition(": ")[0] for row in found] == ["north", "south"]
    assert sum(row.n or 0 for row in found) == 2_000
    assert {row.outcome for row in found} == {"passed"}


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        (f'{ACCURATE}min = 0\nslice = "bogus"', "no column 'bogus' to slice by; it has width"),
        (f'{ACCURATE}min = 0\nslice = "width"', "width has 2,000 values"),
        (ACCURATE.replace("label", "y") + "min = 0", "no column 'y'; it has width, length"),
        (ACCURATE.replace(".csv", ".parquet") + "min = 0", "There is no file"),
        (ACCURATE.replace("holdout.csv", "odd.json") + "min = 0", "neither CSV nor Parquet"),
        (ACCURATE.replace("holdout.csv", "odd.parquet") + "min = 0", "odd.parquet cannot be read"),
        (ACCURATE.replace("holdout.csv", "empty.csv") + "min = 0", "has no rows"),
        (ACCURATE.replace("holdout.csv", "nothing.csv") + "min = 0", "cannot be read"),
        (ACCURATE.replace("holdout.csv", "other.csv") + "min = 0", "no column width, length"),
        (ACCURATE.replace("holdout.csv", "unlabelled.csv") + "min = 0", "no row with a value"),
        (ACCURATE.replace('data = "holdout.csv"', 'dataset = "x"') + "min = 0", "no data set 'x'"),
        (ACCURATE.replace("accuracy", "nowhere:score") + "min = 0", "No module named 'nowhere'"),
        (ACCURATE.replace("accuracy", "roc_auc_ovr") + "min = 0", "is NaN on these rows"),
        ('[[rule]]\nmetric = "accuracy"\nmin = 0', "no metric 'accuracy'; it logged loss, nan"),
    ],
)
def test_what_cannot_be_evaluated_says_why_and_blocks(
    check: Checked, tmp_path: Path, rule: str, reason: str
) -> None:
    (tmp_path / "odd.json").write_text("{}")
    (tmp_path / "odd.parquet").write_text("no table")
    (tmp_path / "empty.csv").write_text("width,length,label\n")
    (tmp_path / "nothing.csv").write_text("")
    (tmp_path / "other.csv").write_text("a,label\n1,1\n")
    (tmp_path / "unlabelled.csv").write_text("width,length,label\n1,1,\n")
    if "roc_auc_ovr" in rule:
        (tmp_path / "holdout.csv").write_text("width,length,label\n1,1,1\n2,2,1\n")
    (row,) = check(rule)
    assert (row.outcome, row.blocks) == ("not evaluated", True)
    assert reason in row.reason


@pytest.mark.parametrize(
    ("candidate", "champion", "reason"),
    [
        ("nan", "", "2,000 of 2,000 predictions of v2 are NaN"),
        ("unloadable", "", "v2 does not load here"),
        ("gone", "", "The files of v2 cannot be had"),
        ("good", "unloadable", "the champion cannot be compared with. v1 does not load here"),
        ("good", "nan", "the champion cannot be compared with. 2,000 of 2,000"),
    ],
)
def test_a_model_that_gives_no_answer_blocks_with_the_reason(
    check: Checked, candidate: str, champion: str, reason: str
) -> None:
    (row,) = check(f"{ACCURATE}better_by = 0", candidate, champion)
    assert (row.outcome, row.blocks) == ("not evaluated", True)
    assert reason in row.reason


def test_many_rows_are_sampled_and_that_is_said(check: Checked) -> None:
    (row,) = check(f"{ACCURATE}min = 0.5\nrows = 100")
    assert row.n == 100
    assert "[100 of 2,000 rows of holdout.csv]" in row.reason


def test_a_slice_of_few_rows_says_so_and_does_not_block(check: Checked, tmp_path: Path) -> None:
    known = rows(100, seed=7)
    known.loc[:4, "region"] = "east"
    known.to_csv(tmp_path / "holdout.csv", index=False)
    first = check(f'{ACCURATE}min = 0.5\nslice = "region"')[0]
    assert (first.outcome, first.blocks, first.n) == ("not evaluated", False, 5)
    assert "only 5 rows" in first.reason


def test_a_rule_without_a_slice_of_enough_rows_blocks(check: Checked, tmp_path: Path) -> None:
    rows(40, seed=7).to_csv(tmp_path / "holdout.csv", index=False)
    *slices, last = check(f'{ACCURATE}min = 0.5\nslice = "region"')
    assert [row.blocks for row in slices] == [False, False]
    assert (last.outcome, last.blocks) == ("not evaluated", True)
    assert "no slice has 30 rows" in last.reason


def test_a_data_set_of_the_run_is_a_hold_out_where_its_source_can_be_read(
    check: Checked, tmp_path: Path
) -> None:
    from mlflow.data.code_dataset_source import CodeDatasetSource
    from mlflow.data.pandas_dataset import from_pandas

    frame = rows(50)
    given = [
        from_pandas(frame, source=str(tmp_path / "holdout.csv"), name="kept"),
        from_pandas(frame, source=CodeDatasetSource(tags={}), name="made"),
    ]
    text = ACCURATE.replace('data = "holdout.csv"', 'dataset = "kept"') + "min = 0.5"
    (row,) = check(text, datasets=given)
    assert (row.outcome, row.n) == ("passed", 2_000)
    (row,) = check(text.replace("kept", "made"), datasets=given)
    assert "The source of data set made" in row.reason
    (row,) = check(text.replace("kept", "other"), datasets=given)
    assert "has no data set 'other'; it has kept, made" in row.reason


def test_a_function_of_the_project_is_a_metric(check: Checked, tmp_path: Path) -> None:
    (tmp_path / "own_scores.py").write_text("def hits(truth, found): return (truth == found).sum()")
    (row,) = check(ACCURATE.replace("accuracy", "own_scores:hits") + "min = 1000")
    assert row.outcome == "passed"


def test_logged_metrics_are_held_against_their_limits(check: Checked) -> None:
    text = '[[rule]]\nmetric = "loss"\nmax = 0.6\n[[rule]]\nmetric = "nan"\nmin = 0'
    loss, nan = check(text)
    assert (loss.outcome, loss.candidate, loss.champion) == ("passed", 0.5, 0.7)
    assert (nan.outcome, nan.reason) == ("failed", "it is NaN")


def test_signature_example_size_and_time_are_checked(check: Checked) -> None:
    text = (
        '[[rule]]\nsignature = "champion"\n[[rule]]\nexample = true\n'
        "[[rule]]\nmax_size_mb = 0.000001\n[[rule]]\np95_ms = 60000"
    )
    signature, example, size, p95 = check(text, "good", "bad")
    assert (signature.outcome, example.outcome) == ("passed", "passed")
    assert (size.outcome, size.blocks, size.reason) == ("failed", True, "above 1e-06")
    assert (p95.outcome, p95.limit) == ("passed", "≤ 60000")


def test_a_model_that_declares_nothing_fails_what_asks_for_it(check: Checked) -> None:
    text = '[[rule]]\nsignature = "champion"\n[[rule]]\nexample = true\n[[rule]]\np95_ms = 1'
    signature, example, p95 = check(text, "undeclared", "bad")
    assert (signature.outcome, signature.reason) == ("failed", "v2 has no signature")
    assert (example.outcome, example.reason) == ("failed", "v2 has no input example.")
    assert "give the rule data" in p95.reason
    (row,) = check('[[rule]]\nsignature = "champion"', "good", "undeclared")
    assert (row.outcome, row.blocks) == ("not evaluated", False)


def test_tags_a_description_and_an_approval_are_looked_for(check: Checked) -> None:
    text = (
        '[[rule]]\ntag = "owner"\n[[rule]]\ntag = "tier"\nvalue = "gold"\n'
        '[[rule]]\ndescription = true\n[[rule]]\napproved_by = "alice"'
    )
    assert [row.outcome for row in check(text)] == ["failed"] * 4
    tags = {"owner": "ann", "tier": "gold", "alice": "approved"}
    found = check(text, tags=tags, description="Trees.")
    assert [row.outcome for row in found] == ["passed"] * 4
