"""The one table of keys."""

import pytest
from textual.widget import Widget

from mlops_tui.tui.app import ControlRoom
from mlops_tui.tui.artifacts.artifact_browser import ArtifactBrowser
from mlops_tui.tui.artifacts.artifact_tree import ArtifactTree
from mlops_tui.tui.artifacts.preview_lines import PreviewLines
from mlops_tui.tui.charts.chart_grid import ChartGrid
from mlops_tui.tui.compare.compare_pane import ComparePane
from mlops_tui.tui.data.dataset_versions_pane import DatasetVersionsPane
from mlops_tui.tui.data.datasets_pane import DatasetsPane
from mlops_tui.tui.experiments.experiment_view import ExperimentView
from mlops_tui.tui.experiments.experiments_pane import ExperimentsPane
from mlops_tui.tui.experiments.experiments_screen import ExperimentsScreen
from mlops_tui.tui.experiments.runs_pane import RunsPane
from mlops_tui.tui.feed.feed_pane import FeedPane
from mlops_tui.tui.gate.gate_dialog import GateDialog
from mlops_tui.tui.jobs.jobs_pane import JobsPane
from mlops_tui.tui.keymap import SCOPES, key_table
from mlops_tui.tui.kit.control_screen import ControlScreen
from mlops_tui.tui.kit.dialog import Dialog
from mlops_tui.tui.kit.filter_bar import FilterBar
from mlops_tui.tui.kit.key import Key, KeyScope, bindings, write_actions
from mlops_tui.tui.kit.pane import Pane
from mlops_tui.tui.kit.pick_dialog import PickDialog
from mlops_tui.tui.kit.table import Table
from mlops_tui.tui.kit.tags_dialog import TagsDialog
from mlops_tui.tui.launching.launch_dialog import LaunchDialog
from mlops_tui.tui.logs.log_pane import ProcessLog
from mlops_tui.tui.logs.log_view import LogView
from mlops_tui.tui.loop.loop_pane import LoopPane
from mlops_tui.tui.models.history_dialog import HistoryDialog
from mlops_tui.tui.models.metric_dialog import MetricDialog
from mlops_tui.tui.models.models_pane import ModelsPane
from mlops_tui.tui.models.transition_dialog import TransitionDialog
from mlops_tui.tui.models.versions_pane import VersionsPane
from mlops_tui.tui.monitoring.feature_dialog import FeatureDialog
from mlops_tui.tui.monitoring.monitoring_pane import MonitoringPane
from mlops_tui.tui.monitoring.performance_dialog import PerformanceDialog
from mlops_tui.tui.retraining.retraining_dialog import RetrainingDialog
from mlops_tui.tui.run.run_page import RunPage
from mlops_tui.tui.runs.columns_dialog import ColumnsDialog
from mlops_tui.tui.runs.label_dialog import LabelDialog
from mlops_tui.tui.runs.settle_dialog import SettleDialog
from mlops_tui.tui.serving.query_panel import QueryPanel
from mlops_tui.tui.serving.request_form import RequestForm
from mlops_tui.tui.serving.requests_dialog import RequestsDialog
from mlops_tui.tui.serving.servers_pane import ServersPane
from mlops_tui.tui.sweeps.sweep_pane import SweepPane

OWNERS: dict[str, type] = {
    "everywhere": ControlRoom,
    "screen": ControlScreen,
    "table": Table,
    "filter": FilterBar,
    "log": LogView,
    "log search": ProcessLog,
    "experiments": ExperimentsScreen,
    "experiment list": ExperimentsPane,
    "runs": RunsPane,
    "experiment view": ExperimentView,
    "feed": FeedPane,
    "run": RunPage,
    "charts": ChartGrid,
    "artifacts": ArtifactBrowser,
    "tree": ArtifactTree,
    "preview": PreviewLines,
    "compare": ComparePane,
    "training": JobsPane,
    "sweep": SweepPane,
    "models": VersionsPane,
    "loop": LoopPane,
    "model list": ModelsPane,
    "serving": ServersPane,
    "query": QueryPanel,
    "request form": RequestForm,
    "requests": RequestsDialog,
    "dialog": Dialog,
    "label": LabelDialog,
    "tags": TagsDialog,
    "settle": SettleDialog,
    "new job": LaunchDialog,
    "pick": PickDialog,
    "columns": ColumnsDialog,
    "transition": TransitionDialog,
    "metric over versions": MetricDialog,
    "model history": HistoryDialog,
    "gate": GateDialog,
    "monitoring": MonitoringPane,
    "column of a chunk": FeatureDialog,
    "performance over chunks": PerformanceDialog,
    "data sets": DatasetsPane,
    "data set versions": DatasetVersionsPane,
    "retraining": RetrainingDialog,
}


@pytest.mark.parametrize("scope", SCOPES)
def test_every_key_does_something(scope: str) -> None:
    for key in SCOPES[scope].keys:
        name = key.action.partition("(")[0]
        owner: type = OWNERS[scope]
        if name.startswith("app."):
            owner, name = ControlRoom, name.removeprefix("app.")
        assert hasattr(owner, f"action_{name}"), key


@pytest.mark.parametrize("scope", SCOPES)
def test_no_key_stands_twice_in_a_place(scope: str) -> None:
    names = [name for key in SCOPES[scope].keys for name in key.keys.split(",")]
    assert len(names) == len(set(names))


def test_no_key_needs_what_tmux_or_a_terminal_loses() -> None:
    for scope in SCOPES.values():
        for key in scope.keys:
            for name in key.keys.split(","):
                assert not name.startswith(("alt+", "f1", "ctrl+shift"))
                assert name not in ("ctrl+enter", "ctrl+j", "ctrl+m", "ctrl+i", "ctrl+h")


def test_what_changes_something_is_marked() -> None:
    writes = ("register", "transition", "set_alias", "use", "new_job", "stop")
    found = {key.action_name for scope in SCOPES.values() for key in scope.keys if key.write}
    assert found >= set(writes)
    assert not found & {"filter", "copy", "view_run", "send"}


def test_read_only_mode_is_asked_wherever_a_key_writes() -> None:
    """These three ask; another kind of widget would do what its key says."""
    writing = [
        OWNERS[scope.name] for scope in SCOPES.values() if any(key.write for key in scope.keys)
    ]
    assert {JobsPane, GateDialog, ControlScreen} <= set(writing)
    assert [each for each in writing if not issubclass(each, (Pane, Dialog, ControlScreen))] == []


def test_a_key_that_writes_in_one_place_may_only_look_in_another() -> None:
    class Mover(Widget):
        BINDINGS = bindings(KeyScope("mover", "", (Key("j", "move(1)", "", "", write=True),)))

    class Looker(Widget):
        BINDINGS = bindings(KeyScope("looker", "", (Key("j", "move(1)", "", ""),)))

    class Reader(Mover):
        BINDINGS = bindings(KeyScope("reader", "", (Key("r", "read", "", ""),)))

    assert write_actions(Mover) == write_actions(Reader) == {"move"}
    assert write_actions(Looker) == frozenset()


def test_the_table_for_people_names_every_place() -> None:
    table = key_table()
    assert all(scope.title in table for scope in SCOPES.values())
