"""Registering a model of a run."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from textual import on
from textual.events import Key
from textual.widget import Widget
from textual.widgets import Input, Label, Select

from mlops_tui.domain.models import model_equivalents
from mlops_tui.domain.models.model_name import model_name_problem
from mlops_tui.domain.runs.run import LoggedModel
from mlops_tui.domain.tags import parse_tags
from mlops_tui.tui.kit.dialog import Dialog
from mlops_tui.tui.kit.field import Field
from mlops_tui.tui.kit.formatting import plain
from mlops_tui.tui.kit.table import Column, Table


@dataclass(frozen=True, slots=True)
class Registration:
    """What is to be registered, under which name."""

    name: str
    model: LoggedModel
    description: str
    tags: dict[str, str]


class RegisterDialog(Dialog[Registration]):
    """Choose an existing name or type a new one; describe the version."""

    def __init__(self, run_name: str, models: Sequence[LoggedModel], names: Sequence[str]) -> None:
        super().__init__(f"Register a model of {run_name}")
        self._models = {model.uri: model for model in models}
        self._names = names

    def compose_body(self) -> Iterable[Widget]:
        """Ask for model, name, description, tags."""
        first = next(iter(self._models))
        yield Label("Model")
        choices = [(plain(f"{m.name}  {m.uri}"), uri) for uri, m in self._models.items()]
        yield Select(choices, value=first, allow_blank=False, compact=True, id="model")
        yield Label("Name: a new one, or one of those below (↓ then enter)")
        yield Field(placeholder="for example IrisClassifierRF", compact=True, id="name")
        yield Table(id="names")
        yield Label("Description of the version (optional)")
        yield Field(compact=True, id="description")
        yield Label("Tags of the version (optional): key=value, key=value")
        yield Field(compact=True, id="tags")

    def on_mount(self) -> None:
        """List the names that exist."""
        self._list_names("")
        self.query_one("#name").focus()

    def _list_names(self, typed: str) -> None:
        table = self.query_one("#names", Table)
        shown = [name for name in self._names if typed.casefold() in name.casefold()]
        table.say(
            "A new registered model will be created." if typed else "No registered models yet."
        )
        table.show(
            shown, lambda key, _column: plain(key), [Column("name", "Existing", 30, grow=True)]
        )

    @on(Input.Changed, "#name")
    def _name_changed(self, event: Input.Changed) -> None:
        self._list_names(event.value)
        self.refuse(model_name_problem(event.value) if event.value else "")

    @on(Table.Opened, "#names")
    def _name_chosen(self, event: Table.Opened) -> None:
        self.query_one("#name", Input).value = event.key
        self.query_one("#description").focus()

    def key_down(self, event: Key) -> None:
        """Go from the field to the first of the names, if any; the list is not to hear the key."""
        if self.focused is self.query_one("#name"):
            names = self.query_one("#names", Table)
            self.query_one("#names" if names.keys else "#description").focus()
            event.stop()

    @on(Input.Submitted)
    def _confirm(self) -> None:
        try:
            registration = self._registration()
        except ValueError as error:
            self.refuse(str(error))
            return
        self.dismiss(registration)

    def _registration(self) -> Registration:
        name = self.query_one("#name", Input).value.strip()
        if problem := model_name_problem(name):
            raise ValueError(problem)
        tags = parse_tags(self.query_one("#tags", Input).value)
        description = self.query_one("#description", Input).value.strip()
        return Registration(name, self._model(), description, tags)

    def _model(self) -> LoggedModel:
        return self._models[str(self.query_one("#model", Select).value)]

    def equivalent(self) -> str:
        """Return the call of MLflow that does the same."""
        try:
            wanted = self._registration()
        except ValueError:
            return ""
        return model_equivalents.register(
            uri=wanted.model.uri,
            name=wanted.name,
            description=wanted.description,
            tags=wanted.tags,
        )
