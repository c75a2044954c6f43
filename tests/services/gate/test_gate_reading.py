"""What is known of the gate of a version."""

from pathlib import Path

import pytest

from mlops_tui.domain.errors import NotFound
from mlops_tui.domain.gate.verdict import GateState
from mlops_tui.domain.models.stage import Stage
from mlops_tui.domain.store import Store
from mlops_tui.services.gate import gate_rules
from mlops_tui.services.gate.gate_reading import read_gate
from mlops_tui.services.store import store as stores
from tests.making import give_dataset, make_experiment
from tests.services.gate.conftest import Registered, blind

NAME = "Flowers"
RULES = '[[rule]]\nmetric = "accuracy"\nmin = 0.9'


@pytest.fixture
def of_file(sqlite_store: Store, tmp_path: Path) -> Registered:
    return Registered(sqlite_store, NAME, tmp_path, make_experiment(sqlite_store))


def test_rules_verdict_and_what_a_rule_may_be_about_are_read(
    of_file: Registered, tmp_path: Path
) -> None:
    store, state_dir = of_file.store, tmp_path / "state"
    version = of_file.add(blind(), accuracy=0.95, loss=0.1)
    give_dataset(store, version.run_id, "iris", "12345678")
    gate_rules.write_rules(store, NAME, Stage.PRODUCTION, RULES, "")
    before = read_gate(store, state_dir, NAME, "1", Stage.PRODUCTION)
    assert (before.state, before.text, before.verdict) == (GateState.MISSING, RULES, None)
    assert (before.metrics, before.datasets) == (("accuracy", "loss"), ("iris",))
    of_file.check("1", RULES)
    after = read_gate(store, state_dir, NAME, "1", Stage.PRODUCTION, names=False)
    assert after.verdict
    assert (after.state, after.verdict.passed) == (GateState.PASSED, True)
    assert (after.metrics, after.datasets, after.job, after.last_words) == ((), (), None, "")


def test_what_has_gone_is_told_beside_what_is_there(of_file: Registered, tmp_path: Path) -> None:
    store, state_dir = of_file.store, tmp_path / "state"
    version = of_file.add(blind(), accuracy=0.95)
    gate_rules.write_rules(store, NAME, Stage.PRODUCTION, RULES, "")
    verdict = of_file.check("1", RULES)
    artifacts = stores.client(store).get_run(verdict.run_id).info.artifact_uri
    assert artifacts
    for path in Path(artifacts).rglob("*.json"):
        path.unlink()
    with pytest.raises(NotFound, match=r"Flowers has no version 7\."):
        read_gate(store, state_dir, NAME, "7", Stage.PRODUCTION)
    found = read_gate(store, state_dir, NAME, version.version, Stage.PRODUCTION)
    assert found.verdict is None
    assert found.problem.startswith("Its last verdict cannot be read: ")
    assert found.text == RULES
