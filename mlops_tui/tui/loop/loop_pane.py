"""The table of models with what each needs, and the steps of the one under the cursor."""

from collections.abc import Callable, Coroutine
from typing import Any

from textual import on
from textual.app import ComposeResult

from mlops_tui.domain.errors import NotFound
from mlops_tui.domain.loop.loop_line import LoopLine
from mlops_tui.domain.loop.need import NeedKind
from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.domain.models.stage import Stage
from mlops_tui.domain.plain_text import one_line
from mlops_tui.services.demo import story_launch
from mlops_tui.services.models import registry
from mlops_tui.settings import Settings
from mlops_tui.tui.kit.filter_bar import FilterBar
from mlops_tui.tui.kit.key import bindings
from mlops_tui.tui.kit.list_filter import ListFilter
from mlops_tui.tui.kit.messages import Changed, Topic
from mlops_tui.tui.kit.pane import Pane
from mlops_tui.tui.kit.steady_text import SteadyText
from mlops_tui.tui.kit.table import Table
from mlops_tui.tui.loop import retraining_step
from mlops_tui.tui.loop.loop_cells import NAME
from mlops_tui.tui.loop.loop_keys import LOOP
from mlops_tui.tui.loop.loop_list import LoopList
from mlops_tui.tui.loop.loop_reader import LoopReader
from mlops_tui.tui.loop.loop_text import loop_text

NO_MODELS = """\
No registered models yet.

A model stands here from its data to its retraining, with what needs you.
2 launches a training, 1 shows the runs; R registers the model of a run.
"""

STORY = (
    "\nS tells the story of the demo, in some minutes: a model is trained, registered, checked, "
    "served and watched; what it is asked shifts; it is trained again, and you let the new version "
    "into Production.\n"
)

JOBS = "\nRunning or waiting: {titles}. 2 shows the log.\n"

WAYS = {
    NeedKind.ENDPOINT: "show_endpoint",
    NeedKind.APPROVAL: "approve",
    NeedKind.PERFORMANCE: "show_monitor",
    NeedKind.DRIFT: "show_monitor",
    NeedKind.RETRAINING: "open_retraining",
    NeedKind.MONITOR: "show_monitor",
    NeedKind.JOB: "open_log",
    NeedKind.GATE: "open_gate",
    NeedKind.STAGE: "show_model",
    NeedKind.VERSION: "show_model",
}
"""The action that does what a need is about."""

OF_LINE = frozenset({*WAYS.values(), "view_run"})
"""Actions that are about the model under the cursor."""


class LoopPane(Pane):
    """One line per model, those that need somebody first; ``enter`` does what is needed."""

    BINDINGS = bindings(LOOP)

    def __init__(self) -> None:
        super().__init__()
        self.list = LoopList()
        self.filter = ListFilter(
            self,
            lambda _words: self.show_lines(),
            label="models",
            example="words of model, need, data; esc drops",
        )
        self._reader: LoopReader | None = None

    def compose(self) -> ComposeResult:
        """Put the steps of one model below the table."""
        yield Table(id="loop", frozen=1)
        yield FilterBar()
        yield SteadyText(id="steps")

    async def load(self, *, anew: bool) -> None:
        """Read what may have changed; raises ``ServiceError``."""
        self._reader = self._reader or LoopReader(self.list, self.host, self.show_lines)
        await self._reader.read(anew=anew)

    def show_lines(self) -> None:
        """Show the lines that pass the filter."""
        table, lines = self.query_one("#loop", Table), self.list
        lines.words = self.filter.words
        table.say("Nothing matches the filter." if len(lines) else self._no_models())
        table.show(
            lines.shown(),
            lambda name, column: lines.cell(name, column, table.width_of(NAME.key)),
            lines.columns(),
        )
        self._show_steps()

    def _no_models(self) -> str:
        titles = self.list.jobs_underway
        jobs = JOBS.format(titles=one_line(", ".join(titles), 200)) if titles else ""
        is_to_be_told = is_demo(self.shell.settings) and story_launch.TITLE not in titles
        return NO_MODELS + jobs + (STORY if is_to_be_told else "")

    @on(Table.Highlighted, "#loop")
    def _show_steps(self) -> None:
        steps, line = self.query_one("#steps", SteadyText), self.current
        steps.display = line is not None
        if line is not None:
            steps.update(loop_text(line))
        self.refresh_keys()

    @property
    def current(self) -> LoopLine | None:
        """The line under the cursor."""
        return self.list.get(self.query_one("#loop", Table).cursor_key)

    def copyable(self) -> str:
        """Return the URI of the version in production, else the model's name."""
        if (line := self.current) is None:
            return ""
        version = line.facts.production
        return f"models:/{line.model}/{version}" if version else line.model

    @on(Table.Opened, "#loop")
    async def _do_what_is_needed(self) -> None:
        line = self.current
        need = next((need for need in line.needs if need.key), None) if line else None
        action = WAYS[need.kind] if need else "show_model"
        if reason := self.why_unavailable(action):
            self.host.why_not(reason)
        else:
            await self.run_action(action)

    def why_unavailable(self, action: str) -> str:
        """Return why an action can do nothing with the model under the cursor."""
        if action == "tell_story" and not is_demo(self.shell.settings):
            return "Only the demo has a story: mlops-tui demo DIR."
        if (reason := super().why_unavailable(action)) or action not in OF_LINE:
            return reason
        line = self.current
        return "There is no model under the cursor." if line is None else _why_not(line, action)

    def _begin(self, action: Callable[[LoopLine], Coroutine[Any, Any, None]]) -> None:
        if self.current:
            self.host.begin(action(self.current))

    def action_filter(self) -> None:
        """Filter the models as one types."""
        self.filter.open()

    def action_open_gate(self) -> None:
        """Open the gate for the version that is to be checked."""
        self._begin(self._open_gate)

    async def _open_gate(self, line: LoopLine) -> None:
        from mlops_tui.tui.gate.gating import open_gate

        following = line.facts.next_stage
        number = line.facts.newest if following else line.facts.production
        stage = following.stage if following else Stage.PRODUCTION
        await open_gate(self.host, await self._version(line.model, number), stage)

    def action_approve(self) -> None:
        """Allow the step that a retraining waits for, after asking."""
        self._begin(lambda line: retraining_step.approve(self.host, line))

    def action_open_retraining(self) -> None:
        """Show the rule of retraining with its attempts."""
        from mlops_tui.tui.retraining.retraining import open_retraining

        self._begin(lambda line: open_retraining(self.host, line.model))

    def action_show_monitor(self) -> None:
        """Go to the monitor of the model."""
        self._begin(self._show_monitor)

    async def _show_monitor(self, line: LoopLine) -> None:
        if line.monitor:
            await self.shell.navigation.show_monitor(line.monitor.plan.monitor_id)

    def action_tell_story(self) -> None:
        """Start the story of the demo."""
        self.host.begin(self._tell_story(), opens=False)

    async def _tell_story(self) -> None:
        settings = self.shell.settings
        where = settings.store, settings.state_dir, self.shell.job_python
        await self.host.ask(story_launch.begin, *where)
        self.host.tell("The story begins: a model is trained first. Its log is in Training (2).")
        self.shell.changed.publish(Changed(Topic.JOBS))

    async def _version(self, model: str, number: str) -> ModelVersion:
        found = await self.host.ask(
            registry.versions_now, self.shell.settings.store, [(model, number)]
        )
        version = found[model, number]
        if version is None:
            raise NotFound(f"{model} v{number} is gone.")
        return version

    def action_show_model(self) -> None:
        """Go to the newest version of the model, or to the one in production."""
        self._begin(self._show_model)

    async def _show_model(self, line: LoopLine) -> None:
        facts = line.facts
        number = facts.newest if facts.next_stage or not facts.production else facts.production
        await self.shell.navigation.show_model(line.model, number)

    def action_show_endpoint(self) -> None:
        """Go to the endpoint of the model."""
        self._begin(self._show_endpoint)

    async def _show_endpoint(self, line: LoopLine) -> None:
        if line.endpoint:
            await self.shell.navigation.show_server(line.endpoint.record)

    def action_open_log(self) -> None:
        """Read the log of the newest training."""
        if (line := self.current) and line.job:
            self.shell.navigation.open_log("training", line.job)

    def action_view_run(self) -> None:
        """Open the run of the newest version."""
        if (line := self.current) and line.facts.last_run:
            self.shell.navigation.open_run(line.facts.last_run.run_id)


def _why_not(line: LoopLine, action: str) -> str:
    """Return why an action can do nothing with a model, empty where it can."""
    lacks = {
        "open_gate": "" if line.facts.newest else f"{line.model} has no version yet.",
        "approve": _why_no_answer(line),
        "show_monitor": "" if line.monitor else f"Nothing monitors {line.model}.",
        "show_endpoint": "" if line.endpoint else f"{line.model} is not served from here.",
        "open_log": "" if line.job else f"No training of {line.model} was launched here.",
        "view_run": "" if line.facts.last_run else f"The run of {line.model} is not known.",
    }
    return lacks.get(action, "")


def _why_no_answer(line: LoopLine) -> str:
    is_asked = line.attempt is not None and line.attempt.waits_for_person
    return "" if is_asked else f"No retraining of {line.model} waits for an answer."


def is_demo(settings: Settings) -> bool:
    """Return whether the app is open on the demo's own store."""
    return settings.sources.get("tracking_uri") == "demo"
