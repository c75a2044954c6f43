"""The process of a monitor follows the rule of its model."""

from mlops_tui.domain.monitoring.alert import AlertKind
from mlops_tui.services import monitor_process
from mlops_tui.services.monitoring import monitor_runs
from mlops_tui.services.monitoring.monitor_watch import MonitorWatch
from tests.services.retraining.conftest import Watched


def test_an_attempt_that_waits_for_a_person_is_an_alert_until_it_ends(watched: Watched) -> None:
    watched.register()
    watched.drift(True)
    watched.set_rule(watched.job_that_ran().process_id)
    (run,) = monitor_runs.list_runs(watched.store)
    watch = MonitorWatch(watched.store, watched.state_dir, run, print)
    watch.begin()
    for _ in range(2):
        monitor_process.follow(watched.store, watched.state_dir, watch)
    (run,) = monitor_runs.list_runs(watched.store)
    (alert,) = [each for each in run.alerts if each.kind is AlertKind.RETRAINING]
    assert alert.sentence.startswith("Retraining of flowers waits for you before the step train.")
    assert len(watched.attempts()) == 1
