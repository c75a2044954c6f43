"""``mlops-tui monitor``."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from mlops_tui.cli import main
from mlops_tui.domain.monitoring.monitor import ChunkSize, SourceKind
from mlops_tui.domain.processes.process import MONITOR_ID, ProcessKind, ProcessState
from mlops_tui.domain.store import Store
from mlops_tui.services.monitoring import monitor_launch, monitor_runs, monitors
from mlops_tui.services.processes import records
from mlops_tui.services.store.store import client
from tests import detached
from tests.cli.conftest import Done
from tests.services.monitoring.conftest import Watched, registered, rows

Run = Callable[..., Done]


@pytest.fixture
def watched(sqlite_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Watched:
    monkeypatch.chdir(tmp_path)
    return registered(sqlite_store, tmp_path)


@pytest.fixture
def monitor(watched: Watched, capsys: pytest.CaptureFixture[str]) -> Run:
    """Return what runs the sub-command on a model with files beside it."""
    state = ("--state-dir", str(watched.state_dir))
    where = ("--tracking-uri", watched.store.tracking_uri, *state)

    def run(*words: str) -> Done:
        capsys.readouterr()
        try:
            code = main(("monitor", *words, *where))
        except SystemExit as end:
            code = int(str(end.code))
        return Done(code, *capsys.readouterr())

    return run


def test_a_monitor_is_shown_verdict_first_and_its_alerts_are_acknowledged(
    watched: Watched, monitor: Run
) -> None:
    plan = watched.create()
    watched.add_file("day1.parquet", rows(400, seed=1))
    assert monitor("list").returncode == 0
    watched.add_file("day2.parquet", rows(400, shift=1.0, seed=2))
    watched.watch(plan).look()
    listed = monitor("list")
    assert listed.returncode == 3
    assert f"{plan.title}  stopped  v1       2" in listed.stdout
    shown = monitor("show", plan.title)
    assert shown.returncode == 3
    first, second, *_ = shown.stdout.splitlines()
    assert first.startswith("1 of 2 columns drifted since chunk 2")
    assert second == f"{plan.title}: stopped, v1, 2 chunks, 0 rows waiting"
    assert "! drift since" in shown.stdout
    assert "width       yes" in shown.stdout
    told = json.loads(monitor("show", plan.title, "--json").stdout)
    assert [chunk["alarm"] for chunk in told["chunks"]] == [False, True]
    assert told["chunks"][1]["drift"]["features"][0]["histogram"]
    known = monitor("ack", plan.title, "--json")
    assert [each["kind"] for each in json.loads(known.stdout)] == ["drift"]
    assert "known to" in monitor("show", plan.title).stdout
    assert monitor("remove", plan.title).returncode == 0
    assert monitor("list").returncode == 1


def test_defaults_are_sensible_and_what_cannot_work_is_refused_with_a_way_out(
    watched: Watched, monitor: Run
) -> None:
    client(watched.store).set_registered_model_alias(watched.model, "champion", "1")
    for words, said in (
        (("add", "nobody"), "nobody not found"),
        (("add", watched.model), "No endpoint of"),
        (("add", watched.model, "--from", "nowhere"), "neither a folder nor a file"),
        (("add", watched.model, "--from", "in", "--endpoint", "x"), "not both"),
        (("add", watched.model, "--from", "in", "--chunk", "1y"), "no size of a chunk"),
        (("add", watched.model, "--from", "in", "--metric", "auc"), "no metric"),
        (("add", watched.model, "--from", "in", "--limit", "x"), "no limit"),
        (("add", watched.model, "--from", "in", "--reference", "no.csv"), "There is no file"),
        (("add",), "needs a NAME"),
        (("show", "nobody"), "There is no monitor"),
        (("labels", watched.model), "needs a FILE"),
        (("list", "--read-only"), "There are no monitors"),
        (("stop", watched.model, "--read-only"), "read-only"),
    ):
        done = monitor(*words)
        assert done.returncode in (1, 2), words
        assert said in done.stderr, words


def test_a_monitor_is_added_started_and_stopped(watched: Watched, monitor: Run) -> None:
    client(watched.store).set_registered_model_alias(watched.model, "champion", "1")
    title = f"{watched.model}@champion"
    with detached.nothing_left_behind():
        added = monitor("add", title, "--from", "in", "--reference", "reference.parquet", "--json")
        assert added.returncode == 0
        plan = json.loads(added.stdout)["plan"]
        assert (plan["title"], plan["follows"], plan["source"]) == (title, "@champion", "files")
        assert monitor("start", title).returncode == 0
        assert "Started: none" in monitor("start", "--all").stderr
        (record,) = monitor_launch.of_monitor(watched.state_dir, plan["monitor_id"])
        assert monitor("stop", title).returncode == 0
        detached.ended(watched.state_dir, record)
        again = monitor("add", title, "--from", "in", "--reference", "reference.parquet")
        assert (again.returncode, "on the same rows" in again.stderr) == (1, True)
    unit = monitor("unit", title).stdout
    assert f"monitor start {title}" in unit
    assert "RemainAfterExit=yes" in unit
    assert watched.store.tracking_uri in unit


def test_the_reason_of_a_monitor_that_does_not_get_on_is_listed_and_shown_first(
    watched: Watched, monitor: Run
) -> None:
    plan = watched.create()
    watched.add_file("day1.parquet", rows(400, seed=1))
    watched.watch(plan).look()
    monitor_runs.set_tags(
        watched.store, watched.standing(plan).run_id, {monitor_runs.STATE: monitor_runs.ON}
    )
    own = replace(watched.server(), kind=ProcessKind.MONITOR, details={MONITOR_ID: plan.monitor_id})
    own = replace(own, state=ProcessState.LOST, reason="The machine was restarted while it ran.")
    records.create(watched.state_dir, replace(own, process_id=records.new_id()))
    assert "The machine was restarted while it ran." in monitor("list").stdout
    reason, state, verdict, *_ = monitor("show", plan.title).stdout.splitlines()
    assert reason == "The machine was restarted while it ran."
    assert state.startswith(f"{plan.title}: failed, v1, 1 chunk")
    assert verdict.startswith("  No drift in chunk 1")


def test_paths_of_a_monitor_hold_when_the_working_directory_is_gone(
    watched: Watched, monitor: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = watched.folder / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    monkeypatch.setattr(monitor_launch, "launch", lambda *_: None)
    options = ("--from", "../in", "--reference", "../reference.parquet", "--labels", "../l.csv")
    added = monitor("add", watched.model, *options, "--json")
    plan = json.loads(added.stdout)["plan"]
    found = plan["path"], plan["reference"], plan["labels"]
    assert found == tuple(
        str(watched.folder / name) for name in ("in", "reference.parquet", "l.csv")
    )


def test_labels_are_handed_over_and_change_their_chunk(watched: Watched, monitor: Run) -> None:
    watched.server()
    plan = watched.create(source=SourceKind.CAPTURES, path="", chunk=ChunkSize(rows=100))
    frame = rows(100, seed=1)
    ids = watched.capture(frame)
    watched.watch(plan).look()
    lines = [f"{key},{label}" for key, label in zip(ids, frame["label"], strict=True)]
    Path("labels.csv").write_text("\n".join(["request_id,label", *lines]))
    done = monitor("labels", plan.title, "labels.csv")
    assert (done.returncode, done.stdout) == (0, "100 labels\n")
    watched.watch(plan).look()
    assert [chunk.labels for chunk in watched.standing(plan).chunks] == [100]
    assert monitors.versions(watched.store, plan.monitor_id) == ("1",)
