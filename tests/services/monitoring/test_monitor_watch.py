"""A monitor at work: on files and captured requests, killed, late, with odd chunks and labels."""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mlops_tui.domain.errors import NotFound, Unreachable
from mlops_tui.domain.monitoring.alert import AlertKind
from mlops_tui.domain.monitoring.monitor import ChunkSize, MonitorPlan, SourceKind
from mlops_tui.domain.processes.process import MONITOR_ID, ProcessKind
from mlops_tui.domain.store import Store
from mlops_tui.services.monitoring import chunk_rows, monitor_alerts, monitor_runs, monitors
from mlops_tui.services.processes import records
from mlops_tui.services.store.store import client
from tests.services.monitoring.conftest import MORNING, Watched, registered, rows

Captured = Callable[..., MonitorPlan]


def test_files_become_chunks_and_what_they_mean_is_said(watched: Watched) -> None:
    plan = watched.create()
    watched.add_file("day1.parquet", rows(400, seed=1))
    watched.add_file("day2.csv", rows(400, seed=2))
    watched.add_file("day3.jsonl", rows(400, shift=1.0, seed=3))
    watch = watched.watch(plan)
    assert watch.look() == 3
    assert watch.look() == 0
    standing = watched.standing(plan)
    calm, of_csv, drifted = standing.chunks
    for chunk in (calm, of_csv):
        assert (chunk.rows, chunk.labels, chunk.alarm, chunk.remark) == (400, 400, False, "")
        assert chunk.metric == "accuracy"
        assert chunk.realised
        assert chunk.estimated
        assert abs(chunk.realised.value - chunk.estimated.value) < 0.05
    assert [each.name for each in drifted.drift.drifted_features] == ["width"]
    assert drifted.prediction_drift
    assert drifted.prediction_drift.drifted
    assert drifted.alarm
    assert not drifted.is_falling
    assert standing.sentence.startswith("1 of 2 columns drifted since chunk 3 (15 Jun 15:06 UTC)")
    assert [alert.kind for alert in standing.alerts] == [AlertKind.DRIFT]
    assert standing.remarks == (f"Compared with {plan.reference}, 2,000 rows.",)


def test_labels_against_the_estimate_are_concept_drift(watched: Watched) -> None:
    plan = watched.create()
    watched.add_file("day1.parquet", rows(400, seed=1, flipped=True))
    watched.watch(plan).look()
    standing = watched.standing(plan)
    (chunk,) = standing.chunks
    assert not chunk.drift.drifted
    assert chunk.is_falling
    assert chunk.is_concept_drift
    assert chunk.concept_gap is not None
    assert chunk.concept_gap < -0.5
    kinds = {alert.kind for alert in standing.alerts}
    assert kinds == {AlertKind.PERFORMANCE, AlertKind.CONCEPT}


def test_a_monitor_that_is_killed_in_the_middle_of_a_chunk_counts_it_once(
    watched: Watched, captured: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = captured()
    watched.capture(rows(450, seed=1))

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(monitor_runs, "_log", killed)
        watch = watched.watch(plan)
        with pytest.raises(KeyboardInterrupt):
            watch.look()
    assert watched.standing(plan).chunks == ()
    assert watched.watch(plan).look() == 2
    watched.capture(rows(150, seed=2))
    assert watched.watch(plan).look() == 1
    standing = watched.standing(plan)
    assert [(chunk.number, chunk.rows) for chunk in standing.chunks] == [
        (1, 200),
        (2, 200),
        (3, 200),
    ]
    history = client(watched.store).get_metric_history(standing.run_id, "drift/rows")
    assert [(each.step, each.value) for each in history] == [(1, 200), (2, 200), (3, 200)]


def test_a_store_that_is_away_loses_no_chunk(
    watched: Watched, captured: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = captured()
    watched.capture(rows(250, seed=1))
    watch = watched.watch(plan)

    def away(*_: object, **__: object) -> None:
        raise Unreachable("The store is away.")

    with monkeypatch.context() as patch:
        patch.setattr(monitor_runs, "write_chunk", away)
        for _ in range(3):
            with pytest.raises(Unreachable):
                watch.look()
        watched.capture(rows(200, seed=2))
    assert watch.rows_waiting == 250
    assert watch.look() == 2
    assert [chunk.rows for chunk in watched.standing(plan).chunks] == [200, 200]
    assert watch.rows_waiting == 50


def test_captures_are_followed_over_their_rotation(watched: Watched, captured: Captured) -> None:
    plan = captured(chunk=ChunkSize(rows=30))
    watched.capture(rows(20, seed=1))
    watch = watched.watch(plan)
    assert watch.look() == 0
    # A number tells the order, whatever the clock says; failed requests are of no chunk.
    watched.capture(rows(20, seed=2), number=12)
    watched.capture(rows(5, seed=3), number=12, status=400)
    watched.capture(rows(15, seed=3), number=12, request="nonsense")
    watched.capture(rows(25, seed=3), number=12, version="2")
    watched.capture(rows(20, seed=4), number=13, at=1.0)
    assert watch.look() == 2
    folder = watched.state_dir / "servers" / watched.server().process_id / "captured"
    (folder / "capture-20270115T08-77-000001.jsonl").unlink()
    with (folder / "capture-20270115T08-77-000013.jsonl").open("a") as file:
        file.write('{"request_id": "half of a li')
    watched.capture(rows(30, seed=5), number=14)
    assert watched.watch(plan).look() == 1
    chunks = watched.standing(plan).chunks
    assert [chunk.rows for chunk in chunks] == [30, 30, 30]
    assert "left out: 25 rows answered by another version" in chunks[1].remark


def test_labels_come_late_in_part_twice_and_out_of_order(
    watched: Watched, captured: Captured
) -> None:
    plan = captured()
    frame = rows(400, seed=1)
    ids = watched.capture(frame)
    truth = dict(zip(ids, map(int, frame["label"]), strict=True))
    watch = watched.watch(plan)
    assert watch.look() == 2
    assert [chunk.realised for chunk in watched.standing(plan).chunks] == [None, None]
    # The second chunk first, a part of it, with labels of requests that nobody knows.
    part = {key: truth[key] for key in ids[300:]}
    watched.label({**part, "unknown": 1, **{key: [1, 2] for key in ids[300:310]}})
    watch.look()
    first, second = watched.standing(plan).chunks
    assert (first.labels, second.labels) == (0, 90)
    assert second.realised
    assert second.realised.n == 90
    # The same ones again change nothing; older ones neither.
    watched.label(part, at=2.0)
    watched.label(dict.fromkeys(ids[300:], 5), at=0.5)
    watch.look()
    assert watched.standing(plan).chunks[1].labels == 100
    written = len(watched.said)
    watch.look()
    assert len(watched.said) == written


def test_labels_of_a_file_are_found_after_a_restart_and_become_curves(
    watched: Watched, captured: Captured
) -> None:
    plan = captured(labels=str(watched.folder / "labels.csv"))
    frame = rows(400, seed=1)
    ids = watched.capture(frame)
    watched.watch(plan).look()
    lines = [f"{key},{label}.0" for key, label in zip(ids, frame["label"], strict=True)]
    (watched.folder / "labels.csv").write_text("\n".join(["request_id,label", *lines]))
    watched.watch(plan).look()
    first, second = watched.standing(plan).chunks
    assert (first.labels, second.labels) == (200, 200)
    assert first.realised
    assert first.estimated
    right = (frame["label"] == frame["prediction"])[:200]
    assert first.realised.value == pytest.approx(right.mean())
    assert first.concept_gap == pytest.approx(first.realised.value - first.estimated.value)
    mlflow_client = client(watched.store)
    run_id = watched.standing(plan).run_id
    assert mlflow_client.get_run(run_id).data.metrics["realised/accuracy/n"] == 200
    assert len(mlflow_client.get_metric_history(run_id, "drift/share")) == 2
    table = chunk_rows.read_rows(watched.state_dir, plan.monitor_id, "1", 1)
    assert table
    assert {"request_id", "width", "prediction", "probability_1"} <= set(table.column_names)


def test_odd_chunks_are_counted_and_say_what_is_odd(watched: Watched) -> None:
    import numpy as np

    plan = watched.create()
    frame = rows(100, seed=1)
    odd = {
        "1-columns.parquet": frame.drop(columns=["width"]).assign(height=1.0),
        "2-others.parquet": frame[["prediction"]].assign(height=1.0),
        "3-types.parquet": frame.assign(width=["text"] * 100),
        "4-null.parquet": frame.assign(width=np.nan, length=None),
        "5-one.parquet": frame[:1],
        "6-infinite.parquet": frame.assign(width=[np.inf, -np.inf] * 50, length=1e308),
        "7-constant.parquet": frame.assign(width=1.0),
        "8-categories.parquet": frame.assign(width=[f"[red]{n}\x1b" for n in range(100)]),
    }
    for name, each in odd.items():
        watched.add_file(name, each)
    broken = watched.add_file("9-broken.parquet", frame)
    broken.write_bytes(b"PAR1 no more")
    os.utime(broken, (MORNING, MORNING))
    watched.watch(plan).look()
    standing = watched.standing(plan)
    assert [chunk.rows for chunk in standing.chunks] == [100, 100, 100, 100, 1, 100, 100, 100]
    remarks = [chunk.remark for chunk in standing.chunks]
    assert "columns are missing: width" in remarks[0]
    assert standing.chunks[0].drift.additional == ("height",)
    assert "none of the columns of the reference" in remarks[1]
    assert standing.chunks[2].drift.drifted
    assert not standing.chunks[4].drift.drifted
    assert not any("could not be worked out" in remark for remark in remarks)
    assert any("9-broken.parquet" in remark for remark in standing.remarks)


def test_a_file_that_grows_is_left_and_one_that_changes_is_read_again(watched: Watched) -> None:
    plan = watched.create()
    path = watched.add_file("day1.csv", rows(100, seed=1))
    os.utime(path)
    watch = watched.watch(plan)
    assert watch.look() == 0
    assert "Still being written: 1 file." in watched.standing(plan).remarks
    os.utime(path, (MORNING, MORNING))
    assert watch.look() == 1
    assert watch.look() == 0
    assert watched.watch(plan).look() == 0
    path = watched.add_file("day1.csv", rows(50, seed=2))
    assert watched.watch(plan).look() == 1
    path.unlink()
    assert watched.watch(plan).look() == 0
    (watched.folder / "in").rmdir()
    with pytest.raises(NotFound, match="is gone"):
        watched.watch(plan).look()


def test_a_table_is_read_on_where_it_has_grown_and_anew_where_it_was_replaced(
    watched: Watched,
) -> None:
    path = watched.add_file("scores.csv", rows(100, seed=1))
    table = {"source": SourceKind.TABLE, "path": str(path), "chunk": ChunkSize(rows=50)}
    plan = watched.create(**table)
    assert watched.watch(plan).look() == 2
    with path.open("a") as file:
        file.write(rows(60, seed=2).to_csv(index=False, header=False))
    os.utime(path, (MORNING, MORNING))
    assert watched.watch(plan).look() == 1
    watched.add_file("scores.csv", rows(70, seed=3))
    assert watched.watch(plan).look() == 1
    assert watched.standing(plan).chunk_count == 4


def test_a_chunk_that_breaks_our_work_is_counted_with_the_reason(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("out of luck")

    monkeypatch.setattr("mlops_tui.services.monitoring.chunk_work.ChunkWork.work_out", broken)
    plan = watched.create()
    watched.add_file("day1.parquet", rows(100, seed=1))
    assert watched.watch(plan).look() == 1
    assert "RuntimeError: out of luck" in watched.standing(plan).chunks[0].remark


def test_a_version_without_a_reference_waits_with_the_reason(watched: Watched) -> None:
    plan = watched.create(reference="")
    watched.add_file("day1.parquet", rows(100, seed=1))
    watch = watched.watch(plan)
    with pytest.raises(NotFound, match="There is nothing to compare"):
        watch.look()
    watch.note_problem("nothing to compare with")
    assert watch.rows_waiting == 100


def test_an_alias_that_moves_begins_the_run_of_another_version(
    watched: Watched, captured: Captured
) -> None:
    plan = captured(follows="@champion", chunk=ChunkSize(rows=100))
    client(watched.store).create_model_version(watched.model, "/nowhere")
    watched.capture(rows(150, seed=1))
    watched.capture(rows(120, seed=2), version="2")
    assert watched.watch(plan).look() == 3
    runs = monitor_runs.list_runs(watched.store, plan.monitor_id)
    assert [(run.version, run.chunk) for run in runs] == [("2", 1), ("1", 2)]
    assert monitors.versions(watched.store, plan.monitor_id) == ("2", "1")
    assert watched.standing(plan).version == "2"
    watched.capture(rows(80, seed=3), version="2")
    assert watched.watch(plan).look() == 1
    old = monitors.read(watched.store, watched.state_dir, plan.monitor_id, version="1")
    assert [chunk.rows for chunk in old.chunks] == [100, 50]


def test_an_alert_is_told_once_for_an_episode_also_to_the_notify_command(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = watched.folder / "told"
    script = watched.folder / "notify"
    script.write_text(f'#!/bin/sh\necho "$MLOPS_TUI_ALERT_KIND $MLOPS_TUI_ALERT_MODEL" >> {told}\n')
    script.chmod(0o700)
    monkeypatch.setenv("MLOPS_TUI_NOTIFY_COMMAND", str(script))
    plan = watched.create()
    own = replace(watched.server(), kind=ProcessKind.MONITOR, details={MONITOR_ID: plan.monitor_id})
    records.create(watched.state_dir, replace(own, process_id=records.new_id()))
    for number in range(3):
        watched.add_file(f"day{number}.parquet", rows(400, shift=1.0, seed=number))
    watched.watch(plan).look()
    assert told.read_text() == f"drift {watched.model}\n"
    (alert,) = monitor_alerts.list_alerts(watched.store)
    monitor_alerts.acknowledge(watched.store, plan.monitor_id, [alert.alert_id])
    watched.add_file("day4.parquet", rows(400, shift=1.0, seed=4))
    watched.watch(plan).look()
    (alert,) = monitor_alerts.list_alerts(watched.store)
    assert alert.acknowledged
    assert told.read_text().count("\n") == 1


def test_an_acknowledgement_stays_that_comes_while_the_monitor_writes_a_chunk(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = watched.create()
    watched.add_file("day0.parquet", rows(400, shift=1.0))
    watched.watch(plan).look()
    write = monitor_runs.write_chunk

    def acknowledged_before(*args: Any) -> None:
        monitor_alerts.acknowledge(watched.store, plan.monitor_id)
        write(*args)

    monkeypatch.setattr(monitor_runs, "write_chunk", acknowledged_before)
    watched.add_file("day1.parquet", rows(400, shift=1.0, seed=1))
    watched.watch(plan).look()
    (alert,) = monitor_alerts.list_alerts(watched.store)
    assert (alert.acknowledged, bool(alert.by)) == (True, True)


@pytest.mark.slow
def test_a_server_holds_the_same(server_store: Store, tmp_path: Path) -> None:
    watched = registered(server_store, tmp_path)
    plan = watched.create(chunk=ChunkSize(rows=200), source=SourceKind.CAPTURES, path="")
    frame = rows(400, shift=1.0, seed=1)
    ids = watched.capture(frame)
    watched.watch(plan).look()
    watched.label(dict(zip(ids, map(int, frame["label"]), strict=True)))
    # The state directory is gone but for the captures: nothing is lost of what was found out.
    watched.watch(plan).look()
    standing = watched.standing(plan)
    assert [(chunk.rows, chunk.labels) for chunk in standing.chunks] == [(200, 200), (200, 200)]
    assert standing.sentence.startswith("1 of 2 columns drifted since chunk 1")
    watched.capture(rows(200, seed=2))
    assert watched.watch(plan).look() == 1
