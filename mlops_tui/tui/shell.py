"""What screens, panes and dialogs may ask of the app around them."""

from collections import deque
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ParamSpec, Protocol, TypeVar, cast

from textual.screen import Screen
from textual.signal import Signal
from textual.widget import Widget
from textual.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.notifications import SeverityLevel

    from mlops_tui.domain.models.model import ModelVersion
    from mlops_tui.domain.processes.process import ProcessRecord
    from mlops_tui.domain.runs.run_selection import RunSelection
    from mlops_tui.settings import Settings

P = ParamSpec("P")
R = TypeVar("R")


class ServiceCalls(Protocol):
    """Calls to the service process."""

    @property
    def trouble(self) -> str:
        """A word for the status bar where no answer can come now, else empty."""

    def start_now(self) -> None:
        """Wait no longer before a process that has ended is started again."""

    async def call(self, function: "Callable[P, R]", *args: P.args, **kwargs: P.kwargs) -> R:
        """Return what the service function returns; raises its ``ServiceError``."""


class Ways(Protocol):
    """The ways between screens: subjects meet here, without importing each other."""

    def open_run(self, run_id: str, model: str = "") -> None:
        """Show a run over the present screen; of a model its files."""

    def open_feed(self) -> None:
        """Show what is new over all experiments over the present screen."""

    def open_comparison(self, run_ids: Sequence[str], metric: str = "", viewed: Any = None) -> None:
        """Show some runs beside each other over the present screen, looking at a metric."""

    def open_sweep(self, job: "ProcessRecord") -> None:
        """Show the trials of a sweep over the present screen."""

    def open_log(self, mode: str, record: "ProcessRecord") -> None:
        """Show a process's log over the present screen."""

    async def register_model(self, run_id: str) -> None:
        """Register a model of a run, asking under which name, over the present screen."""

    async def serve(self, version: "ModelVersion") -> None:
        """Serve a version on this machine, asking on which port; go to its server."""

    async def show_experiment(self, experiment_id: str) -> None:
        """Go to an experiment."""

    async def show_model(self, name: str, version: str = "") -> None:
        """Go to a registered model, or to one of its versions."""

    async def show_job(self, record: "ProcessRecord") -> None:
        """Go to a training job."""

    async def show_server(self, record: "ProcessRecord") -> None:
        """Go to a model server."""


class Shell(Protocol):
    """The app, as far as its parts know it: they are imported by it, so it cannot be by them."""

    settings: "Settings"
    selection: "RunSelection"
    """The runs that are marked, whatever screen shows them."""
    changed: Signal[Any]
    """Tells every screen what another one wrote."""
    undo_stack: deque[Any]
    losses: tuple[str, ...]
    """What is slower with the installed MLflow, one sentence each."""
    loading_word: str
    """Stands in the status bar before the first data."""

    @property
    def navigation(self) -> Ways:
        """The ways to other screens."""

    @property
    def backend(self) -> ServiceCalls:
        """The service process."""

    @property
    def job_python(self) -> str:
        """The interpreter that runs jobs and servers."""

    @property
    def screen_stack(self) -> list[Screen[Any]]:
        """The screens that lie over each other, the lowest first."""

    def places(self) -> tuple[tuple[str, str, str], ...]:
        """Return key, title and mode of each screen."""

    def push_screen(
        self, screen: Screen[R], callback: "Callable[[R | None], None] | None" = None
    ) -> Any:
        """Show a screen over the present one; ``callback`` is given its result."""

    async def push_screen_wait(self, screen: Screen[R]) -> R:
        """Show a dialog; return its result."""

    def pop_screen(self) -> Any:
        """Close the screen that lies on top."""

    def copy_to_clipboard(self, text: str) -> None:
        """Copy a text, through the terminal (OSC 52)."""

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: "SeverityLevel" = "information",
        timeout: float | None = None,
        markup: bool = True,
    ) -> None:
        """Show a sentence for a moment."""

    def bell(self) -> None:
        """Ring the terminal's bell."""

    def send(self, sequence: str) -> None:
        """Send an escape sequence to the terminal."""

    def contain(self, error: Exception) -> None:
        """Log an error of ours and tell the person, without ending the app."""

    def watch_jobs(self) -> None:
        """Begin to watch for the end of jobs, unless that has begun."""

    def await_opening(self, action: Worker[None]) -> None:
        """Keep further keys for the dialog that an action is about to open."""

    def end_opening(self, action: Worker[None], *, failed: bool) -> None:
        """Drop the keys that were meant for a dialog that an action did not open."""

    def stop_awaiting(self) -> None:
        """Let the keys go on: a dialog opens, or an action has got to its change."""


def shell_of(widget: Widget) -> Shell:
    """Return the app that a widget is in."""
    return cast("Shell", widget.app)
