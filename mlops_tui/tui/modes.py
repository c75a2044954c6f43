"""The screens with a digit, as Textual modes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from textual.app import App
from textual.screen import Screen

from mlops_tui.domain.place import Place
from mlops_tui.domain.processes.process import ProcessKind
from mlops_tui.services.files import state_directory
from mlops_tui.settings import Settings

Factory = Callable[[], Screen[Any]]


@dataclass(frozen=True, slots=True)
class Mode:
    """A screen: its digit, its title, and a factory that imports it."""

    key: str
    title: str
    make: Factory


def _loop() -> Screen[Any]:
    from mlops_tui.tui.loop.loop_screen import LoopScreen

    return LoopScreen()


def _experiments() -> Screen[Any]:
    from mlops_tui.tui.experiments.experiments_screen import ExperimentsScreen

    return ExperimentsScreen()


def _training() -> Screen[Any]:
    from mlops_tui.tui.jobs.training_screen import TrainingScreen

    return TrainingScreen()


def _models() -> Screen[Any]:
    from mlops_tui.tui.models.models_screen import ModelsScreen

    return ModelsScreen()


def _serving() -> Screen[Any]:
    from mlops_tui.tui.serving.serving_screen import ServingScreen

    return ServingScreen()


def _monitoring() -> Screen[Any]:
    from mlops_tui.tui.monitoring.monitoring_screen import MonitoringScreen

    return MonitoringScreen()


def _data() -> Screen[Any]:
    from mlops_tui.tui.data.data_screen import DataScreen

    return DataScreen()


MODES: Mapping[str, Mode] = {
    Place.LOOP: Mode("0", "Loop", _loop),
    Place.EXPERIMENTS: Mode("1", "Experiments", _experiments),
    Place.TRAINING: Mode("2", "Training", _training),
    Place.MODELS: Mode("3", "Models", _models),
    Place.SERVING: Mode("4", "Serving", _serving),
    Place.MONITORING: Mode("5", "Monitoring", _monitoring),
    Place.DATA: Mode("6", "Data", _data),
}


def first_mode(settings: Settings) -> str:
    """Return the screen that opens first.

    Where the settings name none it is Loop once a model was served or monitored, else Experiments.
    """
    if settings.first_screen:
        return settings.first_screen
    kinds = ProcessKind.SERVER, ProcessKind.MONITOR
    was_at_work = any(state_directory.holds(settings.state_dir, kind) for kind in kinds)
    return Place.LOOP if was_at_work else Place.EXPERIMENTS


def places() -> tuple[tuple[str, str, str], ...]:
    """Return digit, title and mode of each screen."""
    return tuple((mode.key, mode.title, name) for name, mode in MODES.items())


BETWEEN = "between"
"""A mode that is shown while the others are made anew."""


async def renew(app: App[Any]) -> None:
    """Make all screens anew; stay on the one that is shown, without what was opened over it."""
    shown = app.current_mode
    app.add_mode(BETWEEN, Screen)
    await app.switch_mode(BETWEEN)
    for name, mode in MODES.items():
        # Whoever quits meanwhile closes the screens that there are.
        if app._exit:  # noqa: SLF001 - Textual has no public word
            return
        await app.remove_mode(name)
        app.add_mode(name, mode.make)
    if not app._exit:  # noqa: SLF001 - as above
        await app.switch_mode(shown)
        await app.remove_mode(BETWEEN)
