"""Whether a verdict still counts, and what it lets in."""

from dataclasses import replace

import pytest

from mlops_tui.domain.errors import GateRefused, InvalidInput
from mlops_tui.domain.gate.admission import Admission, admit
from mlops_tui.domain.gate.rules import gate_tag, parse_rules
from mlops_tui.domain.gate.verdict import (
    GateState,
    Outcome,
    RuleResult,
    VerdictNote,
    champion_of,
    gate_state,
)
from mlops_tui.domain.gate.verdict_cells import detail, shown
from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.domain.models.stage import Stage
from mlops_tui.domain.models.transition import plan_transition

RULES = '[[rule]]\nmetric = "accuracy"\nmin = 0.9'
DIGEST = parse_rules(RULES).digest
TAG = gate_tag(Stage.PRODUCTION)
GATE = {TAG: RULES}


def version(number: str, stage: Stage = Stage.NONE, note: str = "") -> ModelVersion:
    return ModelVersion("iris", number, stage, tags={TAG: note} if note else {})


def note(status: str, digest: str = DIGEST, champion: str = "1") -> str:
    return VerdictNote(status, "run", digest, champion, 5).as_json()


@pytest.mark.parametrize(
    ("tag", "rules", "state"),
    [
        ("", {}, GateState.NONE),
        ("", GATE, GateState.MISSING),
        (note("passed"), GATE, GateState.PASSED),
        (note("failed"), GATE, GateState.FAILED),
        (note("passed"), {}, GateState.NONE),
        (note("passed", digest="other"), GATE, GateState.STALE),
        (note("passed", champion=""), GATE, GateState.STALE),
        (note("overridden"), GATE, GateState.MISSING),
        (note("passed"), {TAG: "[["}, GateState.STALE),
        (note("of no kind"), GATE, GateState.MISSING),
        ("no JSON", GATE, GateState.MISSING),
        ("[1]", GATE, GateState.MISSING),
        ('{"at": 1e999, "status": "passed"}', GATE, GateState.MISSING),
    ],
)
def test_a_verdict_counts_while_rules_and_champion_are_the_same(
    tag: str, rules: dict[str, str], state: GateState
) -> None:
    assert gate_state(version("2", note=tag), Stage.PRODUCTION, rules, "1") is state


def test_a_copy_of_a_version_does_not_take_its_verdict_along() -> None:
    made = VerdictNote("passed", "run", DIGEST, "1", 5, created_at=7).as_json()
    original = replace(version("2", note=made), created_at=7)
    assert gate_state(original, Stage.PRODUCTION, GATE, "1") is GateState.PASSED
    copied = replace(original, name="other", created_at=8)
    assert gate_state(copied, Stage.PRODUCTION, GATE, "1") is GateState.MISSING


def test_a_version_in_the_stage_keeps_the_verdict_that_let_it_in() -> None:
    inside = version("2", Stage.PRODUCTION, note("passed"))
    assert gate_state(inside, Stage.PRODUCTION, GATE, "") is GateState.PASSED


def test_the_champion_is_the_newest_other_version_in_the_stage() -> None:
    known = [version("2"), *(version(number, Stage.PRODUCTION) for number in ("9", "10", "11"))]
    assert champion_of(known, Stage.PRODUCTION, "11") == "10"
    assert champion_of(known, Stage.STAGING, "11") == ""


def admitted(
    candidate: ModelVersion,
    reason: str = "",
    rules: dict[str, str] = GATE,
    *,
    comes_back: bool = False,
) -> Admission:
    known = [version("1", Stage.PRODUCTION), candidate]
    plan = plan_transition(known, "2", Stage.PRODUCTION, archive_existing=True)
    return admit(plan, known, rules, override_reason=reason, comes_back=comes_back)


def test_a_version_enters_when_it_passed_or_nothing_is_asked() -> None:
    assert admitted(version("2", note=note("passed"))) == Admission(GateState.PASSED, "run")
    assert admitted(version("2"), rules={}) == Admission()


@pytest.mark.parametrize("tag", ["", note("failed"), note("passed", digest="other")])
def test_a_failed_missing_or_stale_gate_needs_a_reason(tag: str) -> None:
    with pytest.raises(GateRefused, match="The gate of iris v2 for Production"):
        admitted(version("2", note=tag))
    with pytest.raises(GateRefused):
        admitted(version("2", note=tag), " \n ")
    assert admitted(version("2", note=tag), " urgent ").reason == "urgent"


@pytest.mark.parametrize("tag", ["", note("passed", digest="other"), note("overridden")])
def test_a_version_comes_back_unless_it_had_failed(tag: str) -> None:
    assert not admitted(version("2", note=tag), comes_back=True).is_overridden
    with pytest.raises(GateRefused, match="failed"):
        admitted(version("2", note=note("failed")), comes_back=True)


def test_a_reason_of_a_megabyte_is_refused() -> None:
    with pytest.raises(InvalidInput, match="1,000,000 characters"):
        admitted(version("2"), "x" * 1_000_000)


def test_a_result_is_told_with_its_interval_and_its_rows() -> None:
    result = RuleResult("f1", Outcome.FAILED, 0.9, n=2000, low=-0.01, high=0.02, reason="chance")
    assert detail(result) == "chance; difference -0.01 to 0.02; n=2,000"
    assert [shown(each) for each in (0.123456, "none", None)] == ["0.12346", "none", ""]
