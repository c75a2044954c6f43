"""Why a key does nothing with a monitor as it stands."""

from mlops_tui.domain.monitoring.monitor_standing import MonitorStanding, MonitorState

WITHOUT_MONITOR = frozenset({"new", "pause_rules"})
OF_CHUNKS = frozenset({"turn", "performance"})
OF_PROCESS = frozenset({"start", "stop", "log"})
ACTIVE = frozenset({MonitorState.RUNNING, MonitorState.BEHIND})


def why_not(action: str, standing: MonitorStanding | None) -> str:
    """Return why an action can do nothing with a monitor, None for no monitor."""
    if action in WITHOUT_MONITOR:
        return ""
    if standing is None:
        return "There is no monitor under the cursor."
    if action in OF_PROCESS:
        return _of_process(action, standing)
    return _missing(action, standing)


def _missing(action: str, standing: MonitorStanding) -> str:
    """Return which of its findings an action needs and does not have."""
    if action in OF_CHUNKS and not standing.chunks:
        return "The monitor has no chunk yet."
    if action == "acknowledge" and not standing.open_alerts:
        return "No alert is open."
    if action == "view_run" and not standing.run_id:
        return "The monitor has no run in MLflow before its first chunk."
    return ""


def _of_process(action: str, standing: MonitorStanding) -> str:
    is_active = standing.state in ACTIVE
    if standing.state is MonitorState.ELSEWHERE:
        return "The monitor runs on another machine."
    if action == "log":
        return "" if standing.process_id else "The monitor has not run on this machine."
    if action == "start":
        return "The monitor runs already." if is_active else ""
    return "" if is_active else "The monitor does not run."
