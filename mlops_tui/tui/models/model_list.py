"""The registered models, as rows of a table."""

from collections.abc import Callable, Iterable, Mapping

from rich.text import Text

from mlops_tui.domain.gate.standing import standing_of_newest
from mlops_tui.domain.matching import finder, searchable
from mlops_tui.domain.models.model import RegisteredModel
from mlops_tui.domain.models.stage import Stage
from mlops_tui.domain.shortening import NamesAlike
from mlops_tui.domain.tags import own_tags
from mlops_tui.domain.versions.model_strings import model_strings
from mlops_tui.tui.kit.formatting import age, plain, status_cell
from mlops_tui.tui.kit.table import Column

NAME = Column("name", "Model", 21, grow=True)
COLUMNS = (
    Column("newest", "Newest", 6),
    Column("production", "Production", 10),
    Column("staging", "Staging", 7),
    Column("gate", "Gate", 12),
    Column("changed", "Changed", 7, "right"),
    Column("aliases", "Aliases", 11, grow=True),
    Column("description", "Description", 20, grow=True),
    Column("tags", "Tags", 20, grow=True),
)

SORTED_BY: Mapping[str, Callable[[RegisteredModel], str | float]] = {
    "name": lambda model: model.name.casefold(),
    "newest": lambda model: _number(model.newest),
    "production": lambda model: _number(model.latest.get(Stage.PRODUCTION)),
    "staging": lambda model: _number(model.latest.get(Stage.STAGING)),
    "gate": standing_of_newest,
    "changed": lambda model: float(model.updated_at or 0),
    "aliases": lambda model: _aliases(model).casefold(),
    "description": lambda model: model.description.casefold(),
    "tags": lambda model: _tags(model).casefold(),
}
"""What models are sorted by, by column."""

GREATEST_FIRST = {"newest", "production", "staging", "changed"}
"""Columns whose greatest values come first when they are chosen."""


class ModelList:
    """The models by name, those that pass the filter in the chosen order."""

    def __init__(self) -> None:
        self.models: Mapping[str, RegisteredModel] = {}
        self.words = ""
        """The filter."""
        self.order: tuple[str, bool] = ("name", False)
        """The column that is sorted by, and whether the greatest comes first."""
        self.next_token = ""
        """What asks for the next page, empty when all were read."""
        self._searched: dict[str, tuple[RegisteredModel, str]] = {}
        self._names = NamesAlike(())

    def __contains__(self, name: str) -> bool:
        return name in self.models

    def confirm(self, models: Iterable[RegisteredModel]) -> None:
        """Hold the models as the server knows them, in place of all that were known."""
        self.models = {model.name: model for model in models}
        self._names = NamesAlike(self.models)
        before, self._searched = self._searched, {}
        for name, model in self.models.items():
            known = before.get(name)
            is_same = known is not None and known[0] == model
            self._searched[name] = (
                known if known and is_same else (model, searchable(model_strings(model)))
            )

    def update(self, changed: Iterable[RegisteredModel]) -> None:
        """Hold what has changed."""
        models = {**self.models, **{model.name: model for model in changed}}
        self.confirm(models[name] for name in sorted(models))

    def sort_by(self, column: str) -> None:
        """Sort by a column; by that which is sorted by already, the other way round."""
        is_again = column == self.order[0]
        self.order = (column, not self.order[1] if is_again else column in GREATEST_FIRST)

    def shown(self) -> list[str]:
        """Return the names that pass the filter, in their order; what has nothing comes last."""
        passes, (column, descending) = finder(self.words), self.order
        names = [name for name, (_, text) in self._searched.items() if passes(text)]
        if self.order == ("name", False):
            return names
        value = SORTED_BY[column]
        names.sort(key=lambda name: value(self.models[name]), reverse=descending)
        return sorted(names, key=lambda name: not value(self.models[name]))

    def columns(self, shown: int) -> tuple[Column, ...]:
        """Return the columns; the title of the first says how many models are shown."""
        total = f"{len(self.models):,}{'+' * bool(self.next_token)}"
        count = f"{shown:,}/{total}" if self.words else total
        return (Column(NAME.key, f"Models ({count})", NAME.width, grow=True), *COLUMNS)

    def cell(self, name: str, column: str, width: int) -> Text:
        """Return what stands in a cell."""
        if column == NAME.key:
            return Text(self._names.shortened(name, width))
        return CELLS[column](self.models[name])


def _version(number: str | None) -> Text:
    return Text(f"v{number}" if number else "")


def _number(version: str | None) -> int:
    return int(version) if version else 0


def _aliases(model: RegisteredModel) -> str:
    return " ".join(f"@{alias}=v{version}" for alias, version in sorted(model.aliases.items()))


def _tags(model: RegisteredModel) -> str:
    return ", ".join(f"{key}={value}" for key, value in sorted(own_tags(model.tags).items()))


CELLS: Mapping[str, Callable[[RegisteredModel], Text]] = {
    "newest": lambda model: _version(model.newest),
    "production": lambda model: _version(model.latest.get(Stage.PRODUCTION)),
    "staging": lambda model: _version(model.latest.get(Stage.STAGING)),
    "gate": lambda model: status_cell(standing_of_newest(model)),
    "changed": lambda model: Text(age(model.updated_at) if model.updated_at else ""),
    "aliases": lambda model: plain(_aliases(model)),
    "description": lambda model: plain(model.description),
    "tags": lambda model: plain(_tags(model)),
}
"""What stands in a cell, by column."""
