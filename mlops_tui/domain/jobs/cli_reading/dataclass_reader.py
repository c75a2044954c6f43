"""The arguments of a program that makes them of a dataclass."""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mlops_tui.domain.jobs.argument import Argument, CommandLine, unique
from mlops_tui.domain.jobs.cli_reading.annotation import UNREAD
from mlops_tui.domain.jobs.cli_reading.dataclass_fields import Fields, Leaf, default_of
from mlops_tui.domain.jobs.cli_reading.field import field
from mlops_tui.domain.jobs.cli_reading.literal import Names, default_text, imported_from, last_name
from mlops_tui.domain.jobs.cli_reading.unparsed_args import left_out
from mlops_tui.domain.jobs.cli_reading.variables import EMPTY
from mlops_tui.domain.jobs.dialect import Dialect

ARGPARSE = Dialect(ties_short=True)


@dataclass(frozen=True, slots=True)
class Style:
    """How a library writes the flag of a field, a truth, a member of an enumeration.

    ``none`` is what is typed for None where the type allows it.
    """

    source: str
    dashes: bool = False
    is_switch: bool = False
    by_name: bool = False
    none: str = ""
    spelled: tuple[str, str] = ("true", "false")


HUGGING_FACE = Style("HfArgumentParser")
HUGGING_FACE_PARSERS = ("HfArgumentParser", "TrlParser")
TYRO = Style(
    "tyro", dashes=True, is_switch=True, by_name=True, none="None", spelled=("True", "False")
)
TYRO_OWN = ("prog", "description", "return_unknown_args", "console_outputs", "f", "default", "args")
"""Options of ``tyro.cli`` that change no flag."""

CLASSES = ("dataclass_types", "f")
"""What the libraries call the argument that is the dataclass."""


def read(tree: ast.Module) -> CommandLine | None:
    """Return the arguments, None where none of the libraries is called with a dataclass."""
    names = Names(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (style := _style(node, tree)):
            told = list(_told(node, tree))
            line = _line(node, told, style, names)
            if line.arguments or line.has_more:
                return line
    return None


def _line(call: ast.Call, told: Sequence[str], style: Style, names: Names) -> CommandLine:
    odd = [each.arg or "**" for each in call.keywords if style is TYRO and each.arg not in TYRO_OWN]
    if odd:
        note = f"Its {odd[0]} for {style.source} is not read."
        return CommandLine((), style.source, note, has_more=True)
    default = next((each.value for each in call.keywords if each.arg == "default"), None)
    fields = Fields(names)
    for name in told:
        if style is TYRO or name in names.classes:
            fields.add(name, (), default)
    unread = [name for name in told if name not in (*names.classes, *names.functions)]
    found = unique(filter(None, (_argument(leaf, style) for leaf in fields.leaves)))
    known = {each.parameter.name for each in found}
    left = [name for leaf in fields.leaves if (name := ".".join(leaf.path)) not in known]
    notes = (_unread(unread), left_out([*left, *fields.unread]))
    return CommandLine(
        found, style.source, " ".join(filter(None, notes)), has_more=bool(unread or fields.unread)
    )


def _unread(classes: Sequence[str]) -> str:
    names = ", ".join(classes)
    return f"The fields of {names} are not in its text." if names else ""


def _style(call: ast.Call, tree: ast.Module) -> Style | None:
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name) if name in HUGGING_FACE_PARSERS:
            return HUGGING_FACE
        case ast.Attribute(value=ast.Name(id="tyro"), attr="cli"):
            return TYRO
        case ast.Name(id=name) if imported_from(tree, "tyro").get(name) == "cli":
            return TYRO
    return None


def _told(call: ast.Call, tree: ast.Module) -> Iterator[str]:
    """Return the names of the dataclasses that a call is given."""
    for node in (*call.args[:1], *(each.value for each in call.keywords if each.arg in CLASSES)):
        listed = _assigned(node.id, tree) if isinstance(node, ast.Name) else node
        for each in listed.elts if isinstance(listed, ast.Tuple | ast.List) else [node]:
            if name := last_name(each):
                yield name


def _assigned(name: str, tree: ast.Module) -> ast.expr | None:
    """Return the value of a name, wherever the program assigns it."""
    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=[ast.Name(id=known)], value=value) if known == name:
                return value
    return None


def _argument(leaf: Leaf, style: Style) -> Argument | None:
    """Return the argument of a field, None where none stands for its type."""
    variable, annotation = leaf.variable, leaf.variable.annotation
    if annotation.name == UNREAD:
        return None
    names = tuple(name for name, _ in annotation.members)
    default = default_of(variable, by_name=style.by_name)
    if annotation.choices and isinstance(default, str | int | float):
        default = str(default)
    name = ".".join(leaf.path)
    is_optional = annotation.optional and style.none and variable.default not in (None, EMPTY)
    parameter = field(
        name,
        annotation.kind,
        default,
        help=variable.help,
        shown=default_text(variable.node),
        required=variable.default is EMPTY,
        choices=names if names and style.by_name else annotation.choices,
        many=annotation.many,
        count=annotation.count,
        constants=[style.none] if is_optional else [],
    )
    flag = f"--{name.replace('_', '-') if style.dashes else name}"
    if annotation.kind is not bool or annotation.many:
        spelled = style.spelled if annotation.kind is bool else None
        return Argument(parameter, flag, spelled=spelled, dialect=ARGPARSE)
    is_plain = variable.default is not EMPTY and not annotation.optional
    if not style.is_switch or not is_plain:
        return Argument(parameter, flag, spelled=style.spelled)
    head, _, last = flag.removeprefix("--").rpartition(".")
    return Argument(parameter, flag, f"--{head}.no-{last}" if head else f"--no-{last}")
