"""The gate of a stage for one version: rules, state, verdict."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from rich.text import Text
from textual import on, work
from textual.widget import Widget
from textual.widgets import Static

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.gate.gate_view import GateView
from mlops_tui.domain.gate.rules import GATED
from mlops_tui.domain.gate.verdict import GateState
from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.domain.models.stage import Stage
from mlops_tui.domain.plain_text import one_line
from mlops_tui.tui.gate.gate_keys import GATE_DIALOG
from mlops_tui.tui.gate.verdict_table import STYLES, show_results, told
from mlops_tui.tui.kit.dialog import Dialog
from mlops_tui.tui.kit.key import bindings, why_read_only
from mlops_tui.tui.kit.table import Table

POLL = 1.0
"""Seconds between two looks at a check that runs."""


class Wish(StrEnum):
    """What a person wants done with a gate."""

    RUN = "run"
    NEW = "new"
    CHANGE = "change"
    DELETE = "delete"
    EDIT = "edit"
    IMPORT = "import"
    EXPORT = "export"
    STOP = "stop"
    LOG = "log"
    OPEN_RUN = "open run"
    PASSED = "passed"
    """Nothing more: the version has passed while somebody waited for that."""


NEEDS = {
    "change_rule": "There is no rule under the cursor.",
    "delete_rule": "There is no rule under the cursor.",
    "run_gate": "There are no rules yet: n adds one, e writes them as TOML.",
    "export_rules": "There are no rules to write.",
    "stop": "No check is running.",
    "open_log": "No check is running.",
    "open_run": "There is no validation run yet.",
}
"""Why a key has no effect where it needs something that is not there."""


@dataclass(frozen=True, slots=True)
class GateWish:
    """What is wanted, with the gate as it was shown; ``rule`` counts from 1, 0 means none."""

    wish: Wish
    view: GateView
    rule: int = 0


class GateDialog(Dialog[GateWish]):
    """Shows a gate; looks at it again while it runs.

    ``read`` returns the gate of a stage as it is now. Who ``waits`` wants it closed once the
    version has passed.
    """

    BINDINGS = bindings(GATE_DIALOG)
    DEFAULT_CSS = """
    GateDialog {
        #box { width: 100%; max-width: 120; }
        #box Table { height: auto; max-height: 14; min-height: 4; }
        #detail { height: 2; }
    }
    """
    AUTO_FOCUS = "Table"

    def __init__(
        self, view: GateView, read: Callable[[Stage], Awaitable[GateView]], *, waits: bool = False
    ) -> None:
        super().__init__(f"Gate of {view.version.name} v{view.version.version}")
        self.view = view
        self._read = read
        self._waits = waits
        self._awaited: Stage | None = None
        """The stage whose gate is being read."""
        self._reads = 0

    def compose_body(self) -> Iterable[Widget]:
        """Show stage, state, rules, and what is to be said of the rule under the cursor."""
        yield Static(id="stages")
        yield Static(id="state")
        yield Table(id="rules")
        yield Static(id="detail")

    def on_mount(self) -> None:
        """Show the gate; look again while it runs."""
        self.query_one("#rules", Table).say("No rules yet: n adds one, e writes them as TOML.")
        self._show()
        self.set_interval(POLL, self._look)

    def _look(self) -> None:
        if self._awaited is None and self.view.state is GateState.RUNNING:
            self._read_again(self.view.stage)

    @work(group="read", exclusive=True)
    async def _read_again(self, stage: Stage) -> None:
        self._awaited, self._reads = stage, self._reads + 1
        number = self._reads
        was_running = self.view.stage is stage and self.view.state is GateState.RUNNING
        try:
            self.view = await self._read(stage)
        except ServiceError as error:
            self.refuse(str(error))
            return
        finally:
            if number == self._reads:
                self._awaited = None
        self.refuse("")
        self._show()
        if self._waits and was_running and self.view.state is GateState.PASSED:
            self._wish(Wish.PASSED)

    def _show(self) -> None:
        line = Text()
        for key, stage in zip("sp", GATED, strict=True):
            chosen = stage == self.view.stage
            line.append(f" {'▶' if chosen else ' '}{key} ", "bold")
            line.append(f"{stage}  ", "reverse" if chosen else "")
        self.query_one("#stages", Static).update(line)
        state = Text(one_line(self.view.describe(), 300), STYLES.get(self.view.state, ""))
        remarks = self.view.verdict.remarks if self.view.verdict and self.view.is_current else ()
        if remarks:
            state.append(one_line(f" ({'; '.join(remarks)})", 200), "dim")
        self.query_one("#state", Static).update(state)
        show_results(self.query_one("#rules", Table), self.view.results)
        self._show_detail()
        self.refresh_bindings()

    @on(Table.Highlighted, "#rules")
    def _show_detail(self) -> None:
        place, results = self.query_one("#rules", Table).cursor_key, self.view.results
        found = results[int(place)] if place is not None and int(place) < len(results) else None
        self.query_one("#detail", Static).update(told(found) if found else Text(""))

    @property
    def _rule(self) -> int:
        place, results = self.query_one("#rules", Table).cursor_key, self.view.results
        return results[int(place)].number if place is not None and int(place) < len(results) else 0

    @on(Table.Opened, "#rules")
    def _opened(self) -> None:
        # Enter is a key of the table, which knows no read-only mode; it edits, as e does.
        if why := why_read_only(self, "edit_text"):
            self.refuse(why)
        else:
            self._act("change_rule", Wish.CHANGE)

    def _has(self, action: str) -> bool:
        """Return whether what an action needs is there."""
        is_running = self.view.state is GateState.RUNNING
        if action in ("change_rule", "delete_rule"):
            return bool(self.view.rules and self._rule)
        if action == "run_gate":
            return self.view.rules is not None
        if action == "export_rules":
            return bool(self.view.text)
        return is_running if action in ("stop", "open_log") else self.view.verdict is not None

    def _act(self, action: str, wish: Wish) -> None:
        if action in NEEDS and not self._has(action):
            self.refuse(NEEDS[action])
        elif self._awaited not in (None, self.view.stage):
            self.refuse(f"The gate for {self._awaited} is being read.")
        elif wish is Wish.RUN and self.view.state is GateState.RUNNING:
            self.refuse("It is running already; x stops it.")
        else:
            self._wish(wish)

    def _wish(self, wish: Wish) -> None:
        self.dismiss(GateWish(wish, self.view, self._rule))

    def action_choose(self, stage: str) -> None:
        """Show the gate of another stage."""
        self._read_again(Stage(stage))

    def action_run_gate(self) -> None:
        """Check the version."""
        self._act("run_gate", Wish.RUN)

    def action_new_rule(self) -> None:
        """Add a rule."""
        self._act("new_rule", Wish.NEW)

    def action_edit_text(self) -> None:
        """Edit the TOML."""
        self._act("edit_text", Wish.EDIT)

    def action_delete_rule(self) -> None:
        """Delete the rule under the cursor."""
        self._act("delete_rule", Wish.DELETE)

    def action_import_rules(self) -> None:
        """Replace the rules by those of a file."""
        self._act("import_rules", Wish.IMPORT)

    def action_export_rules(self) -> None:
        """Write the rules to a file."""
        self._act("export_rules", Wish.EXPORT)

    def action_stop(self) -> None:
        """Stop the check that is running."""
        self._act("stop", Wish.STOP)

    def action_open_log(self) -> None:
        """Open the log of the check that is running."""
        self._act("open_log", Wish.LOG)

    def action_open_run(self) -> None:
        """Open the validation run."""
        self._act("open_run", Wish.OPEN_RUN)

    def equivalent(self) -> str:
        """Return the command that checks the version."""
        return run_command(self.view.version, self.view.stage)


def run_command(version: ModelVersion, stage: Stage) -> str:
    """Return the command that runs a gate."""
    import shlex

    words = ["mlops-tui", "gate", "run", version.name, version.version]
    return shlex.join([*words, "--stage", stage.value.lower()])
