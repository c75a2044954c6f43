"""From what a person wants to train to a running job."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path, PurePath

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.jobs.filled_form import FilledForm
from mlops_tui.domain.jobs.launchable import Launchable, Target, TargetKind
from mlops_tui.domain.processes.process import ProcessRecord
from mlops_tui.recipes import RECIPES
from mlops_tui.services.jobs import forms, help_output, jobs, launch_memory, program_discovery
from mlops_tui.services.jobs.forms import LaunchContext
from mlops_tui.tui.kit.control_screen import ControlScreen
from mlops_tui.tui.kit.messages import Topic
from mlops_tui.tui.kit.write import Write
from mlops_tui.tui.launching.job_form import JobForm, NewJob
from mlops_tui.tui.launching.launch_dialog import FormLoader, LaunchDialog
from mlops_tui.tui.launching.pick_target import PickTargetDialog

GoTo = Callable[[ProcessRecord], None]
Choices = dict[str, tuple[str, str]]


async def launch_new(screen: ControlScreen, go_to: GoTo) -> None:
    """Ask what to launch; fill in its form; start the job; go to it."""
    form = await pick_form(screen)
    if form is not None:
        await _fill_in(screen, form, go_to)


async def pick_form(screen: ControlScreen) -> FilledForm | None:
    """Ask what to launch; return its form, None when the person gives up."""
    known, targets = await _choices(screen)
    context = launch_context(screen)
    while True:
        picked = await screen.shell.push_screen_wait(PickTargetDialog(known))
        if picked is None:
            return None
        try:
            if picked in targets:
                return await screen.ask(forms.new_form, context, targets[picked])
            return await screen.ask(forms.typed_form, context, picked)
        except ServiceError as error:
            screen.complain(error)


async def launch_again(
    screen: ControlScreen, read: Callable[[LaunchContext], Awaitable[FilledForm]], go_to: GoTo
) -> None:
    """Fill in the form as something was launched before; start the job; go to it."""
    await _fill_in(screen, await read(launch_context(screen)), go_to)


def launch_context(screen: ControlScreen) -> LaunchContext:
    """Return the settings that a form is read with."""
    settings = screen.shell.settings
    return LaunchContext(settings.store, settings.state_dir, Path.cwd(), settings.python)


async def _choices(screen: ControlScreen) -> tuple[Choices, dict[str, Target]]:
    """Return what can be picked: projects with scripts of this folder, recent ones, recipes."""
    here = Path.cwd()
    recent = await screen.ask(launch_memory.recent, screen.shell.settings.state_dir)
    found = await screen.ask(program_discovery.find_nearby, here)
    titles = {recipe.name: recipe.title for recipe in RECIPES}
    listed = [Target(TargetKind.RECIPE, name) for name in titles]
    others = [_without_command(target) for target in recent if target.kind is not TargetKind.RECIPE]
    known: Choices = {}
    targets: dict[str, Target] = {}
    for target in dict.fromkeys((*found, *others, *listed)):
        if target.kind is TargetKind.RECIPE and target.name not in titles:
            continue
        key = json.dumps([target.kind, target.name, target.entry_point])
        known[key] = (target.kind.value, titles.get(target.name) or _label(target, here))
        targets[key] = target
    return known, targets


def _without_command(target: Target) -> Target:
    """Return a program without a sub-command: its form asks for that."""
    is_program = target.kind in (TargetKind.SCRIPT, TargetKind.MODULE)
    return replace(target, entry_point="") if is_program else target


def _label(target: Target, here: Path) -> str:
    if target.kind is TargetKind.MODULE:
        return target.label
    path = PurePath(target.name)
    shown = str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
    return f"{shown}: {target.entry_point}" if target.entry_point else shown


def form_loader(screen: ControlScreen) -> FormLoader:
    """Return what reloads a form."""

    async def ask_help(launchable: Launchable) -> Launchable:
        return await screen.ask(help_output.ask_help, launchable)

    async def ask_command(launchable: Launchable, command: str) -> FilledForm:
        return await screen.ask(forms.form_of_command, launch_context(screen), launchable, command)

    return FormLoader(ask_help, ask_command)


async def _fill_in(screen: ControlScreen, form: FilledForm, go_to: GoTo) -> None:
    """Ask until the job is started, or the person gives up; a refusal keeps what was typed."""
    reason = ""
    while True:
        job: NewJob | None = await screen.shell.push_screen_wait(
            LaunchDialog("New training job", JobForm(form), form_loader(screen), reason)
        )
        if job is None:
            await screen.ask(help_output.stop_asking)
            return
        if await _start(screen, job, go_to):
            return
        form, reason = job.form, "It was not launched; what you typed is still here."


async def _start(screen: ControlScreen, job: NewJob, go_to: GoTo) -> bool:
    settings = screen.shell.settings
    record = await screen.write(
        Write[ProcessRecord](
            title="Job launched",
            optimistic=lambda: screen.expect("Starting the job…"),
            revert=lambda: screen.expect(""),
            topic=Topic.JOBS,
            call=lambda backend: backend.call(
                jobs.launch, settings.store, settings.state_dir, job.spec, job.variables
            ),
            confirm=go_to,
        )
    )
    return record is not None
