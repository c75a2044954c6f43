"""The one table of keys."""

import pytest

from mlops_tui.tui.app import ControlRoom
from mlops_tui.tui.bases.control_screen import ControlScreen
from mlops_tui.tui.dialogs.columns import ColumnsDialog
from mlops_tui.tui.dialogs.dialog import Dialog
from mlops_tui.tui.dialogs.label import LabelDialog
from mlops_tui.tui.dialogs.new_job import NewJobDialog
from mlops_tui.tui.dialogs.pick import PickDialog
from mlops_tui.tui.dialogs.settle import SettleDialog
from mlops_tui.tui.dialogs.tags import TagsDialog
from mlops_tui.tui.dialogs.transition import TransitionDialog
from mlops_tui.tui.keys.places import PLACES, key_table, write_actions
from mlops_tui.tui.screens.compare import CompareScreen
from mlops_tui.tui.screens.experiments import ExperimentsScreen
from mlops_tui.tui.screens.feed import FeedScreen
from mlops_tui.tui.screens.models import ModelsScreen
from mlops_tui.tui.screens.run import RunScreen
from mlops_tui.tui.screens.serving import ServingScreen
from mlops_tui.tui.screens.sweep import SweepScreen
from mlops_tui.tui.screens.training import TrainingScreen
from mlops_tui.tui.widgets.artifact_browser import ArtifactBrowser
from mlops_tui.tui.widgets.artifact_tree import ArtifactTree
from mlops_tui.tui.widgets.chart_grid import ChartGrid
from mlops_tui.tui.widgets.filter_bar import FilterBar
from mlops_tui.tui.widgets.log_view import LogView
from mlops_tui.tui.widgets.preview_lines import PreviewLines
from mlops_tui.tui.widgets.process_log import ProcessLog
from mlops_tui.tui.widgets.table import Table

OWNERS: dict[str, type] = {
    "everywhere": ControlRoom,
    "screen": ControlScreen,
    "table": Table,
    "filter": FilterBar,
    "log": LogView,
    "log search": ProcessLog,
    "experiments": ExperimentsScreen,
    "feed": FeedScreen,
    "run": RunScreen,
    "charts": ChartGrid,
    "artifacts": ArtifactBrowser,
    "tree": ArtifactTree,
    "preview": PreviewLines,
    "compare": CompareScreen,
    "training": TrainingScreen,
    "sweep": SweepScreen,
    "models": ModelsScreen,
    "serving": ServingScreen,
    "dialog": Dialog,
    "label": LabelDialog,
    "tags": TagsDialog,
    "settle": SettleDialog,
    "new job": NewJobDialog,
    "pick": PickDialog,
    "columns": ColumnsDialog,
    "transition": TransitionDialog,
}


@pytest.mark.parametrize("place", PLACES)
def test_every_key_does_something(place: str) -> None:
    for key in PLACES[place].keys:
        name = key.action.partition("(")[0]
        owner: type = OWNERS[place]
        if name.startswith("app."):
            owner, name = ControlRoom, name.removeprefix("app.")
        assert hasattr(owner, f"action_{name}"), key


@pytest.mark.parametrize("place", PLACES)
def test_no_key_stands_twice_in_a_place(place: str) -> None:
    names = [name for key in PLACES[place].keys for name in key.keys.split(",")]
    assert len(names) == len(set(names))


def test_no_key_needs_what_tmux_or_a_terminal_loses() -> None:
    for place in PLACES.values():
        for key in place.keys:
            for name in key.keys.split(","):
                assert not name.startswith(("alt+", "f1", "ctrl+shift"))
                assert name not in ("ctrl+enter", "ctrl+j", "ctrl+m", "ctrl+i", "ctrl+h")


def test_what_changes_something_is_marked() -> None:
    assert {"register", "transition", "set_alias", "serve", "new_job", "stop"} <= write_actions()
    assert not {"filter", "copy", "view_run", "send"} & write_actions()


def test_the_table_for_people_names_every_place() -> None:
    table = key_table()
    assert all(place.title in table for place in PLACES.values())
