"""How things look, guarded as pictures: few, of parts whose text does not change with time."""

from collections.abc import Awaitable, Callable
from typing import Any

from rich.text import Text
from textual.app import App, ComposeResult
from textual.screen import Screen

from mlops_tui.domain.gate.gate_view import GateView
from mlops_tui.domain.gate.verdict import GateState
from mlops_tui.domain.jobs.argument import Argument, CommandLine
from mlops_tui.domain.jobs.filled_form import FilledForm
from mlops_tui.domain.jobs.launchable import Launchable, Target, TargetKind
from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.domain.models.stage import Stage
from mlops_tui.recipes import synthetic_forest
from mlops_tui.tui.app import ControlRoom
from mlops_tui.tui.charts.chart import Chart, Series
from mlops_tui.tui.kit.formatting import status_cell
from mlops_tui.tui.kit.key_bar import KeyBar
from mlops_tui.tui.kit.status_bar import StatusBar
from mlops_tui.tui.kit.table import Column, Table
from mlops_tui.tui.launching.job_form import JobForm
from mlops_tui.tui.launching.launch_dialog import FormLoader, LaunchDialog
from mlops_tui.tui.models.transition_dialog import TransitionDialog
from mlops_tui.tui.modes import places

SMALL = (80, 24)
ROWS = {"a": "FINISHED", "b": "RUNNING", "c": "FAILED", "d": "KILLED"}
VERSIONS = (
    ModelVersion("IrisClassifierRF", "2", Stage.STAGING),
    ModelVersion("IrisClassifierRF", "1", Stage.PRODUCTION, aliases=("champion",)),
)

Compare = Callable[..., bool]


class Parts(App[None]):
    """The widgets that every screen is made of."""

    BINDINGS = [("t", "transition", "Stage"), ("s", "serve", "Serve")]
    CSS = "Table { height: 6; } Chart { height: 12; }"

    def compose(self) -> ComposeResult:
        yield StatusBar(places())
        yield Table(on_mark=lambda _key: None)
        yield Chart("loss")
        yield KeyBar()

    def on_mount(self) -> None:
        bar = self.query_one(StatusBar)
        bar.active, bar.store, bar.freshness = "models", "sqlite:///mlflow.db", "live"
        table = self.query_one(Table)
        columns = [Column("status", "Status", 10), Column("name", "Name", 20, grow=True)]
        table.show(list(ROWS), self.cell, columns)
        table.sort = ("name", True)
        curve = [1 / (1 + step / 9) for step in range(100)]
        curve[40:50] = [float("nan")] * 10
        self.query_one(Chart).plot([Series("loss", range(100), curve, "cyan")])

    @staticmethod
    def cell(key: str, column: str) -> Text:
        return status_cell(ROWS[key]) if column == "status" else Text(f"run {key} [not markup]")


class Over(App[None]):
    """A dialog over nothing, in the app's own style."""

    CSS_PATH = ControlRoom.CSS_PATH

    def __init__(self, make: Callable[[], Screen[Any]]) -> None:
        super().__init__()
        self.make = make

    def on_mount(self) -> None:
        self.push_screen(self.make())


async def no_change() -> tuple[ModelVersion, ...]:
    return VERSIONS


async def no_gate(stage: Stage) -> GateView:
    return GateView(VERSIONS[0], stage, "", GateState.NONE)


def test_the_widgets(snap_compare: Compare) -> None:
    assert snap_compare(Parts(), terminal_size=SMALL, press=["down", "space", "down"])


def test_a_transition_names_what_will_change(snap_compare: Compare) -> None:
    read: Callable[[], Awaitable[tuple[ModelVersion, ...]]] = no_change
    app = Over(lambda: TransitionDialog(VERSIONS[0], VERSIONS, read, no_gate))
    assert snap_compare(app, terminal_size=SMALL, press=["p"])


async def no_help(launchable: Launchable) -> Launchable:
    return launchable


async def no_command(launchable: Launchable, _command: str) -> FilledForm:
    return FilledForm(launchable)


FOREST = synthetic_forest.RECIPE
FORM = FilledForm(
    Launchable(
        Target(TargetKind.RECIPE, FOREST.name),
        FOREST.title,
        CommandLine(tuple(Argument(each, each.name) for each in FOREST.parameters)),
        directory="/work",
        python="python",
        origin="own",
        prefix=("recipes", FOREST.name),
    )
)


def test_the_form_of_a_new_job(snap_compare: Compare) -> None:
    loader = FormLoader(no_help, no_command)
    app = Over(lambda: LaunchDialog("New training job", JobForm(FORM), loader))
    assert snap_compare(app, terminal_size=SMALL, press=["tab", "tab", "x"])
