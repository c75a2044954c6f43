"""What monitors found out, in a real MLflow."""

from dataclasses import replace
from pathlib import Path

import pytest

from mlops_tui.domain.drift.drift_report import DriftReport, FeatureDrift, FeatureKind
from mlops_tui.domain.errors import Conflict, NotFound
from mlops_tui.domain.monitoring.alert import Alert, AlertKind
from mlops_tui.domain.monitoring.chunk import ChunkResult, Interval
from mlops_tui.domain.monitoring.monitor import ChunkSize, MonitorPlan, SourceKind
from mlops_tui.domain.monitoring.monitor_standing import MonitorState
from mlops_tui.domain.store import Store
from mlops_tui.services.experiments.newest_runs import newest_runs
from mlops_tui.services.monitoring import monitor_alerts, monitor_runs, monitors
from mlops_tui.services.monitoring.monitor_runs import ALERTS, FLAGGED, STATUS, alerts_text
from mlops_tui.services.store.store import client

PLAN = MonitorPlan(
    monitor_id="20260101-000000-abcd",
    title="iris@champion",
    model="iris",
    version="3",
    follows="@champion",
    source=SourceKind.FILES,
    path="/data",
    chunk=ChunkSize(rows=100),
    metric="accuracy",
)


def feature(name: str, effect: float) -> FeatureDrift:
    return FeatureDrift(
        name, FeatureKind.NUMBER, effect > 0.1, effect, "Wasserstein/σ", 0.1, 0.01, 0.2, 100, 100,
        0.0, 0.0,
    )  # fmt: skip


def chunk(number: int, *features: FeatureDrift, realised: Interval | None = None) -> ChunkResult:
    return ChunkResult(
        number,
        number * 1_000,
        number * 1_000 + 999,
        100,
        0,
        DriftReport(features, 100, 100, 100, 100),
        feature("prediction", 0.05),
        Interval(0.9, 0.88, 0.92, 100),
        realised,
        Interval(0.91, 0.87, 0.95, 100),
        alarm=any(each.drifted for each in features),
        metric="accuracy",
        columns=len(features),
        columns_drifted=sum(each.drifted for each in features),
    )


def written(store: Store, results: list[ChunkResult]) -> monitor_runs.MonitorRun:
    run = monitor_runs.open_run(store, PLAN, "3", {})
    for place, each in enumerate(results, 1):
        monitor_runs.write_chunk(store, run, each, results[:place], {}, {"row": 100 * place})
    return monitor_runs.list_runs(store, PLAN.monitor_id)[0]


def test_a_chunk_becomes_curves_reports_and_tags_of_one_run(sqlite_store: Store) -> None:
    odd = feature("a[red]\x1b", 0.3)
    run = written(sqlite_store, [chunk(1, feature("age", 0.05), odd), chunk(2, odd)])
    assert run.chunk == 2
    mlflow_client = client(sqlite_store)
    history = mlflow_client.get_metric_history(run.run_id, "estimated/accuracy")
    assert [(m.step, m.timestamp, m.value) for m in history] == [(1, 1_999, 0.9), (2, 2_999, 0.9)]
    found = mlflow_client.get_run(run.run_id)
    names = {"drift/age", "drift/a_red__", "drift/share", "prediction/drift"}
    curve = {f"estimated/accuracy/{each}" for each in ("lower", "upper", "n")}
    assert names | curve <= set(found.data.metrics)
    assert found.data.tags[STATUS] == "drift"
    assert found.data.tags[FLAGGED] == '["a[red]\\u001b"]'
    assert found.info.end_time == 2_999
    recent = monitor_runs.read_recent(sqlite_store, run)
    assert [each.number for each in recent] == [1, 2]
    assert monitor_runs.read_chunk(sqlite_store, run, 1) == chunk(1, feature("age", 0.05), odd)
    assert monitor_runs.read_position(sqlite_store, run) == {"row": 200}
    with pytest.raises(NotFound):
        monitor_runs.read_chunk(sqlite_store, run, 3)


def test_a_chunk_that_is_written_twice_counts_once(sqlite_store: Store) -> None:
    run = written(sqlite_store, [chunk(1)])
    monitor_runs.write_chunk(sqlite_store, run, chunk(1), [chunk(1)], {}, {"row": 100})
    history = client(sqlite_store).get_metric_history(run.run_id, "drift/share")
    assert [(each.step, each.value) for each in history] == [(1, 0.0)]
    assert monitor_runs.list_runs(sqlite_store)[0].chunk == 1


def test_a_chunk_that_was_not_finished_is_none(sqlite_store: Store) -> None:
    run = written(sqlite_store, [chunk(1)])
    # A monitor was killed when it had written the files of the next one.
    monitor_runs.write_reports(client(sqlite_store), run, chunk(2), [chunk(1), chunk(2)])
    run = monitor_runs.list_runs(sqlite_store)[0]
    assert [each.number for each in monitor_runs.read_recent(sqlite_store, run)] == [1]
    assert monitor_runs.read_position(sqlite_store, run) == {"row": 100}


def test_labels_that_come_later_change_the_realised_curve_alone(sqlite_store: Store) -> None:
    run = written(sqlite_store, [chunk(1)])
    late = replace(chunk(1, realised=Interval(0.5, 0.4, 0.6, 100)), labels=100)
    monitor_runs.rewrite_chunk(sqlite_store, run, late, [late], {}, now=5_000)
    mlflow_client = client(sqlite_store)
    realised = mlflow_client.get_metric_history(run.run_id, "realised/accuracy")
    assert [(each.step, each.timestamp, each.value) for each in realised] == [(1, 5_000, 0.5)]
    assert len(mlflow_client.get_metric_history(run.run_id, "drift/share")) == 1
    run = monitor_runs.list_runs(sqlite_store)[0]
    assert monitor_runs.read_recent(sqlite_store, run)[0].realised == late.realised


def test_looking_creates_nothing(store: Store, tmp_path: Path) -> None:
    assert monitors.list_monitors(store, tmp_path / "state") == ()
    assert monitor_alerts.list_alerts(store) == ()
    assert not store.sqlite_path or not store.sqlite_path.exists()
    assert not (tmp_path / "state").exists()


def test_a_monitor_is_created_listed_and_removed(sqlite_store: Store, tmp_path: Path) -> None:
    made = monitors.create(sqlite_store, tmp_path, PLAN, starts=False)
    assert (made.state, made.sentence) == (MonitorState.STOPPED, "No chunk yet.")
    for name in (PLAN.title, PLAN.model, PLAN.monitor_id[:12]):
        assert monitors.find(sqlite_store, name).plan.title == PLAN.title
    with pytest.raises(Conflict, match="already"):
        monitors.create(sqlite_store, tmp_path, replace(PLAN, monitor_id="x"), starts=False)
    other = replace(PLAN, monitor_id="x", title="other")
    with pytest.raises(Conflict, match="on the same rows"):
        monitors.create(sqlite_store, tmp_path, other, starts=False)
    other = replace(other, path="/elsewhere")
    monitors.create(sqlite_store, tmp_path, other, starts=False)
    with pytest.raises(Conflict, match="several"):
        monitors.find(sqlite_store, PLAN.model)
    monitors.remove(sqlite_store, tmp_path, PLAN.monitor_id)
    listed = monitors.list_monitors(sqlite_store, tmp_path)
    assert [each.plan.title for each in listed] == ["other"]
    assert newest_runs(sqlite_store, None).ended == ()


def test_an_alert_is_acknowledged_where_colleagues_see_it(sqlite_store: Store) -> None:
    run = written(sqlite_store, [chunk(1)])
    alert = Alert("a1", AlertKind.DRIFT, "iris", 1_000, "age drifted", monitor_id=PLAN.monitor_id)
    tags = {ALERTS: alerts_text([alert])}
    monitor_runs.set_tags(sqlite_store, run.run_id, tags)
    assert monitor_alerts.list_alerts(sqlite_store) == (alert,)
    (known,) = monitor_alerts.acknowledge(sqlite_store, PLAN.monitor_id, ["a1"])
    assert known.acknowledged
    assert known.by
    assert monitor_alerts.list_alerts(sqlite_store) == (known,)
    assert monitor_alerts.acknowledge(sqlite_store, PLAN.monitor_id) == ()
    with pytest.raises(NotFound):
        monitor_alerts.acknowledge(sqlite_store, PLAN.monitor_id, ["b2"])


def test_two_people_acknowledge_two_alerts_at_once(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = written(sqlite_store, [chunk(1)])
    kinds = AlertKind.DRIFT, AlertKind.BEHIND
    alerts = [Alert(f"a-{each}", each, "iris", 1_000, "it is so") for each in kinds]
    monitor_runs.set_tags(sqlite_store, run.run_id, {ALERTS: alerts_text(alerts)})
    before = monitor_runs.list_runs(sqlite_store, PLAN.monitor_id)
    monkeypatch.setattr(monitor_runs, "list_runs", lambda *_: before)
    for alert in alerts:
        monitor_alerts.acknowledge(sqlite_store, PLAN.monitor_id, [alert.alert_id])
    assert all(each.acknowledged for each in monitor_runs.reread(sqlite_store, run).alerts)
    again = [replace(each, alert_id=f"b-{each.kind}") for each in alerts]
    monitor_runs.set_tags(sqlite_store, run.run_id, {ALERTS: alerts_text(again)})
    assert not any(each.acknowledged for each in monitor_runs.reread(sqlite_store, run).alerts)
