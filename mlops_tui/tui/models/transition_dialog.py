"""Moving a version to another stage."""

from collections.abc import Awaitable, Callable, Iterable, Sequence

from rich.text import Text
from textual import work
from textual.widget import Widget
from textual.widgets import Static

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.models import model_equivalents
from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.domain.models.stage import Stage
from mlops_tui.domain.models.transition import Transition, plan_transition, stage_differences
from mlops_tui.tui.kit.dialog import Dialog
from mlops_tui.tui.kit.key import bindings
from mlops_tui.tui.models.model_keys import TRANSITION_DIALOG

Versions = Sequence[ModelVersion]


class TransitionDialog(Dialog[Transition]):
    """Names exactly what would change; looks once more at the server before it says yes.

    ``read_versions`` returns the versions of the model as they are now.
    """

    BINDINGS = bindings(TRANSITION_DIALOG)

    def __init__(
        self,
        version: ModelVersion,
        versions: Versions,
        read_versions: Callable[[], Awaitable[Versions]],
    ) -> None:
        super().__init__(f"Move {version.name} v{version.version}")
        self._version = version.version
        self._versions = versions
        self._read_versions = read_versions
        self._target: Stage | None = None
        self._archive = True

    def compose_body(self) -> Iterable[Widget]:
        """Show the stages with their keys, the choice, the plan."""
        yield Static(id="stages")
        yield Static(id="archive")
        yield Static(id="plan")

    def on_mount(self) -> None:
        """Show what nothing chosen looks like."""
        self._show()

    def action_choose(self, stage: str) -> None:
        """Choose the target."""
        self._target = Stage(stage)
        self.refuse("")
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
        return super().check_action(action, parameters)

    def why_unavailable(self, action: str) -> str:
        """Say what has to be chosen first."""
        if action == "confirm":
            return "Pick a different stage first: n, s, p or a."
        if action == "toggle_archive":
            return "Nothing is archived by moving there."
        return super().why_unavailable(action)

    def action_confirm(self) -> None:
        """Look at the server once more, then say yes."""
        self._confirm()

    @work(group="confirm", exclusive=True)
    async def _confirm(self) -> None:
        plan = self._plan()
        if plan is None:
            self.refuse("Pick a different stage first: n, s, p or a.")
            return
        try:
            now = await self._read_versions()
        except ServiceError as error:
            self.refuse(str(error))
            return
        moved = stage_differences(self._versions, now)
        if moved:
            self._versions = now
            self._show()
            changes = "; ".join(moved)
            self.refuse(f"Stages changed meanwhile: {changes}. Check the new plan, press enter.")
            return
        self.dismiss(plan)

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
        line = Text()
        for key, stage in zip("nspa", Stage, strict=True):
            chosen = stage == self._target
            line.append(f" {'▶' if chosen else ' '}{key} ", "bold")
            line.append(
                f"{stage}{' (now)' if current and current.stage == stage else ''}  ",
                "reverse" if chosen else "",
            )
        self.query_one("#stages", Static).update(line)
        self.query_one("#archive", Static).update(self._archive_line())
        plan = self._plan()
        sentence = plan.describe() if plan else "Pick a different stage."
        self.query_one("#plan", Static).update(Text(sentence, "bold" if plan else "dim"))
        self.refresh_bindings()

    def _archive_line(self) -> Text:
        if self._target is None or not self._target.archives_existing:
            return Text(" ")
        others = [v for v in self._versions if v.stage == self._target]
        if not any(v.version != self._version for v in others):
            return Text(f"No other version is in {self._target}.", "dim")
        mark = "x" if self._archive else " "
        return Text(f"[{mark}] archive the versions already in {self._target} (space)")

    def equivalent(self) -> str:
        """Return the call of MLflow that does the same."""
        plan = self._plan()
        return model_equivalents.transition(plan) if plan else ""
