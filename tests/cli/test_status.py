"""``mlops-tui status``."""

import json
from pathlib import Path

import pytest

from mlops_tui.cli import main
from mlops_tui.domain.models.stage import Stage
from mlops_tui.domain.store import Store
from mlops_tui.services.gate import gate_rules
from mlops_tui.services.models import registration
from tests.making import give_dataset, make_run
from tests.services.models.test_registry import ELSEWHERE, move, plan

RULES = '[[rule]]\nmetric = "accuracy"\nmin = 0.9'


@pytest.fixture
def two_models(sqlite_store: Store) -> Store:
    """Make a model in Production that nobody checked, and one that waits for a stage."""
    run_id = make_run(sqlite_store)
    give_dataset(sqlite_store, run_id, "iris", "aaaa")
    registration.register(sqlite_store, name="iris", model=ELSEWHERE, run_id=run_id)
    move(sqlite_store, plan(sqlite_store, "iris", "1", Stage.PRODUCTION))
    gate_rules.write_rules(sqlite_store, "iris", Stage.PRODUCTION, RULES, "")
    registration.register(sqlite_store, name="wine", model=ELSEWHERE, run_id="")
    return sqlite_store


def status(store: Store, folder: Path, *words: str) -> int:
    where = ("--tracking-uri", store.tracking_uri, "--state-dir", str(folder / "state"))
    return main(["status", *where, *words])


def test_the_exit_code_says_whether_a_model_needs_somebody(
    two_models: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert status(two_models, tmp_path) == 1
    first, second = capsys.readouterr().out.splitlines()[1:]
    assert first.startswith("iris   now: production v1 is unchecked")
    assert "iris@aaaa" in first
    assert second.startswith("wine   next: none in production, newest is v1")
    assert status(two_models, tmp_path, "wine") == 0  # a next step is no alarm
    assert "iris" not in capsys.readouterr().out


def test_as_json_it_tells_all_needs(
    two_models: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert status(two_models, tmp_path, "--json") == 1
    told = json.loads(capsys.readouterr().out)
    assert told["needs_attention"] is True
    iris, wine = told["models"]
    assert iris["needs"] == [
        {
            "kind": "gate",
            "urgency": "now",
            "sentence": "production v1 is unchecked",
            "about": "1",
            "key": "V",
        }
    ]
    assert (iris["production"], iris["gate"], iris["endpoint"]) == ("1", "missing", None)
    assert iris["data"] == {"name": "iris", "digest": "aaaa"}
    assert iris["last_run"]["status"] == "FINISHED"
    assert (wine["production"], wine["gate"], wine["last_run"]) == (None, None, None)


def test_a_model_that_is_not_there_is_told(
    two_models: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert status(two_models, tmp_path, "wines") == 1
    assert capsys.readouterr() == ("", "mlops-tui: There is no registered model 'wines'.\n")


def test_without_models_nothing_needs_anybody(
    sqlite_store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert status(sqlite_store, tmp_path) == 0
    assert capsys.readouterr() == ("", "mlops-tui: There are no registered models.\n")
