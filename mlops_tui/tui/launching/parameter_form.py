"""Typed fields, checked as they are typed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input, Select, Static

from mlops_tui.domain.jobs.recipe import Parameter, Value, parse_fields, to_text
from mlops_tui.domain.plain_text import one_line
from mlops_tui.tui.launching.parameter_row import ParameterRow

if TYPE_CHECKING:
    from mlops_tui.tui.kit.first_completion import Completer

Values = dict[str, Value | None]
Reasons = dict[str, str]

WIDEST_NAME = 24

AT_ONCE = 40
"""Fields that are shown at once: a program may take hundreds, and each costs time."""


class MoreFields(Static, can_focus=True):
    """The line in the place of fields that are not shown yet: enter asks for them."""

    BINDINGS = [Binding("enter", "ask", "Show more")]
    DEFAULT_CSS = """
    MoreFields { height: 1; padding-left: 1; color: $text-muted; }
    MoreFields:focus { text-style: reverse; }
    """

    @dataclass
    class Asked(Message):
        """The person wants to see more."""

    def count(self, number: int) -> None:
        """Say how many fields are not shown."""
        self.update(f"▸ {number} more parameters: enter shows them, ctrl+f finds one")

    def action_ask(self) -> None:
        """Ask for more."""
        self.post_message(self.Asked())

    def on_click(self) -> None:
        """Ask for more."""
        self.action_ask()


class ParameterForm(Vertical):
    """One line per parameter: name, field, then its help, what it was, or why it is wrong.

    ``texts`` are what the fields hold at first; one that differs from ``original`` says so, with
    the ``word`` for what that is. ``check`` looks at right values together. Of many fields the
    first are shown with those that are needed or differ, the others when they are asked for.
    ``completers``, by the name of a field, offer how what is typed may go on.
    """

    DEFAULT_CSS = "ParameterForm { height: auto; }"

    @dataclass
    class Submitted(Message):
        """The person pressed enter in a field."""

    @dataclass
    class Edited(Message):
        """A field holds something else."""

    def __init__(
        self,
        parameters: Sequence[Parameter],
        *,
        texts: Mapping[str, str] | None = None,
        original: Mapping[str, str] | None = None,
        word: str = "default",
        check: Callable[[Values], Mapping[str, str]] = lambda _values: {},
        id: str | None = None,  # noqa: A002 - Textual's name
    ) -> None:
        super().__init__(id=id)
        self.parameters = parameters
        self._original = original
        self._word = word
        self._cross_check = check
        self.completers: Mapping[str, Completer] = {}
        self._is_stale = False
        self._hidden: list[ParameterRow] = []
        held = {each.name: to_text(each.default) for each in parameters} | dict(texts or {})
        longest = max((len(each.name) for each in parameters), default=0)
        width = min(WIDEST_NAME, max(14, longest)) + 1
        self._rows = {
            each.name: ParameterRow(each, held.get(each.name, ""), width) for each in parameters
        }

    def compose(self) -> ComposeResult:
        """Make the fields that are shown at first."""
        for name, completer in self.completers.items():
            self._rows[name].complete_with(completer)
        for number, row in enumerate(self._rows.values()):
            if number < AT_ONCE or self._is_shown_first(row):
                yield row
            else:
                self._hidden.append(row)
        if self._hidden:
            yield MoreFields()

    def _is_shown_first(self, row: ParameterRow) -> bool:
        is_needed = not row.parameter.optional and not row.text
        return is_needed or bool(self._change(row.parameter, row.text))

    def on_mount(self) -> None:
        """Say what differs from the first."""
        self._say()
        self._count_hidden()

    def _count_hidden(self) -> None:
        for line in self.query_children(MoreFields):
            if self._hidden:
                line.count(len(self._hidden))
            else:
                line.remove()

    @on(MoreFields.Asked)
    async def _show_more(self, event: Message) -> None:
        event.stop()
        first = self._hidden[0]
        await self._show(self._hidden[:AT_ONCE])
        self.call_after_refresh(first.focus_field)

    async def _show(self, rows: list[ParameterRow]) -> None:
        self._hidden = [row for row in self._hidden if row not in rows]
        await self.mount_all(rows, before=self.query_one(MoreFields))
        self._say()
        self._count_hidden()

    @property
    def texts(self) -> dict[str, str]:
        """What the fields hold, by name."""
        return {name: row.text for name, row in self._rows.items()}

    def values(self) -> tuple[Values, Reasons]:
        """Return the values with the reasons of the wrong fields, both by name."""
        values, reasons = parse_fields(self.parameters, self.texts)
        if not reasons:
            reasons.update(self._cross_check(values))
        return values, reasons

    @work(group="focus", exclusive=True)
    async def focus_field(self, name: str) -> None:
        """Put the cursor into a field, shown or not."""
        if row := self._rows.get(name):
            if row in self._hidden:
                await self._show([row])
            # A row that was just made has no place yet to scroll to.
            self.call_after_refresh(row.focus_field)

    @property
    def explanation(self) -> str:
        """All that is known of the field that has the keys."""
        row = next((each for each in self._rows.values() if each.has_focus_within), None)
        if row is None:
            return ""
        parameter = row.parameter
        _, reasons = self.values()
        reason = reasons.get(parameter.name)
        told = (f"✗ {reason}" if reason else parameter.help, self._change(parameter, row.text))
        said = "; ".join(filter(None, told))
        return one_line(f"{parameter.name}: {said}" if said else "", 300)

    @on(Input.Changed)
    @on(Select.Changed)
    def _changed(self, event: Message) -> None:
        event.stop()
        if not self._is_stale:
            # Once for many: each field says when it is made that it changed.
            self._is_stale = True
            self.call_after_refresh(self._catch_up)

    def _catch_up(self) -> None:
        self._is_stale = False
        self._say()
        self.post_message(self.Edited())

    def _say(self) -> None:
        _, reasons = self.values()
        for name, row in self._rows.items():
            if not row.is_mounted:
                continue
            reason, change = reasons.get(name, ""), self._change(row.parameter, row.text)
            text = f"✗ {reason}" if reason else change or one_line(row.parameter.help, 200)
            row.say(text, "-wrong" if reason else "-changed" if change else "")

    def _change(self, parameter: Parameter, text: str) -> str:
        """Return how a field differs from the original, nothing where it does not."""
        if self._original is None:
            return ""
        before = self._original.get(parameter.name, "")
        if not text.strip() and parameter.default is not None and parameter.optional:
            return f"left out: {one_line(to_text(parameter.default), 60)}, its default"
        if before == text.strip() or (not before and self._word == "default"):
            return ""
        return f"≠ {self._word} {one_line(before, 60) or 'empty'}"

    @on(Input.Submitted)
    def _submit(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Submitted())
