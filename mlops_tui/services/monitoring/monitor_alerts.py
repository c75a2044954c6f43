"""The alerts of monitors: listed, acknowledged, told to the notify command."""

import os
from collections.abc import Collection, Iterable
from dataclasses import replace
from pathlib import Path

from mlops_tui.domain.errors import NotFound
from mlops_tui.domain.monitoring.alert import Alert
from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.store import Store
from mlops_tui.services.models.history import who
from mlops_tui.services.monitoring import monitor_runs
from mlops_tui.services.monitoring.monitor_runs import REMOVED, acknowledgement_tag
from mlops_tui.services.processes import end_command
from mlops_tui.services.worker.calls import is_kept
from mlops_tui.settings.options import NOTIFY_COMMAND


def list_alerts(store: Store) -> tuple[Alert, ...]:
    """Return the alerts of all monitors of the store, newest first."""
    runs = monitor_runs.newest_runs(monitor_runs.list_runs(store)).values()
    found = [alert for run in runs if run.state != REMOVED for alert in run.alerts]
    return tuple(sorted(found, key=lambda alert: -alert.since))


@is_kept
def acknowledge(
    store: Store, monitor_id: str, alert_ids: Collection[str] = ()
) -> tuple[Alert, ...]:
    """Note that a person knows of alerts (by id; none means all); return those that are new to it.

    Raises ``NotFound`` for an alert that is over or never was.
    """
    run = next(iter(monitor_runs.list_runs(store, monitor_id)), None)
    if run is None:
        raise NotFound(f"There is no monitor {one_line(monitor_id, 60)!r}.")
    known = {alert.alert_id for alert in run.alerts}
    if unknown := sorted(set(alert_ids) - known):
        raise NotFound(f"{run.plan.title} has no alert {one_line(unknown[0], 20)}; it may be over.")
    by, wanted = who(store), set(alert_ids) or known
    new = [each for each in run.alerts if each.alert_id in wanted and not each.acknowledged]
    tags: dict[str, str] = {}
    for alert in new:
        tags |= acknowledgement_tag(alert, by)
    if tags:
        monitor_runs.set_tags(store, run.run_id, tags)
    return tuple(replace(alert, acknowledged=True, by=by) for alert in new)


def notify(folder: Path, alerts: Iterable[Alert]) -> None:
    """Tell the person's notify command of alerts that begin; a failure is a line in the log."""
    words = os.environ.get(NOTIFY_COMMAND, "")
    for alert in alerts if words else ():
        if problem := end_command.told(words, variables(alert)):
            end_command.note_problem(folder, problem)


def variables(alert: Alert) -> dict[str, str]:
    """Return what the notify command learns of an alert."""
    told = {
        "ID": alert.alert_id,
        "KIND": alert.kind.value,
        "MODEL": one_line(alert.model),
        "VERSION": one_line(alert.version),
        "MONITOR": one_line(alert.monitor_id),
        "SENTENCE": one_line(alert.sentence),
    }
    return {f"MLOPS_TUI_ALERT_{name}": value for name, value in told.items()}
