"""Typed fields, checked as they are typed."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Input, Label, Select, Static

from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.recipe import Parameter, Value, parse_fields, to_text
from mlops_tui.tui.widgets.field import Field
from mlops_tui.tui.widgets.first_completion import Completer, FirstCompletion

Values = dict[str, Value | None]
Reasons = dict[str, str]

TRUTHS = ("true", "false")
WIDEST_NAME = 24


class ParameterForm(Vertical):
    """One line per parameter: name, field, then its help, what it was, or why it is wrong.

    ``texts`` are what the fields hold at first; one that differs from ``original`` says so, with
    the ``word`` for what that is. ``check`` looks at right values together.
    ``completers``, by the name of a field, offer how what is typed may go on.
    """

    DEFAULT_CSS = """
    ParameterForm { height: auto; }
    ParameterForm .field { height: 1; }
    ParameterForm Label { width: 15; text-align: right; padding-right: 1; }
    ParameterForm Input, ParameterForm Select { width: 25; }
    ParameterForm .note { width: 1fr; height: 1; padding-left: 1; color: $text-muted; }
    ParameterForm .note.-changed { color: $text-warning; }
    ParameterForm #explained { height: auto; min-height: 1; margin-top: 1; }
    ParameterForm .note.-wrong { color: $text-error; text-style: bold; }
    """

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
        self._texts = {each.name: to_text(each.default) for each in parameters} | dict(texts or {})
        self._original = original
        self._word = word
        self._cross_check = check
        self.completers: Mapping[str, Completer] = {}

    def compose(self) -> ComposeResult:
        """Make the fields."""
        longest = max((len(each.name) for each in self.parameters), default=0)
        for parameter in self.parameters:
            yield from self._field(parameter, min(WIDEST_NAME, max(14, longest)) + 1)
        yield Static("", id="explained", markup=False)

    def _field(self, parameter: Parameter, width: int) -> ComposeResult:
        text = self._texts.get(parameter.name, "")
        with Horizontal(classes="field"):
            label = Label(one_line(parameter.name, 200), markup=False)
            label.styles.width = width
            yield label
            if choices := self._choices(parameter, text):
                offered = [(choice or "–", choice) for choice in choices]  # noqa: RUF001 - none
                yield Select(
                    offered, value=text, allow_blank=False, compact=True, name=parameter.name
                )
            else:
                completer = self.completers.get(parameter.name)
                suggester = FirstCompletion(completer) if completer else None
                yield Field(
                    text,
                    compact=True,
                    name=parameter.name,
                    suggester=suggester,
                    password=parameter.is_secret,
                )
            yield Static(parameter.help, classes="note", name=parameter.name, markup=False)

    @staticmethod
    def _choices(parameter: Parameter, text: str) -> list[str]:
        """Return what can be chosen, nothing where it is typed."""
        choices = TRUTHS if parameter.type is bool else parameter.choices
        if not choices or parameter.many:
            return []
        empty = [""] if parameter.optional and (parameter.default is None or not text) else []
        others = [text] if text and text not in choices else []
        return [*empty, *others, *choices] if text or parameter.optional else ["", *choices]

    def on_mount(self) -> None:
        """Say what differs from the first."""
        self._say()

    def on_descendant_focus(self) -> None:
        """Say all that is known of the field that has the keys."""
        self._explain()

    def on_descendant_blur(self) -> None:
        """Say no more of a field that the keys have left."""
        self._explain()

    @property
    def texts(self) -> dict[str, str]:
        """What the fields hold, by name."""
        found = {field.name or "": field.value for field in self.query(Input)}
        return found | {choice.name or "": str(choice.value) for choice in self.query(Select)}

    def values(self) -> tuple[Values, Reasons]:
        """Return the values with the reasons of the wrong fields, both by name."""
        values, reasons = parse_fields(self.parameters, self.texts)
        if not reasons:
            reasons.update(self._cross_check(values))
        return values, reasons

    def focus_field(self, name: str) -> None:
        """Put the cursor where something is wrong."""
        for field in (*self.query(Input), *self.query(Select)):
            if field.name == name:
                field.focus()

    @on(Input.Changed)
    @on(Select.Changed)
    def _changed(self, event: Message) -> None:
        event.stop()
        self._say()
        self.post_message(self.Edited())

    def _say(self) -> None:
        _, reasons = self.values()
        texts = self.texts
        for parameter, note in zip(self.parameters, self._notes(), strict=False):
            name = parameter.name
            reason, change = reasons.get(name, ""), self._change(parameter, texts.get(name, ""))
            note.update(f"✗ {reason}" if reason else change or one_line(parameter.help, 200))
            note.set_class(bool(reason), "-wrong")
            note.set_class(bool(change and not reason), "-changed")
        self._explain()

    def _notes(self) -> Iterable[Static]:
        return self.query(".note").results(Static)

    def _change(self, parameter: Parameter, text: str) -> str:
        """Return how a field differs from the original, nothing where it does not."""
        if self._original is None:
            return ""
        before = self._original.get(parameter.name, "")
        if before == text.strip() or (not before and self._word == "default"):
            return ""
        return f"≠ {self._word} {one_line(before, 60) or 'empty'}"

    def _explain(self) -> None:
        focused = self.screen.focused
        name = focused.name if focused is not None and focused in self.query("*") else None
        _, reasons = self.values()
        text = ""
        for parameter in self.parameters:
            if parameter.name == name:
                reason = f"✗ {reasons[name]}" if reasons.get(name) else parameter.help
                change = self._change(parameter, self.texts.get(name, ""))
                said = "; ".join(filter(None, (reason, change)))
                text = one_line(f"{name}: {said}" if said else "", 300)
        for line in self.query("#explained").results(Static):
            line.update(text)

    @on(Input.Submitted)
    def _submit(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Submitted())
