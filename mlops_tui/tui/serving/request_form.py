"""The form of a request: a field for each value of one of its rows."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.message import Message
from textual.widgets import Input, Static

from mlops_tui.domain import json_text
from mlops_tui.domain.errors import InvalidInput
from mlops_tui.domain.models.model_info import ModelInfo
from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.serving.payload import Payload
from mlops_tui.domain.serving.request_form import (
    FormField,
    as_value,
    column_count,
    fill_in,
    form_fields,
    row_count,
    seen_values,
)
from mlops_tui.tui.kit.field import Field
from mlops_tui.tui.kit.key import bindings
from mlops_tui.tui.serving.serving_keys import REQUEST_FORM

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class FieldRow(Horizontal):
    """A name, the field, and what is known of the values."""

    DEFAULT_CSS = """
    FieldRow { height: 1; }
    FieldRow Static { text-wrap: nowrap; text-overflow: ellipsis; }
    FieldRow .name { width: 24; }
    FieldRow Field { width: 1fr; background: $boost; }
    FieldRow .hint { width: 26; padding-left: 1; color: $text-muted; }
    """

    def __init__(self, field: FormField) -> None:
        super().__init__()
        self.field = field

    def compose(self) -> ComposeResult:
        """Put the three beside one another."""
        name = "params." if self.field.is_param else ""
        needed = "" if self.field.required else "?"
        yield Static(Text(one_line(f"{name}{self.field.name}{needed}", 60)), classes="name")
        yield Field(self.field.text, compact=True)
        hint = f"{self.field.type}  {self.field.hint}".strip()
        yield Static(Text(one_line(hint, 60)), classes="hint")

    def update(self, field: FormField) -> None:
        """Show another value, unless what is typed means the same."""
        self.field = field
        shown = self.query_one(Field)
        typed, wanted = (as_value(text, field.type) for text in (shown.value, field.text))
        if json_text.line(typed) != json_text.line(wanted):
            with shown.prevent(Input.Changed):
                shown.value = field.text


class RequestForm(VerticalScroll, can_focus=False):
    """Fields for a row of a request; posts ``Edited`` with each change."""

    BINDINGS = bindings(REQUEST_FORM)
    DEFAULT_CSS = "RequestForm { height: 1fr; }"

    @dataclass
    class Edited(Message):
        """A field was changed."""

        payload: Payload

    @dataclass
    class Confirmed(Message):
        """Enter was pressed in a field."""

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's own name for it
        super().__init__(id=id)
        self._payload: Payload | None = None
        self._info = ModelInfo("")
        self._seen: Mapping[str, str] = {}
        """What each column is in the input example."""
        self._fields: Sequence[FormField] = ()
        self._built: Sequence[tuple[str, bool]] = ()
        self.row = 0
        self.rows = 0
        self.columns = 0

    def show(self, payload: Payload, info: ModelInfo) -> None:
        """Show a request; raises ``InvalidInput`` where it is none with fields."""
        rows = row_count(payload, info.signature)
        row = min(self.row, rows - 1)
        if info is not self._info:
            self._info, self._seen = info, seen_values(info)
        self._fields = form_fields(payload, info, row, self._seen)
        self.columns = column_count(payload, info.signature)
        self._payload, self.row, self.rows = payload, row, rows
        names = [(field.name, field.is_param) for field in self._fields]
        if names == self._built:
            self._update()
        else:
            self._built = names
            self._rebuild()

    @work(group="fields", exclusive=True)
    async def _rebuild(self) -> None:
        had_focus = self.has_focus_within
        await self.remove_children()
        await self.mount(*map(FieldRow, self._fields))
        self._update()
        if had_focus:
            self.begin()

    def _update(self) -> None:
        for row, field in zip(self.query(FieldRow), self._fields, strict=False):
            row.update(field)

    def begin(self) -> None:
        """Put the cursor into the first field."""
        if fields := self.query(Field):
            fields.first().focus()

    @on(Input.Changed)
    def _edited(self, event: Input.Changed) -> None:
        event.stop()
        row = event.input.parent
        if self._payload and isinstance(row, FieldRow):
            signature = self._info.signature
            self._payload = fill_in(self._payload, row.field, self.row, event.value, signature)
            self.post_message(self.Edited(self._payload))

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Confirmed())

    def action_field(self, step: int) -> None:
        """Go to the next or the previous field."""
        fields = list(self.query(Field))
        at = next((n for n, field in enumerate(fields) if field.has_focus), 0)
        if 0 <= at + step < len(fields):
            fields[at + step].focus()

    def action_row(self, step: int) -> None:
        """Show the next or the previous row of the request."""
        if self._payload and 0 <= self.row + step < self.rows:
            self.row += step
            try:
                self.show(self._payload, self._info)
            except InvalidInput:
                self.row -= step
            self.post_message(self.Edited(self._payload))
