"""The arguments of a program, from what it prints when it is asked with ``--help``."""

import ast
import re
from contextlib import suppress
from dataclasses import replace

from mlops_tui.domain.jobs.argument import Argument, CommandLine, unique
from mlops_tui.domain.jobs.cli_reading.field import field
from mlops_tui.domain.jobs.cli_reading.usage import unread_usage
from mlops_tui.domain.jobs.recipe import Value
from mlops_tui.domain.plain_text import ESCAPES

FRAME = re.compile("[\u2500-\u257f]+")
"""The boxes that typer and tyro draw."""

PLACE = re.compile(r"^(\s{1,8}\*?\s*)([A-Z][A-Z0-9_.\-]*) +(--[\w.\-]+)(.*)$")
"""cyclopts gives what can be told by its place or by a flag on one line."""

OPTION = re.compile(r"^\s{1,8}\*?\s*(?P<flags>-{1,2}\w[^\n]*?)(?:\s{2,}(?P<help>\S.*))?$")
FLAG = re.compile(r"--?[A-Za-z][\w.\-]*")
CHOICES = re.compile(r"[{\[(]([\w\-][\w.\-]*(?:[,|][\w\-][\w.\-]*)+)[}\])]")
DEFAULT = re.compile(
    r"[\[(](?:type: [^,]+, )?default:\s*(?P<value>[^\])]*?)(?:[;,]\s*required)?[\])]",
    re.IGNORECASE,
)
TYPE = re.compile(r"\((?:required, )?type: (\w+)(?: \| null)?[,)]")
"""As jsonargparse names it, and with it Lightning's command line."""
TAP = re.compile(r"\((?P<type>[\w\[\], .|]+), (?:required|default=(?P<value>.*?))\)(?: |$)")
"""How typed-argument-parser ends, or begins, each help."""
MORE = re.compile(
    r"^(?P<flags>-{1,2}\w[\w.\-]*|[A-Z][A-Z_]+|[{<]\S+|\[\w+\|\S+\])(?:\s{2,}(?P<help>\S.*))?$"
)
"""Further columns of flags, then of types, before the help."""
POSITIONAL = re.compile(r"^\s{1,4}(?P<name>[A-Za-z_]\w*|\{\S+\})(?:\s{2,}(?P<help>\S.*))?$")
HEADING = re.compile(r"^\s{0,2}(?P<title>[A-Za-z][\w ]*?):?\s*$")

COMMANDS = re.compile(r"\{([\w\-,]+)\} \.\.\.")
"""How the usage line of argparse names sub-commands."""
COMMAND = re.compile(r"^\s{1,6}(?:• )?(?P<name>[a-z][\w\-]*)(?:\s{2,}\S.*)?$")
COMMAND_TITLES = ("commands", "subcommands", "available subcommands")

UPDATES = re.compile(r"\(with UPDATE")
"""How sacred says that values of its configuration are set."""
WITH = "Values go as with name=value into the free arguments."
PLACES = ("COMMAND", "UPDATE")

KINDS: dict[str, type[Value]] = {
    "INTEGER": int,
    "INT": int,
    "FLOAT": float,
    "int": int,
    "float": float,
    "bool": bool,
}
SOURCE = "--help"
NOTHING = ("None", "null", "", "==SUPPRESS==")
OWN = ("--help", "--version", "--install-completion", "--show-completion")

LONGEST = 200_000
"""Characters that are read."""


def read_help(text: str) -> CommandLine:
    """Return the arguments; types only where the text names them, else anything is taken."""
    found: list[Argument] = []
    section = ""
    plain = ESCAPES.sub("", text[:LONGEST])
    usage = COMMANDS.search(" ".join(plain.split()))
    commands = usage[1].split(",") if usage else []
    updates = UPDATES.search(plain)
    runs_alone = updates is not None
    for told in _logical_lines(plain):
        line = PLACE.sub(r"\1\3 \2\4", told)
        option = OPTION.match(line)
        if option and (argument := _option(*_columns(option["flags"], option["help"] or ""))):
            found.append(argument)
            runs_alone = runs_alone or section == "parameters"
        elif option is None and "arguments" in section and (named := POSITIONAL.match(line)):
            name, _, rest = named["name"].partition(" ")
            required = "required" in (named["help"] or "") or section.startswith("positional")
            help_ = named["help"] or rest
            is_other = name.startswith("{") or name in (*commands, *PLACES)
            if not is_other and not updates:
                found.append(Argument(field(name.lower(), str, help=help_, required=required)))
        elif not usage and section in COMMAND_TITLES and (command := COMMAND.match(line)):
            commands.append(command["name"])
        elif heading := HEADING.match(line):
            section = heading["title"].lower()
    inner = {name: CommandLine() for name in commands}
    note = WITH if updates else unread_usage(plain, [a.parameter.name for a in found], commands)
    source = SOURCE if found or inner or note else ""
    return CommandLine(
        unique(found), source, note, bool(note), inner, runs_alone=runs_alone and bool(inner)
    )


def as_read(told: CommandLine, read: CommandLine) -> CommandLine:
    """Return the arguments of an answer, as the program's text has them where it does.

    The text knows types; the answer knows what there is.
    """
    known = {
        (each.depth, each.flag or each.off_flag or each.parameter.name): each
        for each in read.arguments
    }
    arguments = tuple(
        known.get((each.depth, each.flag or each.parameter.name), each) for each in told.arguments
    )
    return replace(told, arguments=arguments)


def _logical_lines(text: str) -> list[str]:
    """Return the lines without frames, what is continued on the next one put together."""
    lines: list[str] = []
    for raw in text.splitlines():
        line = FRAME.sub(" ", raw).rstrip()
        indent = len(line) - len(line.lstrip())
        continues = indent >= 10 and lines and OPTION.match(lines[-1])  # noqa: PLR2004 - deep
        if continues and not line.lstrip().startswith("-"):
            gap = " " if "  " in lines[-1].strip() else "  "
            lines[-1] += gap + line.strip()
        else:
            lines.append(line)
    return lines


def _columns(flags: str, help_: str) -> tuple[str, str]:
    """Return the flags with what belongs to them, then the help."""
    while more := MORE.match(help_):
        flags, help_ = f"{flags} {more['flags']}", more["help"] or ""
    return flags, help_


def _option(flags: str, help_: str) -> Argument | None:
    names = FLAG.findall(CHOICES.sub("", flags))
    longer = [name for name in names if name.startswith("--")] or names
    if not longer or longer[0] in OWN:
        return None
    off = next((n for n in longer[1:] if n.startswith("--no")), "")
    flag = longer[0]
    metavar = CHOICES.sub(" ", FLAG.sub(" ", flags)).replace(",", " ").replace("/", " ").split()
    options = CHOICES.search(flags) or (CHOICES.search(help_) if "CHOICE" in metavar else None)
    name = flag.lstrip("-").replace("-", "_")
    default = DEFAULT.search(help_)
    shown = default["value"].strip() if default else None
    told = TYPE.search(help_)
    if tap := TAP.search(help_):
        return _typed_option(name, flag, tap, help_, is_switch=not metavar)
    kinds = [KINDS[word] for word in (*metavar, told[1] if told else "") if word in KINDS]
    if off or not (metavar or options):
        state = shown == "True" or (off != "" and shown == flag.lstrip("-"))
        return Argument(field(name, bool, default=state, help=help_), flag, off)
    kind = next(iter(kinds), str)
    several = any("..." in word for word in metavar)
    state = shown.lower() == "true" if shown and kind is bool else None
    parameter = field(
        name,
        kind,
        state if kind is bool else None if shown in NOTHING or several else shown,
        help=help_,
        required="required" in help_.lower(),
        choices=re.split(r"[,|]", options[1]) if options and kind is not bool else (),
        many=several,
    )
    return Argument(parameter, flag, spelled=("true", "false") if kind is bool else None)


def _typed_option(
    name: str, flag: str, told: re.Match[str], help_: str, *, is_switch: bool
) -> Argument:
    """Return an option of typed-argument-parser, whose help ends with type and default."""
    inner = re.fullmatch(r"(?:list|List|tuple|Tuple|set|Set)\[(\w+).*\]", told["type"])
    kind = KINDS.get(inner[1] if inner else told["type"], str)
    value: object = None if told["value"] in NOTHING else told["value"]
    if inner and value:
        with suppress(ValueError, SyntaxError, RecursionError, MemoryError):
            value = ast.literal_eval(str(value))
    parameter = field(
        name, kind, value, help=help_, required=told["value"] is None, many=bool(inner)
    )
    if kind is bool and is_switch:
        # The flag turns what is on off, too.
        return Argument(parameter, *(("", flag) if parameter.default is True else (flag,)))
    return Argument(parameter, flag, spelled=("true", "false") if kind is bool else None)
