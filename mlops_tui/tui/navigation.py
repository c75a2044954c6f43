"""Opens screens, and goes to a run, experiment, model, job or server from anywhere."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.screen import Screen

    from mlops_tui.domain.models.model import ModelVersion
    from mlops_tui.domain.processes.process import ProcessRecord
    from mlops_tui.services.compare.run_importance import ViewedRuns
    from mlops_tui.tui.kit.steady_app import SteadyApp

DIALOG_FIRST = "Close this first; then what you chose is opened."


class Navigation:
    """Opens screens and goes to things in them; imports each screen when it is needed.

    A dialog in which a person types is neither closed nor covered: the way waits until it is
    closed. What waits must be called in a worker.
    """

    def __init__(self, app: "SteadyApp") -> None:
        self._app = app

    async def show_place(self, mode: str) -> None:
        """Switch to a screen, and close what was opened over it."""
        if mode == self._app.current_mode:
            self._uncover()
        else:
            await self._app.switch_mode(mode)

    def open_run(self, run_id: str, model: str = "") -> None:
        """Open a run, or a logged model with its files, over the current screen."""
        from mlops_tui.tui.run.run_screen import RunScreen

        self._open(RunScreen(run_id, model))

    def open_feed(self) -> None:
        """Open the feed over the current screen."""
        from mlops_tui.tui.feed.feed_screen import FeedScreen

        self._open(FeedScreen())

    def open_comparison(
        self, run_ids: "Sequence[str]", metric: str = "", viewed: "ViewedRuns | None" = None
    ) -> None:
        """Open a comparison of runs over the current screen, with a metric chosen.

        What the metric depends on is estimated over all ``viewed`` runs, if given.
        """
        from mlops_tui.tui.compare.compare_screen import CompareScreen

        self._open(CompareScreen(run_ids, metric, viewed))

    def open_version_comparison(self, versions: "Sequence[ModelVersion]", metric: str) -> None:
        """Open a comparison of versions of a model over the current screen."""
        from mlops_tui.tui.compare.compare_screen import CompareScreen

        self._app.push_screen(CompareScreen((), metric, versions=versions))

    def open_sweep(self, job: "ProcessRecord") -> None:
        """Open the trials of a sweep over the current screen."""
        from mlops_tui.tui.sweeps.sweep_screen import SweepScreen

        self._open(SweepScreen(job))

    def open_log(self, mode: str, record: "ProcessRecord") -> None:
        """Open the log of a process over the current screen."""
        from mlops_tui.tui.logs.log_screen import ProcessLogScreen

        self._open(ProcessLogScreen(mode, record))

    def _open(self, screen: "Screen[Any]") -> None:
        if self._app.screen.is_modal:
            self._app.run_worker(self._open_later(screen), group="way")
        else:
            self._app.push_screen(screen)

    async def _open_later(self, screen: "Screen[Any]") -> None:
        await self._until_no_dialog()
        self._app.push_screen(screen)

    async def _until_no_dialog(self) -> None:
        if self._app.screen.is_modal:
            self._app.notify(DIALOG_FIRST, markup=False)
            await self._app.until_screen(lambda screen: not screen.is_modal)

    async def register_model(self, run_id: str) -> None:
        """Ask for a name, then register a model of a run under it."""
        from mlops_tui.tui.kit.control_screen import ControlScreen
        from mlops_tui.tui.models.registering import register_model

        if isinstance(self._app.screen, ControlScreen):
            await register_model(self._app.screen, run_id)

    async def serve(self, version: "ModelVersion") -> None:
        """Ask for a port, then serve a version on this machine and go to its server."""
        from mlops_tui.tui.kit.control_screen import ControlScreen
        from mlops_tui.tui.serving.serving_actions import serve_version

        if isinstance(self._app.screen, ControlScreen):
            await serve_version(self._app.screen, version)

    async def monitor(self, watched: str, endpoint: str = "") -> None:
        """Ask how a model is monitored, on the requests of an endpoint if given; go to the monitor.

        ``watched`` is ``NAME/3``, ``NAME@alias`` or ``NAME/Stage``.
        """
        from mlops_tui.tui.kit.control_screen import ControlScreen
        from mlops_tui.tui.monitoring.monitor_actions import set_up

        if isinstance(self._app.screen, ControlScreen):
            await set_up(self._app.screen, {"model": watched, "endpoint": endpoint})

    async def roll_back(self, model: str) -> None:
        """Ask what was in a stage of a model, or under an alias, before; bring it back."""
        from mlops_tui.tui.kit.control_screen import ControlScreen
        from mlops_tui.tui.models.history_actions import roll_back
        from mlops_tui.tui.models.version_list import VersionList

        if isinstance(self._app.screen, ControlScreen):
            nowhere = VersionList(lambda: None)
            await roll_back(self._app.screen, model, None, nowhere)

    async def show_experiment(self, experiment_id: str) -> None:
        """Go to an experiment."""
        from mlops_tui.tui.experiments.experiments_screen import ExperimentsScreen

        screen = await self._show_list("experiments")
        if isinstance(screen, ExperimentsScreen):
            screen.show_experiment(experiment_id)

    async def show_model(self, name: str, version: str = "") -> None:
        """Go to a registered model, or to one of its versions."""
        from mlops_tui.tui.models.models_screen import ModelsScreen

        screen = await self._show_list("models")
        if isinstance(screen, ModelsScreen):
            screen.go_to(name, version)

    async def _show_list(self, mode: str) -> "Screen[Any]":
        """Go to a list, once no dialog is open; return its screen."""
        await self._until_no_dialog()
        await self._app.switch_mode(mode)
        self._uncover()
        return self._app.screen_stack[0]

    def _uncover(self) -> None:
        """Close the screens over the list, down to a dialog."""
        while len(self._app.screen_stack) > 1 and not self._app.screen.is_modal:
            self._app.pop_screen()

    async def show_dataset(self, name: str, digest: str = "") -> None:
        """Go to a data set, or to one of its versions."""
        from mlops_tui.tui.data.data_screen import DataScreen

        screen = await self._show_list("data")
        if isinstance(screen, DataScreen):
            screen.go_to(name, digest)

    async def show_job(self, record: "ProcessRecord") -> None:
        """Go to a training job."""
        from mlops_tui.tui.jobs.training_screen import TrainingScreen

        screen = await self._show_list("training")
        if isinstance(screen, TrainingScreen):
            screen.go_to(record)

    async def show_server(self, record: "ProcessRecord") -> None:
        """Go to a model server."""
        from mlops_tui.tui.serving.serving_screen import ServingScreen

        screen = await self._show_list("serving")
        if isinstance(screen, ServingScreen):
            screen.go_to(record)

    async def show_monitor(self, monitor_id: str) -> None:
        """Go to a monitor."""
        from mlops_tui.tui.monitoring.monitoring_screen import MonitoringScreen

        screen = await self._show_list("monitoring")
        if isinstance(screen, MonitoringScreen):
            screen.go_to(monitor_id)
