"""Moving a version to another stage."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from rich.text import Text
from textual import work
from textual.widget import Widget
from textual.widgets import Static

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.gate.gate_view import GateView
from mlops_tui.domain.gate.rules import GATED
from mlops_tui.domain.gate.verdict import GateState
from mlops_tui.domain.models import model_equivalents
from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.domain.models.registry_event import reason_problem
from mlops_tui.domain.models.stage import Stage
from mlops_tui.domain.models.transition import Transition, plan_transition, stage_differences
from mlops_tui.domain.plain_text import one_line
from mlops_tui.tui.gate.verdict_table import STYLES, show_results
from mlops_tui.tui.kit.dialog import Dialog
from mlops_tui.tui.kit.key import bindings
from mlops_tui.tui.kit.table import Table
from mlops_tui.tui.kit.text_dialog import LineDialog
from mlops_tui.tui.models.model_keys import TRANSITION_DIALOG

Versions = Sequence[ModelVersion]


class Way(Enum):
    """How a version is to pass the gate of the stage, if there is one."""

    BY_VERDICT = auto()
    BY_CHECK = auto()
    """It is to be checked first."""
    BY_REASON = auto()
    """The gate is to be overridden."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to be moved, and how it passes the gate."""

    plan: Transition
    way: Way = Way.BY_VERDICT
    reason: str = ""


class TransitionDialog(Dialog[Decision]):
    """Names exactly what would change; looks once more at the server before it says yes.

    ``read_versions`` returns the versions of the model as they are now, ``read_gate`` the gate of a
    stage for the version.
    """

    BINDINGS = bindings(TRANSITION_DIALOG)
    DEFAULT_CSS = """
    TransitionDialog {
        #why, #gate, #rules { display: none; }
        #box Table { height: auto; max-height: 12; }
    }
    """

    def __init__(
        self,
        version: ModelVersion,
        versions: Versions,
        read_versions: Callable[[], Awaitable[Versions]],
        read_gate: Callable[[Stage], Awaitable[GateView]],
    ) -> None:
        super().__init__(f"Move {version.name} v{version.version}")
        self._version = version.version
        self._versions = versions
        self._read_versions = read_versions
        self._target: Stage | None = None
        self._archive = True
        self._read_gate = read_gate
        self._gate: GateView | None = None
        """The gate of the chosen stage, None while it is not read."""
        self._reason = ""

    def compose_body(self) -> Iterable[Widget]:
        """Show the stages with their keys, the choice, the plan."""
        yield Static(id="stages")
        yield Static(id="archive")
        yield Static(id="plan")
        yield Static(id="why")
        yield Static(id="gate")
        rules = Table(id="rules", openable=False)
        rules.can_focus = False  # the keys of the dialog are those of the stages
        yield rules

    def on_mount(self) -> None:
        """Show what nothing chosen looks like."""
        self._show()

    def action_choose(self, stage: str) -> None:
        """Choose the target."""
        self._target, self._gate = Stage(stage), None
        self.refuse("")
        self._show()
        if self._target in GATED:
            self._look_at_gate(self._target)

    @work(group="gate", exclusive=True)
    async def _look_at_gate(self, stage: Stage) -> None:
        try:
            gate = await self._read_gate(stage)
        except ServiceError as error:
            if stage is self._target:
                self.refuse(str(error))
            return
        if stage is self._target:
            self._gate = gate
            self._show()

    def action_toggle_archive(self) -> None:
        """Archive the versions already there, or leave them."""
        self._archive = not self._archive
        self._show()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Dim what has no effect yet."""
        if action == "toggle_archive":
            return True if self._target and self._target.archives_existing else None
        if action == "confirm":
            return True if self._plan() else None
        if action in ("run_gate", "override"):
            return self._is_kept_out
        return super().check_action(action, parameters)

    def why_unavailable(self, action: str) -> str:
        """Say what has to be chosen first."""
        if action == "confirm":
            return "Pick a different stage first: n, s, p or a."
        if action == "toggle_archive":
            return "Nothing is archived by moving there."
        if action in ("run_gate", "override"):
            return "No gate keeps the version out of that stage."
        return super().why_unavailable(action)

    @property
    def _is_kept_out(self) -> bool:
        """Whether the gate of the chosen stage does not let the version in."""
        return bool(self._plan() and self._gate) and not self._gate.state.admits  # type: ignore[union-attr]

    def action_confirm(self) -> None:
        """Look at the server once more, then say yes."""
        if self._plan() is None:
            self.refuse("Pick a different stage first: n, s, p or a.")
        else:
            self._confirm(Way.BY_VERDICT)

    def action_run_gate(self) -> None:
        """Have the version checked before it is moved."""
        if self._is_kept_out and self._gate and self._gate.rules is None:
            self.refuse("The rules cannot be read: V on the version edits them.")
        elif self._is_kept_out:
            self._confirm(Way.BY_CHECK)

    @work(group="reason", exclusive=True)
    async def action_give_reason(self) -> None:
        """Ask why the version is moved."""
        dialog = LineDialog(
            f"Why is v{self._version} moved?",
            self._reason,
            explain="The history of the model keeps the reason.",
            problem=reason_problem,
        )
        reason = await self.shell.push_screen_wait(dialog)
        if reason is not None:
            self._reason = reason.strip()
            why = self.query_one("#why", Static)
            why.display = bool(self._reason)
            why.update(Text(f"Why: {one_line(self._reason, 300)}"))

    def action_override(self) -> None:
        """Have the version moved in spite of the gate."""
        if self._is_kept_out:
            self._confirm(Way.BY_REASON)

    @work(group="confirm", exclusive=True)
    async def _confirm(self, way: Way) -> None:
        plan = self._plan()
        if plan is None:
            return
        try:
            if self._gate is None and plan.target.after in GATED:
                gate = await self._read_gate(plan.target.after)
                if self._plan() != plan:
                    return
                self._gate = gate
                self._show()
            if way is Way.BY_VERDICT and self._is_kept_out:
                self.refuse("The gate keeps it out: v checks it, then moves it; o overrides.")
                return
            now = await self._read_versions()
        except ServiceError as error:
            self.refuse(str(error))
            return
        if self._plan() != plan:
            return  # something else was chosen meanwhile
        moved = stage_differences(self._versions, now)
        if moved:
            self._versions = now
            self._show()
            changes = "; ".join(moved)
            self.refuse(f"Stages changed meanwhile: {changes}. Check the new plan, press enter.")
            return
        self.dismiss(Decision(plan, way, self._reason))

    def _current(self) -> ModelVersion | None:
        return next((v for v in self._versions if v.version == self._version), None)

    def _plan(self) -> Transition | None:
        current = self._current()
        if current is None or self._target is None or self._target == current.stage:
            return None
        return plan_transition(
            self._versions, self._version, self._target, archive_existing=self._archive
        )

    def _show(self) -> None:
        current = self._current()
        line = _stages_line(current.stage if current else None, self._target)
        self.query_one("#stages", Static).update(line)
        others = [v for v in self._versions if v.stage == self._target and v != current]
        line = _archive_line(self._target, is_any=bool(others), is_chosen=self._archive)
        self.query_one("#archive", Static).update(line)
        plan = self._plan()
        sentence = plan.describe() if plan else "Pick a different stage."
        self.query_one("#plan", Static).update(Text(sentence, "bold" if plan else "dim"))
        self._show_gate()
        self.refresh_bindings()

    def _show_gate(self) -> None:
        view = self._gate
        is_gated = view is not None and view.state is not GateState.NONE
        for selector in ("#gate", "#rules"):
            self.query_one(selector).display = is_gated
        if view is not None and is_gated:
            text = Text(f"Gate: {one_line(view.describe(), 300)}", STYLES.get(view.state, ""))
            self.query_one("#gate", Static).update(text)
            show_results(self.query_one("#rules", Table), view.results)

    def equivalent(self) -> str:
        """Return the call of MLflow that does the same."""
        plan = self._plan()
        return model_equivalents.transition(plan) if plan else ""


def _stages_line(now: Stage | None, target: Stage | None) -> Text:
    """Return the stages with their keys."""
    line = Text()
    for key, stage in zip("nspa", Stage, strict=True):
        chosen = stage == target
        line.append(f" {'▶' if chosen else ' '}{key} ", "bold")
        line.append(f"{stage}{' (now)' if stage == now else ''}  ", "reverse" if chosen else "")
    return line


def _archive_line(target: Stage | None, *, is_any: bool, is_chosen: bool) -> Text:
    """Return the choice whether versions already in the target are archived."""
    if target is None or not target.archives_existing:
        return Text(" ")
    if not is_any:
        return Text(f"No other version is in {target}.", "dim")
    mark = "x" if is_chosen else " "
    return Text(f"[{mark}] archive the versions already in {target} (space)")
