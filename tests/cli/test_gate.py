"""``mlops-tui gate``."""

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from mlops_tui.cli import main
from mlops_tui.domain.models.stage import Stage
from mlops_tui.domain.store import Store
from mlops_tui.services.models import history, registration, registry, registry_changes
from tests import detached
from tests.cli.conftest import Command, Done
from tests.making import make_run
from tests.services.models.test_registry import ELSEWHERE

RULES = '[[rule]]\nmetric = "accuracy"\nmin = 0.9\n\n[[rule]]\ntag = "owner"\n'


@pytest.fixture
def gate(
    sqlite_store: Store,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[Command]:
    """Return what runs the sub-command in a folder with rules, on a model of one version."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rules.toml").write_text(RULES)
    run_id = make_run(sqlite_store, metrics={"accuracy": 0.95})
    registration.register(sqlite_store, name="iris", model=ELSEWHERE, run_id=run_id)
    where = ("--tracking-uri", sqlite_store.tracking_uri, "--state-dir", str(tmp_path / "state"))

    def run(*words: str) -> Done:
        capsys.readouterr()
        return Done(main(("gate", *words, *where)), *capsys.readouterr())

    with detached.nothing_left_behind():
        yield run


def test_rules_are_set_shown_and_removed(gate: Command, tmp_path: Path) -> None:
    assert gate("show", "iris").returncode == 1
    assert gate("set", "iris", "--file", "rules.toml").returncode == 0
    shown = gate("show", "iris")
    assert RULES.strip() in shown.stdout
    assert "missing" in shown.stdout
    (found,) = json.loads(gate("show", "iris", "--json").stdout)["gates"]
    assert found["stage"] == "Production"
    assert found["state_of_version"] == {"1": "missing"}
    assert gate("show", "iris", "--stage", "staging").returncode == 1
    assert gate("set", "iris", "--remove").returncode == 0
    assert gate("show", "iris").returncode == 1


def test_wrong_use_is_told_in_a_sentence(gate: Command, tmp_path: Path) -> None:
    (tmp_path / "wrong.toml").write_text("[[rule]]\nx = 1")
    (tmp_path / "empty.toml").write_text("")
    for words, code, sentence in (
        (("set", "iris"), 2, "gate set needs --file F, or --remove"),
        (("set", "iris", "--file", "wrong.toml"), 2, "Rule 1: it needs exactly one of"),
        (("set", "iris", "--file", "empty.toml"), 2, "empty.toml is empty"),
        (("set", "iris", "--file", "none.toml"), 1, "none.toml cannot be read"),
        (("set", "iris", "--remove"), 1, "iris has no gate for Production"),
        (("run", "iris"), 1, "iris has no gate for Production"),
        (("run", "iris", "7", "--file", "rules.toml"), 1, "iris has no version 7"),
        (("run", "iris", ""), 1, "iris has no version ''"),
        (("run", "iris", "--file", "empty.toml"), 2, "empty.toml is empty"),
        (("run", "iris", "--file", ""), 1, "it is a folder"),
        (("set", "iris", "--file", "~nobody-here/r.toml"), 1, "r.toml cannot be read"),
        (("run", "nobody"), 1, "nobody"),
        (("run", "iris", "--read-only"), 2, "read-only"),
    ):
        done = gate(*words)
        assert (done.returncode, sentence in done.stderr) == (code, True), done


def test_a_transition_without_a_passed_gate_gives_3_and_with_a_reason_0(
    gate: Command, sqlite_store: Store
) -> None:
    gate("set", "iris", "--file", "rules.toml")
    words = ("transition", "iris", "1", "production", "--tracking-uri", sqlite_store.tracking_uri)
    assert main(words) == 3
    assert main((*words, "--reason", "urgent")) == 3
    assert registry.list_versions(sqlite_store, "iris")[0].stage is Stage.NONE
    assert main((*words, "--override", "--reason", "urgent")) == 0
    assert registry.list_versions(sqlite_store, "iris")[0].stage is Stage.PRODUCTION


@pytest.mark.process
def test_a_version_that_fails_gives_3_and_one_that_passes_0(
    gate: Command, sqlite_store: Store
) -> None:
    gate("set", "iris", "--file", "rules.toml")
    failed = gate("run", "iris")
    assert failed.returncode == 3
    assert "step 2/2: tag owner" in failed.stderr
    assert "v1 has no tag owner" in failed.stdout
    registry_changes.set_version_tags(sqlite_store, "iris", "1", {"owner": "ann"}, ())
    passed = gate("run", "iris", "1", "--json")
    assert passed.returncode == 0
    verdict = json.loads(passed.stdout)
    assert [rule["outcome"] for rule in verdict["rules"]] == ["passed", "passed"]
    assert verdict["status"] == "passed"


@pytest.mark.process
def test_rules_that_are_only_tried_leave_the_verdict_that_counts(
    gate: Command, sqlite_store: Store, tmp_path: Path
) -> None:
    (tmp_path / "lax.toml").write_text('[[rule]]\nmetric = "accuracy"\nmin = 0\n')
    gate("set", "iris", "--file", "rules.toml")
    before = registry.list_versions(sqlite_store, "iris")
    tried = gate("run", "iris", "--file", "lax.toml", "--json")
    assert tried.returncode == 0
    verdict = json.loads(tried.stdout)
    assert [rule["outcome"] for rule in verdict["rules"]] == ["passed"]
    assert registry.list_versions(sqlite_store, "iris") == before
    assert not any(event.gate_run for event in history.events(sqlite_store, "iris"))


def test_rules_from_the_standard_input_are_limited_and_utf_8(
    gate: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    for data, sentence in (
        (b"\xff", "The standard input is no UTF-8 text"),
        (b"#" * 100_001, "The standard input is too large"),
    ):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))
        done = gate("set", "iris", "--file", "-")
        assert (done.returncode, sentence in done.stderr) == (2, True), done
