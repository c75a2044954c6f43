"""What the doctor found."""

from mlops_tui.domain.report import Finding, Report

GOOD = Finding("store", "sqlite", "default")
BAD = Finding("python", "3", problem="It is too old.", remedy="Take another.")


def test_one_problem_makes_a_report_a_bad_one() -> None:
    assert Report((GOOD,)).ok
    assert not Report((GOOD, BAD)).ok


def test_programs_find_each_finding_by_its_name() -> None:
    shown = Report((GOOD, BAD)).as_dict()
    good = {"ok": True, "value": "sqlite", "source": "default", "problem": "", "remedy": ""}
    bad = {"ok": False, "value": "3", "source": ""}
    words = {"problem": "It is too old.", "remedy": "Take another."}
    assert shown == {"ok": False, "findings": {"store": good, "python": bad | words}}
