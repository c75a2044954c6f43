"""Typed fields, checked as they are typed."""

from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Input, Label, Select, Static

from mlops_tui.domain.recipe import Parameter, Recipe, Value, parse_all
from mlops_tui.tui.widgets.field import Field


class ParameterForm(Vertical):
    """One line per parameter: name, field, then its help or the reason why it is wrong."""

    DEFAULT_CSS = """
    ParameterForm { height: auto; }
    ParameterForm .field { height: 1; }
    ParameterForm Label { width: 15; text-align: right; padding-right: 1; }
    ParameterForm Input, ParameterForm Select { width: 25; }
    ParameterForm .note { width: 1fr; height: 1; padding-left: 1; color: $text-muted; }
    ParameterForm #explained { height: auto; min-height: 1; margin-top: 1; }
    ParameterForm .note.-wrong { color: $text-error; text-style: bold; }
    """

    @dataclass
    class Submitted(Message):
        """The person pressed enter in a field."""

    def __init__(self, recipe: Recipe) -> None:
        super().__init__()
        self.recipe = recipe

    def compose(self) -> ComposeResult:
        """Make the fields."""
        for parameter in self.recipe.parameters:
            yield from self._field(parameter)
        yield Static("", id="explained", markup=False)

    @staticmethod
    def _field(parameter: Parameter) -> ComposeResult:
        text = "" if parameter.optional and parameter.default == "" else str(parameter.default)
        with Horizontal(classes="field"):
            yield Label(parameter.name, markup=False)
            if parameter.choices:
                choices = [(choice, choice) for choice in parameter.choices]
                yield Select(
                    choices, value=text, allow_blank=False, compact=True, name=parameter.name
                )
            else:
                yield Field(text, compact=True, name=parameter.name)
            yield Static(parameter.help, classes="note", name=parameter.name, markup=False)

    def on_descendant_focus(self) -> None:
        """Say all that is known of the field that has the keys."""
        self._explain()

    async def show(self, recipe: Recipe) -> None:
        """Show another recipe's fields."""
        self.recipe = recipe
        await self.recompose()

    def values(self) -> tuple[dict[str, Value | None], dict[str, str]]:
        """Return the values with the reasons of the wrong fields, both by name."""
        texts = {field.name or "": field.value for field in self.query(Input)}
        texts |= {choice.name or "": str(choice.value) for choice in self.query(Select)}
        return parse_all(self.recipe, texts)

    def focus_field(self, name: str) -> None:
        """Put the cursor where something is wrong."""
        for field in (*self.query(Input), *self.query(Select)):
            if field.name == name:
                field.focus()

    @on(Input.Changed)
    @on(Select.Changed)
    def _check(self, event: Message) -> None:
        event.stop()
        _, reasons = self.values()
        for parameter in self.recipe.parameters:
            reason = reasons.get(parameter.name, "")
            for note in self.query(Static).filter(".note"):
                if note.name == parameter.name:
                    note.update(f"✗ {reason}" if reason else parameter.help)
                    note.set_class(bool(reason), "-wrong")
        self._explain()

    def _explain(self) -> None:
        focused = self.screen.focused
        name = focused.name if focused else None
        _, reasons = self.values()
        for parameter in self.recipe.parameters:
            if parameter.name == name:
                reason = reasons.get(name, "")
                text = f"{name}: ✗ {reason}" if reason else f"{name}: {parameter.help}"
                for line in self.query("#explained").results(Static):
                    line.update(text)

    @on(Input.Submitted)
    def _submit(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Submitted())
