"""Why a key does nothing with a monitor."""

from dataclasses import replace

import pytest

from mlops_tui.domain.monitoring.monitor_standing import MonitorStanding, MonitorState
from mlops_tui.tui.monitoring.monitoring_keys import MONITORING
from mlops_tui.tui.monitoring.reasons import why_not
from tests.tui.monitoring.test_verdict_text import PLAN, STANDING

NEW = MonitorStanding(PLAN)
AWAY = MonitorStanding(PLAN, MonitorState.ELSEWHERE)


@pytest.mark.parametrize(
    ("action", "standing", "reason"),
    [
        ("new", None, ""),
        ("stop", None, "There is no monitor under the cursor."),
        ("stop", NEW, "The monitor does not run."),
        ("start", NEW, ""),
        ("start", STANDING, "The monitor runs already."),
        ("stop", STANDING, ""),
        ("stop", replace(STANDING, state=MonitorState.BEHIND), ""),
        ("start", AWAY, "The monitor runs on another machine."),
        ("log", AWAY, "The monitor runs on another machine."),
        ("log", NEW, "The monitor has not run on this machine."),
        ("log", replace(NEW, process_id="p"), ""),
        ("turn", NEW, "The monitor has no chunk yet."),
        ("performance", STANDING, ""),
        ("acknowledge", NEW, "No alert is open."),
        ("acknowledge", STANDING, ""),
        ("view_run", NEW, "The monitor has no run in MLflow before its first chunk."),
        ("view_run", replace(NEW, run_id="r"), ""),
        ("remove", AWAY, ""),
    ],
)
def test_it_says_what_is_missing(
    action: str, standing: MonitorStanding | None, reason: str
) -> None:
    assert action in {key.action_name for key in MONITORING.keys}
    assert why_not(action, standing) == reason
