"""What a person does with monitors."""

import shlex
from collections.abc import Mapping
from pathlib import Path

from mlops_tui.domain.errors import NotFound
from mlops_tui.domain.home_path import expanded
from mlops_tui.domain.monitoring.alert import Alert
from mlops_tui.domain.monitoring.monitor import MonitorPlan
from mlops_tui.domain.monitoring.monitor_standing import MonitorStanding, MonitorState
from mlops_tui.domain.plain_text import counted, one_line
from mlops_tui.domain.processes.process import ProcessKind
from mlops_tui.services.launchers import processes
from mlops_tui.services.models import registry
from mlops_tui.services.monitoring import (
    monitor_alerts,
    monitor_labels,
    monitor_setup,
    monitors,
)
from mlops_tui.services.monitoring.monitor_setup import MonitorWish
from mlops_tui.tui.kit.confirm import ConfirmDialog
from mlops_tui.tui.kit.control_screen import ControlScreen
from mlops_tui.tui.kit.messages import Topic
from mlops_tui.tui.kit.text_dialog import LineDialog
from mlops_tui.tui.kit.write import Write
from mlops_tui.tui.monitoring.monitor_dialog import MonitorDialog

AGAIN = "It was not set up; what you typed is still here."
COMPARED = 5
"""Versions that are compared: the watched one with the newest others."""


async def set_up(screen: ControlScreen, offered: Mapping[str, str]) -> None:
    """Ask what a monitor watches until it is set up, or the person gives up; go to it."""
    settings, python = screen.shell.settings, screen.shell.job_python
    page = await screen.ask(registry.models_page, settings.store)
    aliased = (f"{model.name}@{alias}" for model in page.models for alias in model.aliases)
    known = {"model": [*aliased, *(model.name for model in page.models)]}

    async def make_plan(wish: MonitorWish) -> MonitorPlan:
        return await screen.ask(
            monitor_setup.plan_monitor, settings.store, settings.state_dir, wish
        )

    reason = ""
    while True:
        dialog = MonitorDialog(offered, known, make_plan, python, reason)
        chosen = await screen.shell.push_screen_wait(dialog)
        if chosen is None:
            return
        offered, plan = chosen
        standing = await screen.write(_create(screen, plan))
        if standing is not None:
            await screen.shell.navigation.show_monitor(standing.plan.monitor_id)
            return
        reason = AGAIN


def _create(screen: ControlScreen, plan: MonitorPlan) -> Write[MonitorStanding]:
    settings = screen.shell.settings
    return Write(
        title=f"{plan.title} is monitored",
        topic=Topic.MONITORS,
        call=lambda backend: backend.call(
            monitors.create, settings.store, settings.state_dir, plan
        ),
    )


async def start(screen: ControlScreen, standing: MonitorStanding) -> None:
    """Start a monitor again, where it was."""
    await screen.write(_start(screen, standing.plan))


def _start(screen: ControlScreen, plan: MonitorPlan) -> Write[MonitorStanding]:
    settings = screen.shell.settings
    return Write(
        title=f"{plan.title} started",
        topic=Topic.MONITORS,
        call=lambda backend: backend.call(
            monitors.start, settings.store, settings.state_dir, plan.monitor_id
        ),
    )


async def stop(screen: ControlScreen, standing: MonitorStanding) -> None:
    """Ask, then stop a monitor."""
    settings, plan = screen.shell.settings, standing.plan
    sentence = f"Stop the monitor {plan.title}? What it found out stays; a goes on where it was."
    command = shlex.join(["mlops-tui", "monitor", "stop", plan.title])
    question = ConfirmDialog("Stop the monitor", sentence, command)
    if await screen.shell.push_screen_wait(question):
        await screen.write(
            Write[MonitorStanding](
                title=f"{plan.title} stopped",
                topic=Topic.MONITORS,
                call=lambda backend: backend.call(
                    monitors.stop, settings.store, settings.state_dir, plan.monitor_id
                ),
                undo=lambda _answer: _start(screen, plan),
            )
        )


async def remove(screen: ControlScreen, standing: MonitorStanding) -> None:
    """Ask, then take a monitor off the list."""
    settings, plan = screen.shell.settings, standing.plan
    sentence = f"Remove the monitor {plan.title}? Its runs stay in MLflow with all it found out."
    if standing.state is MonitorState.ELSEWHERE:
        sentence += " It runs on another machine and ends there at its next look."
    command = shlex.join(["mlops-tui", "monitor", "remove", plan.title])
    if await screen.shell.push_screen_wait(ConfirmDialog("Remove", sentence, command)):
        await screen.write(
            Write[None](
                title=f"{plan.title} removed",
                topic=Topic.MONITORS,
                call=lambda backend: backend.call(
                    monitors.remove, settings.store, settings.state_dir, plan.monitor_id
                ),
            )
        )


async def acknowledge(screen: ControlScreen, standing: MonitorStanding) -> None:
    """Show the open alerts of a monitor; acknowledge them once the person says so."""
    store, plan, alerts = screen.shell.settings.store, standing.plan, standing.open_alerts
    count = counted(len(alerts), "alert")
    question = ConfirmDialog(
        f"Alerts of {plan.title}",
        "Enter says that you have seen them; they are told again only when they come back.",
        shlex.join(["mlops-tui", "monitor", "ack", plan.title]),
        [one_line(f"{each.kind}: {each.sentence}", 400) for each in alerts],
    )
    if await screen.shell.push_screen_wait(question):
        await screen.write(
            Write[tuple[Alert, ...]](
                title=f"{count} of {plan.title} acknowledged",
                topic=Topic.MONITORS,
                call=lambda backend: backend.call(
                    monitor_alerts.acknowledge,
                    store,
                    plan.monitor_id,
                    tuple(each.alert_id for each in alerts),
                ),
            )
        )


async def add_labels(screen: ControlScreen, standing: MonitorStanding) -> None:
    """Ask for a file with labels; hand them over."""
    settings, title = screen.shell.settings, standing.plan.title
    dialog = LineDialog(
        f"Labels for {title}",
        explain=f"A CSV or JSON lines file with request_id and label, in {Path.cwd()}.",
        equivalent=lambda name: shlex.join(["mlops-tui", "monitor", "labels", title, name]),
    )
    name = await screen.shell.push_screen_wait(dialog)
    if name:
        path = Path.cwd() / expanded(name)
        await screen.write(
            Write[int](
                title=f"Labels of {name} handed over",
                topic=Topic.MONITORS,
                call=lambda backend: backend.call(
                    monitor_labels.add_labels,
                    settings.store,
                    settings.state_dir,
                    standing.plan.monitor_id,
                    path,
                ),
                done=lambda count: f"{name}: {counted(count, 'label')} taken; chunks follow.",
            )
        )


async def open_log(screen: ControlScreen, standing: MonitorStanding) -> None:
    """Open the log of the process of a monitor."""
    record = await screen.ask(
        processes.get, screen.shell.settings.state_dir, ProcessKind.MONITOR, standing.process_id
    )
    screen.shell.navigation.open_log("monitoring", record)


async def compare(screen: ControlScreen, standing: MonitorStanding) -> None:
    """Compare the version that is watched with the newest others of its model."""
    store, model = screen.shell.settings.store, standing.plan.model
    versions = await screen.ask(registry.list_versions, store, model)
    watched = standing.version or standing.plan.version
    chosen = sorted(versions, key=lambda each: each.version != watched)[:COMPARED]
    if len(chosen) < 2:  # noqa: PLR2004 - one version is no comparison
        raise NotFound(f"{model} has no second version to compare with.")
    metric = standing.last.metric if standing.last else ""
    screen.shell.navigation.open_version_comparison(chosen, metric)
