"""The rule of a model, what it says now, and its attempts."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from rich.text import Text
from textual import on, work
from textual.widget import Widget
from textual.widgets import Static

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.retraining.attempt import RetrainingAttempt
from mlops_tui.domain.retraining.retraining_rule import Arrow, Paused
from mlops_tui.domain.retraining.retraining_view import Retraining
from mlops_tui.tui.kit.dialog import Dialog
from mlops_tui.tui.kit.key import bindings
from mlops_tui.tui.kit.table import Table
from mlops_tui.tui.retraining.attempt_table import show_attempts, told
from mlops_tui.tui.retraining.retraining_keys import RETRAINING_DIALOG

POLL = 2.0
"""Seconds between two looks at an attempt that is underway."""
POLL_AT_REST = 10.0
"""Seconds between two looks while none is: a monitor may begin one, a colleague set a rule."""
NO_ATTEMPTS = "No attempts yet."


class Wish(StrEnum):
    """What a person wants done; the action of its key."""

    APPROVE = "approve"
    DECLINE = "decline"
    EDIT = "edit_rule"
    TRY = "try_rule"
    NOW = "begin_now"
    PAUSE = "pause"
    PAUSE_ALL = "pause_all"
    DELETE = "delete_rule"
    LOG = "open_log"
    RUN = "open_run"


NO_RULE = "There is no rule yet: e makes one."
NOBODY_WAITS = "No attempt waits for you."
UNREADABLE = "The rule cannot be read: e sets another."
OF_A_RULE = (Wish.TRY, Wish.NOW, Wish.PAUSE)


@dataclass(frozen=True, slots=True)
class RetrainingWish:
    """What is wanted, with what was shown, and the attempt under the cursor."""

    wish: Wish
    view: Retraining
    attempt: RetrainingAttempt | None = None


class RetrainingDialog(Dialog[RetrainingWish]):
    """Shows the retraining of a model, and looks again, more often while an attempt is underway."""

    BINDINGS = bindings(RETRAINING_DIALOG)
    DEFAULT_CSS = """
    RetrainingDialog {
        #box { width: 100%; max-width: 120; }
        #box Table { height: auto; max-height: 10; min-height: 4; }
        #rule { height: auto; max-height: 6; }
        #now { height: auto; margin: 0 0 1 0; }
        #detail { height: 3; }
    }
    """
    AUTO_FOCUS = "Table"

    def __init__(self, view: Retraining, read: Callable[[], Awaitable[Retraining]]) -> None:
        super().__init__(f"Retraining of {view.model}")
        self.view = view
        self._read = read
        self._is_unread = False
        """Whether the last look failed, so that the reason is shown."""

    def compose_body(self) -> Iterable[Widget]:
        """Show the rule, what it says now, the attempts, and how the one under the cursor is."""
        yield Static(id="rule")
        yield Static(id="now")
        yield Table(id="attempts")
        yield Static(id="detail")

    def on_mount(self) -> None:
        """Show the rule; look again from time to time."""
        self.query_one("#attempts", Table).say(NO_ATTEMPTS)
        self._show()
        self.set_interval(POLL, self._look)
        self.set_interval(POLL_AT_REST, self._read_again)

    def _look(self) -> None:
        if self.view.underway is not None:
            self._read_again()

    @work(group="read", exclusive=True)
    async def _read_again(self) -> None:
        try:
            self.view = await self._read()
        except ServiceError as error:
            self._is_unread = True
            self.refuse(str(error))
            return
        if self._is_unread:  # else it says why a key had no effect
            self.refuse("")
        self._is_unread = False
        self._show()

    def _show(self) -> None:
        self.query_one("#rule", Static).update(rule_text(self.view))
        self.query_one("#now", Static).update(now_text(self.view))
        show_attempts(self.query_one("#attempts", Table), self.view.attempts)
        self._show_detail()

    @property
    def _attempt(self) -> RetrainingAttempt | None:
        key = self.query_one("#attempts", Table).cursor_key
        return next((each for each in self.view.attempts if each.attempt_id == key), None)

    @on(Table.Highlighted, "#attempts")
    def _show_detail(self) -> None:
        attempt = self._attempt
        self.query_one("#detail", Static).update(told(attempt) if attempt else Text(""))
        self.refresh_bindings()

    @on(Table.Opened, "#attempts")
    def _opened(self) -> None:
        self._wish(Wish.RUN)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what can be done now."""
        return not self._lacking(action) and super().check_action(action, parameters)

    def why_unavailable(self, action: str) -> str:
        """Say what is missing for a key."""
        return super().why_unavailable(action) or self._lacking(action)

    def _lacking(self, action: str) -> str:
        """Return what is missing for an action, empty where nothing is."""
        if not self.is_mounted:
            return ""
        underway, attempt, stored = self.view.underway, self._attempt, self.view.stored
        has_job = attempt is not None and bool(attempt.job_id or attempt.gate_job)
        has_rule = stored is not None and stored.rule is not None
        needs: dict[str, tuple[bool, str]] = {
            Wish.APPROVE: (underway is not None and underway.waits_for_person, NOBODY_WAITS),
            Wish.DECLINE: (underway is not None, "No attempt is underway."),
            Wish.NOW: (underway is None, "An attempt is underway already: x stops it."),
            Wish.LOG: (has_job, "It has no job yet."),
            Wish.RUN: (attempt is not None, NO_ATTEMPTS),
            Wish.DELETE: (stored is not None, NO_RULE),
        }
        is_there, why = needs.get(action, (True, ""))
        if is_there and action in OF_A_RULE:
            is_there, why = has_rule, UNREADABLE if stored else NO_RULE
        return "" if is_there else why

    def _wish(self, wish: Wish) -> None:
        if lacking := self._lacking(wish):
            self.refuse(lacking)
        else:
            self.dismiss(RetrainingWish(wish, self.view, self._attempt))

    def action_approve(self) -> None:
        """Allow the step that the attempt waits for."""
        self._wish(Wish.APPROVE)

    def action_decline(self) -> None:
        """Stop the attempt."""
        self._wish(Wish.DECLINE)

    def action_edit_rule(self) -> None:
        """Set the rule."""
        self._wish(Wish.EDIT)

    def action_try_rule(self) -> None:
        """Show the dry run."""
        self._wish(Wish.TRY)

    def action_begin_now(self) -> None:
        """Retrain now."""
        self._wish(Wish.NOW)

    def action_pause(self) -> None:
        """Pause the rule, or resume it."""
        self._wish(Wish.PAUSE)

    def action_pause_all(self) -> None:
        """Pause all rules, or resume them."""
        self._wish(Wish.PAUSE_ALL)

    def action_delete_rule(self) -> None:
        """Delete the rule."""
        self._wish(Wish.DELETE)

    def action_open_log(self) -> None:
        """Open the log of the attempt's job."""
        self._wish(Wish.LOG)

    def action_open_run(self) -> None:
        """Open the run of the attempt."""
        self._wish(Wish.RUN)

    def equivalent(self) -> str:
        """Return the command that shows the same."""
        import shlex

        return shlex.join(["mlops-tui", "retrain", "show", self.view.model])


def now_text(view: Retraining) -> Text:
    """Return what a rule says now, nothing where there is none."""
    return Text("" if view.stored is None else one_line(view.sentence, 300))


def rule_text(view: Retraining) -> Text:
    """Return a rule in a few lines: when it fires, what it launches, who is asked."""
    stored = view.stored
    if stored is None:
        return Text(NO_RULE, "dim")
    rule = stored.rule
    if rule is None:
        return Text(one_line(stored.text, 400), "dim")
    skipped = ("launch", "argument", "monitor", "without_asking", "paused", "since")
    lines = [line for line in stored.text.splitlines() if line.partition(" =")[0] not in skipped]
    asked = [arrow.value for arrow in Arrow if rule.is_asked(arrow)]
    said = Text(one_line(" · ".join(lines), 400))
    if rule.paused is not Paused.NO:
        said = Text.assemble(("⏸ paused  ", "yellow bold"), said)
    launch = f"Launches {rule.launch.source} with new {rule.launch.argument}."
    waits = f"A person is asked before: {', '.join(asked)}." if asked else "Nobody is asked."
    said.append(f"\n{one_line(launch, 200)}\n{waits}")
    return said
