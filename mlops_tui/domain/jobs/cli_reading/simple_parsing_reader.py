"""The arguments of a program that makes them of dataclasses with ``simple_parsing``."""

import ast
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from mlops_tui.domain.jobs.argument import Argument, CommandLine
from mlops_tui.domain.jobs.cli_reading import argparse_reader
from mlops_tui.domain.jobs.cli_reading.annotation import UNREAD
from mlops_tui.domain.jobs.cli_reading.choices import listed
from mlops_tui.domain.jobs.cli_reading.dataclass_fields import Fields, Leaf, default_of
from mlops_tui.domain.jobs.cli_reading.field import field as form_field
from mlops_tui.domain.jobs.cli_reading.literal import (
    UNKNOWN,
    Names,
    default_text,
    imported_from,
    imports,
    keywords,
    last_name,
)
from mlops_tui.domain.jobs.cli_reading.unparsed_args import left_out
from mlops_tui.domain.jobs.cli_reading.variables import EMPTY, Variable
from mlops_tui.domain.jobs.dialect import Dialect

PACKAGE = "simple_parsing"
SOURCE = "simple-parsing"
OWN = ("config_class", "dest", "prefix", "default", "args", "prog", "description")
"""Options of ``parse`` that change no flag."""
OF_PARSER = ("prog", "description", "epilog", "usage", "formatter_class", "add_help")
PLAIN = ("default", "default_factory", "alias", "help", "init", "repr", "compare", "metadata")
"""Options of a field that leave its argument the same."""
MAKERS = ("field", "list_field", "mutable_field", "choice", "flag")

MOST_ROUNDS = 50


@dataclass
class _Flagged:
    """A field with what stands before its name in its flag."""

    leaf: Leaf
    prefix: str

    @property
    def flag(self) -> str:
        return f"{self.prefix}{self.leaf.path[-1]}"

    def deepen(self) -> bool:
        """Put one more of the names that lead to it before it; return whether there is one."""
        above, used = self.leaf.path[:-1], self.prefix.count(".")
        if used >= len(above):
            return False
        self.prefix = f"{above[len(above) - 1 - used]}.{self.prefix}"
        return True


@dataclass
class _Found:
    """The dataclasses that a program hands to the library."""

    fields: list[_Flagged] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read(tree: ast.Module) -> CommandLine | None:
    """Return the arguments, None where the library is given no dataclass."""
    if not imports(tree, PACKAGE):
        return None
    names, found = Names(tree), _Found()
    known = imported_from(tree, PACKAGE)
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    for call in calls:
        word = _word(call, known)
        if word in ("parse", "add_arguments"):
            _add(call, names, found, is_parse=word == "parse")
        elif word.endswith("ArgumentParser"):
            odd = [each.arg for each in call.keywords if each.arg not in OF_PARSER]
            found.notes += [f"Its {each} for {SOURCE} is not read." for each in odd]
    if not (found.fields or found.unread or found.notes):
        return None
    if found.notes or not _settle(found.fields):
        note = " ".join(found.notes) or "Which flags its fields have is not known."
        return CommandLine((), SOURCE, note, has_more=True)
    return _line(found, names, argparse_reader.read_parsers(tree, names))


def _word(call: ast.Call, known: dict[str, str]) -> str:
    match call.func:
        case ast.Name(id=name):
            return known.get(name, "")
        case ast.Attribute(value=ast.Name(id=name), attr=attribute) if name == PACKAGE:
            return attribute
        case ast.Attribute(attr="add_arguments"):
            return "add_arguments"
    return ""


def _add(call: ast.Call, names: Names, found: _Found, *, is_parse: bool) -> None:
    """Take the fields of the dataclass that a call is given."""
    given = dict(keywords(call))
    for name, node in zip(("config_class" if is_parse else "dataclass", "dest"), call.args):  # noqa: B905 - what is not told is missing
        given.setdefault(name, node)
    odd = [name for name in given if name not in (*OWN, "dataclass")] if is_parse else []
    odd += ["**" for each in call.keywords if each.arg is None]
    found.notes += [f"Its {each} for {SOURCE} is not read." for each in odd]
    made = given.get("config_class") or given.get("dataclass")
    dest = names.value(given["dest"]) if "dest" in given else "config" if is_parse else UNKNOWN
    prefix = names.value(given["prefix"]) if "prefix" in given else ""
    if isinstance(made, ast.Call):
        given["default"] = made
    class_name = last_name(made)
    if class_name not in names.classes or not isinstance(dest, str) or not isinstance(prefix, str):
        found.notes.append(f"The fields of {class_name or 'its dataclass'} are not in its text.")
        return
    fields = Fields(names)
    fields.add(class_name, (dest,), given.get("default"))
    found.fields += [_Flagged(leaf, prefix) for leaf in fields.leaves]
    found.unread += [each.partition(".")[2] for each in fields.unread]


def _settle(fields: Sequence[_Flagged]) -> bool:
    """Tell apart fields of one name, as the library does; return whether that is possible."""
    for _ in range(MOST_ROUNDS):
        known: dict[str, list[_Flagged]] = {}
        for each in fields:
            known.setdefault(each.flag.replace("_", "-"), []).append(each)
        same = next((each for each in known.values() if len(each) > 1), None)
        if same is None:
            return True
        ordered = sorted(same, key=lambda each: len(each.leaf.path))
        if len(ordered[0].leaf.path) < len(ordered[1].leaf.path):
            ordered = ordered[1:]
        if not all(each.deepen() for each in ordered):
            return False
    return False


def _line(found: _Found, names: Names, others: CommandLine | None) -> CommandLine:
    arguments: list[Argument] = []
    left = list(found.unread)
    for each in found.fields:
        argument = _argument(each, names)
        if argument:
            arguments.append(argument)
        elif not _is_hidden(each.leaf.variable, names):
            left.append(f"--{each.flag}")
    notes = [left_out(left), others.note if others else ""]
    own = {each.parameter.name for each in arguments}
    more = [each for each in (others.arguments if others else ()) if each.parameter.name not in own]
    return CommandLine(
        (*arguments, *more),
        SOURCE,
        " ".join(filter(None, notes)),
        has_more=bool(found.unread) or (others is not None and others.has_more),
    )


def _is_hidden(variable: Variable, names: Names) -> bool:
    given = keywords(variable.call) if variable.call else {}
    return names.value(given.get("cmd")) is False


def _argument(flagged: _Flagged, names: Names) -> Argument | None:
    """Return the argument of a field, None for one that is none, or of a kind that is not read."""
    variable = flagged.leaf.variable
    if _is_hidden(variable, names) or not _is_plain(variable):
        return None
    word = last_name(variable.call) if variable.call else ""
    annotation, choices = variable.annotation, variable.annotation.choices
    if names_ := tuple(name for name, _ in annotation.members):
        choices = names_
    if word == "choice" and variable.call is not None:
        choices = _choices(variable.call, names)
        if not choices:
            return None
    if word in ("choice", "flag") and variable.call is not None:
        variable = _with_default(variable, variable.call, names, is_flag=word == "flag")
    default = default_of(variable, by_name=True)
    if choices and isinstance(default, str | int | float):
        default = str(default)
    is_needed = variable.default is EMPTY and not annotation.optional
    parameter = form_field(
        flagged.flag,
        str if choices else annotation.kind,
        default,
        help=variable.help,
        shown=default_text(variable.node),
        required=is_needed,
        choices=choices,
        many=annotation.many,
        count=annotation.count,
    )
    return Argument(
        parameter,
        f"--{flagged.flag}",
        spelled=("true", "false") if annotation.kind is bool else None,
        dialect=Dialect(ties_short=True),
    )


def _is_plain(variable: Variable) -> bool:
    """Return whether no option of a field makes another argument of it."""
    if variable.annotation.name in (UNREAD, "tuple"):
        return False
    if variable.call is None:
        return True
    word, told = last_name(variable.call), keywords(variable.call)
    if word not in MAKERS:
        return "field" not in word.lower()
    extra = ("negative_prefix", "negative_option") if word == "flag" else ()
    return word in ("list_field", "mutable_field") or set(told) <= {*PLAIN, *extra}


def _choices(call: ast.Call, names: Names) -> tuple[str, ...]:
    """Return what can be chosen, nothing where that is not spelled out."""
    if len(call.args) == 1:
        found = listed(call.args[0], names)
    else:
        found = tuple(map(names.value, call.args))
    return () if UNKNOWN in found else tuple(str(each) for each in found)


def _with_default(variable: Variable, call: ast.Call, names: Names, *, is_flag: bool) -> Variable:
    node = keywords(call).get("default") or (call.args[0] if is_flag and call.args else None)
    return replace(variable, node=node, default=EMPTY if node is None else names.value(node))
