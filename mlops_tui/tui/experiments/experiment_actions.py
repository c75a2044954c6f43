"""What a person does with experiments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.runs import run_equivalents
from mlops_tui.domain.runs.label import Label, label_problem
from mlops_tui.services.experiments import experiments
from mlops_tui.tui.kit.confirm import ConfirmDialog
from mlops_tui.tui.kit.messages import Topic
from mlops_tui.tui.kit.text_dialog import LineDialog
from mlops_tui.tui.kit.write import Write
from mlops_tui.tui.runs.label_dialog import NOT_DONE, LabelDialog

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mlops_tui.domain.experiments.experiment import Experiment
    from mlops_tui.tui.kit.control_screen import ControlScreen
    from mlops_tui.tui.shell import ServiceCalls

    GoTo = Callable[[str], None]
    """Shows the experiment with an id."""


async def create(screen: ControlScreen, go_to: GoTo) -> Experiment | None:
    """Ask for the name; make the experiment. A refusal keeps what was typed."""
    name = ""
    while True:
        dialog = LineDialog(
            "New experiment",
            name,
            explain="Its name. Names of deleted experiments stay reserved.",
            problem=lambda text: label_problem(Label(text, "")),
            equivalent=run_equivalents.create_experiment,
        )
        answer = await screen.shell.push_screen_wait(dialog)
        if answer is None:
            return None
        name = answer
        made = await screen.write(_create(screen, name, go_to))
        if made is not None:
            return made


async def label(screen: ControlScreen, experiment: Experiment) -> None:
    """Edit name with note. A refusal keeps what was typed."""
    before = wanted = Label(experiment.name, experiment.note)
    reason = ""
    while True:
        dialog = LabelDialog(
            f"Edit experiment {experiment.name}",
            wanted,
            reason=reason,
            equivalent=lambda after: run_equivalents.label_experiment(
                experiment.experiment_id, before, after
            ),
        )
        answer = await screen.shell.push_screen_wait(dialog)
        if answer is None or answer == before:
            return
        wanted, reason = answer, NOT_DONE
        if await screen.write(_label(screen, experiment, before, wanted)) is not None:
            return


async def delete(screen: ControlScreen, experiment: Experiment, runs: str, go_to: GoTo) -> None:
    """Ask, then delete the experiment with its runs; ``runs`` says how many are known."""
    default = " Runs that name no experiment would fail: they go here."
    sentence = (
        f"{runs} are deleted with it. MLflow keeps them until somebody calls mlflow gc: "
        f"d shows deleted experiments, U restores them. The name stays reserved until then."
        f"{default if experiment.experiment_id == experiments.DEFAULT_ID else ''}"
    )
    dialog = ConfirmDialog(
        f"Delete experiment {experiment.name}",
        sentence,
        run_equivalents.delete_experiment(experiment.experiment_id),
    )
    if await screen.shell.push_screen_wait(dialog):
        await screen.write(_delete(screen, experiment, go_to))


async def restore(screen: ControlScreen, experiment: Experiment, go_to: GoTo) -> None:
    """Ask, then restore the experiment with all of its runs."""
    dialog = ConfirmDialog(
        f"Restore experiment {experiment.name}",
        "All of its runs come back, those too that had been deleted before it.",
        run_equivalents.restore_experiment(experiment.experiment_id),
    )
    if await screen.shell.push_screen_wait(dialog):
        await screen.write(_restore(screen, experiment, go_to))


def _create(screen: ControlScreen, name: str, go_to: GoTo) -> Write[Experiment]:
    shell = screen.shell
    return Write(
        title=f"Experiment {_short(name)}: created",
        topic=Topic.RUNS,
        call=lambda backend: backend.call(
            experiments.create_experiment, shell.settings.store, name
        ),
        undo=lambda made: _delete(screen, made, go_to),
    )


def _label(
    screen: ControlScreen, experiment: Experiment, before: Label, after: Label
) -> Write[Experiment]:
    shell = screen.shell
    is_renamed = before.name != after.name
    words = f"renamed to {_short(after.name)}" if is_renamed else "note changed"
    return Write(
        title=f"Experiment {_short(before.name)}: {words}",
        topic=Topic.RUNS,
        call=lambda backend: backend.call(
            experiments.label_experiment,
            shell.settings.store,
            experiment.experiment_id,
            before,
            after,
        ),
        undo=lambda made: _label(screen, made, Label(made.name, made.note), before),
    )


def _delete(screen: ControlScreen, experiment: Experiment, go_to: GoTo) -> Write[Sequence[str]]:
    shell = screen.shell
    return Write(
        title=f"Experiment {_short(experiment.name)}: deleted; its name stays reserved",
        topic=Topic.RUNS,
        call=lambda backend: backend.call(
            experiments.delete_experiment, shell.settings.store, experiment.experiment_id
        ),
        undo=lambda already: _restore(screen, experiment, go_to, already),
    )


def _restore(
    screen: ControlScreen, experiment: Experiment, go_to: GoTo, keep_deleted: Sequence[str] = ()
) -> Write[bool]:
    shell = screen.shell

    async def call(backend: ServiceCalls) -> bool:
        await backend.call(
            experiments.restore_experiment,
            shell.settings.store,
            experiment.experiment_id,
            keep_deleted=keep_deleted,
        )
        return True

    return Write(
        title=f"Experiment {_short(experiment.name)}: restored",
        topic=Topic.RUNS,
        call=call,
        confirm=lambda _done: go_to(experiment.experiment_id),
        undo=lambda _done: _delete(screen, experiment, go_to),
    )


def _short(name: str) -> str:
    return one_line(name, 60)
