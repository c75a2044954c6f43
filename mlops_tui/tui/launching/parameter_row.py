"""One parameter of a form: its name, its field, what is to be said of it."""

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Input, Label, Select, Static

from mlops_tui.domain.jobs.recipe import Parameter
from mlops_tui.domain.plain_text import one_line
from mlops_tui.tui.kit.field import Field
from mlops_tui.tui.kit.first_completion import Completer, FirstCompletion

BOOLEANS = ("true", "false")


class ParameterRow(Horizontal):
    """A line with a field that is typed into, or a choice where all that is allowed is known."""

    DEFAULT_CSS = """
    ParameterRow {
        height: 1;
        Label { text-align: right; padding-right: 1; }
        Input, Select { width: 25; }
        .note { width: 1fr; height: 1; padding-left: 1; color: $text-muted; }
        .note { text-wrap: nowrap; text-overflow: ellipsis; }
        .note.-changed { color: $text-warning; }
        .note.-wrong { color: $text-error; text-style: bold; }
    }
    """

    def __init__(self, parameter: Parameter, text: str, width: int) -> None:
        super().__init__()
        self.parameter = parameter
        self._first = text
        self._width = width
        self._field = self._made(text)
        self._note = Static(parameter.help, classes="note", markup=False)
        self._said = (parameter.help, "")

    def compose(self) -> ComposeResult:
        """Put name, field, remark beside each other."""
        label = Label(one_line(self.parameter.name, 200), markup=False)
        label.styles.width = self._width
        yield label
        yield self._field
        yield self._note

    def _made(self, text: str) -> Input | Select[str]:
        name = self.parameter.name
        choices = _choices(self.parameter, text)
        if not choices:
            return Field(text, compact=True, name=name, password=self.parameter.is_secret)
        offered = [(choice or "–", choice) for choice in choices]
        return Select(offered, value=text, allow_blank=False, compact=True, name=name)

    def complete_with(self, completer: Completer) -> None:
        """Offer how what is typed may go on."""
        if isinstance(self._field, Input):
            self._field.suggester = FirstCompletion(completer)

    @property
    def text(self) -> str:
        """What the field holds."""
        value = self._field.value
        return value if isinstance(value, str) else self._first

    def focus_field(self) -> None:
        """Take the keys."""
        self._field.focus()

    def say(self, text: str, looks: str) -> None:
        """Show a remark; it looks ``-wrong``, ``-changed``, or like none of both."""
        if self._said != (text, looks):
            self._said = (text, looks)
            self._note.update(text, layout=False)
            self._note.set_class(looks == "-wrong", "-wrong")
            self._note.set_class(looks == "-changed", "-changed")


def _choices(parameter: Parameter, text: str) -> list[str]:
    """Return what can be chosen, nothing where it is typed."""
    choices = parameter.choices or (BOOLEANS if parameter.type is bool else ())
    if choices:
        choices = tuple(dict.fromkeys((*choices, *parameter.constants)))
    if not choices or parameter.many:
        return []
    empty = [""] if parameter.optional and (parameter.default is None or not text) else []
    others = [text] if text and text not in choices else []
    return [*empty, *others, *choices] if text or parameter.optional else ["", *choices]
