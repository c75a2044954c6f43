"""The fields of a dataclass with those of the dataclasses within it."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from mlops_tui.domain.jobs.cli_reading.literal import UNKNOWN, Names, keywords, last_name
from mlops_tui.domain.jobs.cli_reading.variables import EMPTY, Variable, of_dataclass, of_function

LONGEST_PATH = 6
"""Dataclasses within dataclasses that are followed."""

CHOOSERS = ("subgroups", "subparsers")
"""By them one of several dataclasses is chosen, with flags of its own."""

Given = Mapping[str, ast.expr]


@dataclass(frozen=True, slots=True)
class Leaf:
    """A field that holds a value; ``path`` are the names that lead to it, its own last."""

    path: tuple[str, ...]
    variable: Variable


@dataclass
class Fields:
    """What was found of some dataclasses; ``unread`` are those that no field stands for."""

    names: Names
    leaves: list[Leaf] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)

    def add(self, name: str, path: tuple[str, ...] = (), default: ast.expr | None = None) -> None:
        """Add the fields of a dataclass, or the parameters of a function.

        ``default`` is how the program makes the instance that the defaults are taken from.
        """
        given, is_known = _given(default, name)
        for variable in self._variables(name):
            node = given.get(variable.name)
            if node is not None:
                variable = replace(variable, node=node, default=self.names.value(node))  # noqa: PLW2901 - the same, with its default
            elif not is_known and default is not None:
                variable = replace(variable, node=default, default=UNKNOWN)  # noqa: PLW2901 - as above
            self._put(variable, (*path, variable.name))

    def _put(self, variable: Variable, path: tuple[str, ...]) -> None:
        annotation = variable.annotation
        is_inner = self.is_dataclass(annotation.name)
        is_choice = any(map(self.is_dataclass, annotation.names))
        maker = last_name(variable.call)
        if (
            is_choice
            or maker in CHOOSERS
            or (is_inner and (annotation.optional or annotation.many))
        ):
            self.unread.append(".".join(path))
        elif is_inner and len(path) <= LONGEST_PATH:
            made = variable.call if maker == "mutable_field" else variable.node
            self.add(annotation.name, path, made)
        else:
            self.leaves.append(Leaf(path, variable))

    def is_dataclass(self, name: str) -> bool:
        """Return whether a name of the program is that of a dataclass."""
        found = self.names.classes.get(name)
        return found is not None and any(last_name(d) == "dataclass" for d in found.decorator_list)

    def _variables(self, name: str) -> Iterator[Variable]:
        if name in self.names.classes:
            return of_dataclass(name, self.names)
        if name in self.names.functions:
            return of_function(self.names.functions[name], self.names)
        return iter(())


def _given(node: ast.expr | None, name: str) -> tuple[Given, bool]:
    """Return the values that an instance is made with, then whether that is all there is to it."""
    if isinstance(node, ast.Call) and last_name(node).lower().endswith("field"):
        told = keywords(node)
        if last_name(node) == "mutable_field":
            first = node.args[0] if node.args else None
            own = {key: value for key, value in told.items() if key not in ("init", "repr")}
            return own, last_name(first) == name
        node = told.get("default_factory") or told.get("default")
    if isinstance(node, ast.Lambda):
        node = node.body
    if node is None or (not isinstance(node, ast.Call) and last_name(node) == name):
        return {}, True
    if isinstance(node, ast.Call) and last_name(node) == name and not node.args:
        return keywords(node), all(each.arg for each in node.keywords)
    return {}, False


def default_of(variable: Variable, *, by_name: bool = False) -> object:
    """Return a default as it is written: a member of an enumeration by its name, or its value."""
    default = variable.default
    if default is EMPTY:
        return None
    members = variable.annotation.members
    if not members:
        return default
    name = last_name(variable.node) if isinstance(variable.node, ast.Attribute) else ""
    named = dict(members)
    if by_name:
        return name if name in named else next((n for n, v in members if v == default), default)
    return named.get(name, default)
