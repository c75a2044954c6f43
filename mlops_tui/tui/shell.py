"""The interface of the app that screens, panes and dialogs use."""

from collections import deque
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ParamSpec, Protocol, TypeVar, cast

from textual.screen import Screen
from textual.signal import Signal
from textual.widget import Widget
from textual.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from textual.notifications import SeverityLevel

    from mlops_tui.domain.models.model import ModelVersion
    from mlops_tui.domain.processes.process import ProcessRecord
    from mlops_tui.domain.runs.run_selection import RunSelection
    from mlops_tui.domain.store import Store
    from mlops_tui.settings import Settings

P = ParamSpec("P")
R = TypeVar("R")


class ServiceCalls(Protocol):
    """Calls to the service process."""

    @property
    def trouble(self) -> str:
        """The word for the status bar while the service process cannot answer, else empty."""

    def start_now(self) -> None:
        """Restart the service process now if it is waiting to be restarted."""

    async def call(self, function: "Callable[P, R]", *args: P.args, **kwargs: P.kwargs) -> R:
        """Return what the service function returns; raises its ``ServiceError``."""


class Navigator(Protocol):
    """Goes to other screens, so that subjects need not import each other."""

    def open_run(self, run_id: str, model: str = "") -> None:
        """Open a run, or a logged model with its files, over the current screen."""

    def open_feed(self) -> None:
        """Open the feed over the current screen."""

    def open_comparison(self, run_ids: Sequence[str], metric: str = "", viewed: Any = None) -> None:
        """Open a comparison of runs over the current screen, with a metric chosen."""

    def open_version_comparison(self, versions: "Sequence[ModelVersion]", metric: str) -> None:
        """Open a comparison of versions of a model over the current screen."""

    def open_sweep(self, job: "ProcessRecord") -> None:
        """Open the trials of a sweep over the current screen."""

    def open_log(self, mode: str, record: "ProcessRecord") -> None:
        """Open the log of a process over the current screen."""

    async def register_model(self, run_id: str) -> None:
        """Ask for a name, then register a model of a run under it."""

    async def serve(self, version: "ModelVersion") -> None:
        """Ask for a port, then serve a version on this machine and go to its server."""

    async def monitor(self, watched: str, endpoint: str = "") -> None:
        """Ask how a model is monitored, on the requests of an endpoint if given; go to the monitor.

        ``watched`` is ``NAME/3``, ``NAME@alias`` or ``NAME/Stage``.
        """

    async def roll_back(self, model: str) -> None:
        """Ask what was in a stage of a model, or under an alias, before; bring it back."""

    async def show_experiment(self, experiment_id: str) -> None:
        """Go to an experiment."""

    async def show_model(self, name: str, version: str = "") -> None:
        """Go to a registered model, or to one of its versions."""

    async def show_dataset(self, name: str, digest: str = "") -> None:
        """Go to a data set, or to one of its versions."""

    async def show_job(self, record: "ProcessRecord") -> None:
        """Go to a training job."""

    async def show_server(self, record: "ProcessRecord") -> None:
        """Go to a model server."""

    async def show_monitor(self, monitor_id: str) -> None:
        """Go to a monitor."""


class Shell(Protocol):
    """The app as its parts see it; they cannot import it, since it imports them."""

    settings: "Settings"
    selection: "RunSelection"
    """The marked runs, shared by all screens."""
    changed: Signal[Any]
    """Tells every screen what another one wrote."""
    undo_stack: deque[Any]
    losses: tuple[str, ...]
    """What is slower with the installed MLflow: one sentence each."""
    loading_word: str
    """The word for the status bar before the first data."""

    @property
    def is_running(self) -> bool:
        """Whether the app is not about to end."""

    @property
    def navigation(self) -> Navigator:
        """The ways to other screens."""

    @property
    def backend(self) -> ServiceCalls:
        """The service process."""

    @property
    def job_python(self) -> str:
        """The interpreter that runs jobs and servers."""

    @property
    def screen_stack(self) -> list[Screen[Any]]:
        """The open screens, the lowest first."""

    def places(self) -> tuple[tuple[str, str, str], ...]:
        """Return digit, title and mode of each screen."""

    def push_screen(
        self, screen: Screen[R], callback: "Callable[[R | None], None] | None" = None
    ) -> Any:
        """Open a screen over the current one; ``callback`` gets its result."""

    async def push_screen_wait(self, screen: Screen[R]) -> R:
        """Show a dialog; return its result."""

    def pop_screen(self) -> Any:
        """Close the top screen."""

    def run_worker(
        self, work: "Coroutine[Any, Any, R]", name: str | None = "", group: str = "default"
    ) -> Worker[R]:
        """Run a coroutine that goes on when its screen is left."""

    def choose_store(self, chosen: "Store | None" = None) -> None:
        """Open the list of stores; one that is chosen already is opened at once."""

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
        """Show a notice."""

    def bell(self) -> None:
        """Ring the terminal's bell."""

    def send(self, sequence: str) -> None:
        """Send an escape sequence to the terminal."""

    def contain(self, error: Exception) -> None:
        """Log an unexpected error and show a notice, without ending the app."""

    def watch_jobs(self) -> None:
        """Start watching for jobs that end, once."""

    def await_opening(self, action: Worker[None]) -> None:
        """Hold further keys until the dialog that an action opens is there."""

    def end_opening(self, action: Worker[None], *, failed: bool) -> None:
        """Drop the keys that were held for a dialog that an action did not open."""

    def stop_awaiting(self) -> None:
        """Deliver the held keys: the dialog is open, or the action has begun its change."""


def shell_of(widget: Widget) -> Shell:
    """Return the app that a widget is in."""
    return cast("Shell", widget.app)
