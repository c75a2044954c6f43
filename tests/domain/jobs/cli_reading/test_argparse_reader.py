import argparse

import pytest

from mlops_tui.domain.jobs.argument import CommandLine, command_words
from mlops_tui.domain.jobs.cli_reading import read_source
from mlops_tui.domain.jobs.recipe import Parameter, Value
from mlops_tui.domain.jobs.sub_command import command_names, with_command

PROGRAM = """
import argparse
from pathlib import Path

RATE = 1e-3

def str2bool(text): return text == "true"

def parser():
    p = argparse.ArgumentParser()
    p.add_argument("data", type=Path, help="where the rows are")
    p.add_argument("more", nargs="*")
    g = p.add_argument_group("training")
    g.add_argument("-l", "--learning-rate", type=float, default=RATE, help="rate (%(default)s)")
    g.add_argument("--epochs", type=int, default=2 * 5)
    g.add_argument("--name", required=True)
    g.add_argument("--optimizer", choices=["adam", "sgd"], default="adam")
    g.add_argument("--shuffle", action="store_true")
    g.add_argument("--no-cache", dest="cache", action="store_false")
    g.add_argument("--amp", action=argparse.BooleanOptionalAction, default=True)
    g.add_argument("--layers", type=int, nargs="+", default=[64, 32])
    g.add_argument("--tag", action="append")
    g.add_argument("--depth", type=int)
    g.add_argument("--out", default=str(Path.home()))
    g.add_argument("--fast", type=bool, default=True)
    g.add_argument("--slow", type=str2bool, default=False)
    g.add_argument("-v", action="count")
    p.add_argument("--version", action="version", version="1")
    return p

if __name__ == "__main__":
    print(vars(parser().parse_args()))
"""


def found(line: CommandLine, name: str) -> Parameter:
    return next(each for each in line.parameters if each.name == name)


def parsed(values: dict[str, Value | None], free: str = "") -> dict[str, object]:
    """Return what the program itself makes of the command line that is written for the values."""
    scope: dict[str, object] = {"__name__": "program"}
    exec(PROGRAM, scope)  # noqa: S102 - our own program
    parser = scope["parser"]()  # type: ignore[operator]
    assert isinstance(parser, argparse.ArgumentParser)
    return vars(
        parser.parse_args(list(command_words(read_source(PROGRAM).arguments, values, free)))
    )


def test_every_argument_has_its_field() -> None:
    line = read_source(PROGRAM)
    assert (line.source, line.note) == ("argparse", "Left to the free arguments: -v.")
    assert [p.name for p in line.parameters] == [
        *("data", "more", "learning_rate", "epochs", "name", "optimizer", "shuffle", "cache"),
        *("amp", "layers", "tag", "depth", "out", "fast", "slow"),
    ]


@pytest.mark.parametrize(
    ("name", "kind", "default", "optional"),
    [
        ("data", str, None, False),
        ("more", str, None, True),
        ("learning_rate", float, 0.001, True),
        ("epochs", int, 10, True),
        ("name", str, None, False),
        ("optimizer", str, "adam", True),
        ("shuffle", bool, False, True),
        ("cache", bool, True, True),
        ("amp", bool, True, True),
        ("layers", int, "64 32", True),
        ("depth", int, None, True),
        ("out", str, None, True),
        ("fast", bool, True, True),
    ],
)
def test_a_field_has_type_and_default(
    name: str, kind: type[Value], default: Value | None, optional: bool
) -> None:
    parameter = found(read_source(PROGRAM), name)
    assert (parameter.type, parameter.default, parameter.optional) == (kind, default, optional)


def test_help_names_the_default_where_it_is_known_and_how_it_is_spelled_where_not() -> None:
    line = read_source(PROGRAM)
    assert found(line, "learning_rate").help == "rate (0.001)"
    assert found(line, "out").help == "default: str(Path.home())"
    assert found(line, "data").help == "needed; where the rows are"


def test_the_program_reads_what_is_written_for_it() -> None:
    values: dict[str, Value | None] = {
        "data": "rows.csv",
        "more": "a 'b c'",
        "learning_rate": -0.5,
        "epochs": 3,
        "name": "-x",
        "optimizer": "sgd",
        "shuffle": True,
        "cache": False,
        "amp": False,
        "layers": "1 2 3",
        "tag": "a 'b c'",
        "depth": 4,
        "fast": False,
        "slow": True,
    }
    got = parsed(values, "-v -v")
    assert str(got.pop("data")) == "rows.csv"
    assert got.pop("out")
    assert got == {
        "more": ["a", "b c"],
        "learning_rate": -0.5,
        "epochs": 3,
        "name": "-x",
        "optimizer": "sgd",
        "shuffle": True,
        "cache": False,
        "amp": False,
        "v": 2,
        "layers": [1, 2, 3],
        "tag": ["a", "b c"],
        "depth": 4,
        "fast": False,
        "slow": True,
    }


def test_what_is_as_the_program_has_it_is_not_written() -> None:
    line = read_source(PROGRAM)
    values = {p.name: p.default for p in line.parameters} | {"data": "d", "name": "n"}
    assert command_words(line.arguments, values) == ("d", "--name", "n")


def test_a_place_that_begins_with_a_dash_comes_last() -> None:
    line = read_source(PROGRAM)
    written = command_words(line.arguments, {"data": "-d", "name": "n"}, "-v")
    assert written == ("--name", "n", "-v", "--", "-d")


COMMANDS = """
import argparse

KINDS = {"small": 1, "large": 2}

def add_seed(parser):
    parser.add_argument("--seed", type=int, default=0)

def add_fit(sub, common):
    p = sub.add_parser("fit", parents=[common])
    p.add_argument("data")
    p.add_argument("--rates", type=float, nargs="+", default=[0.1])
    add_seed(p)

def parser():
    top = argparse.ArgumentParser()
    top.add_argument("--verbose", action="store_true")
    top.add_argument("--out", default="runs")
    common = argparse.ArgumentParser(add_help=False)
    group = common.add_argument_group("model")
    group.add_argument("--kind", choices=KINDS.keys(), default="small")
    sub = top.add_subparsers(dest="command")
    add_fit(sub, common)
    p = sub.add_parser("data")
    inner = p.add_subparsers(dest="what")
    p = inner.add_parser("split")
    p.add_argument("--share", type=float, default=0.2)
    p.add_argument("--out")
    add_seed(p)
    return top
"""


def test_sub_commands_have_arguments_of_their_own() -> None:
    line = read_source(COMMANDS)
    assert list(command_names(line)) == ["fit", "data split"]
    assert [p.name for p in line.parameters] == ["verbose", "out"]
    fit = with_command(line, ["fit"])
    names = ["verbose", "out", "kind", "data", "rates", "seed"]
    assert [p.name for p in fit.parameters] == names
    assert found(fit, "kind").choices == ("small", "large")
    split = with_command(line, ["data", "split"])
    assert [p.name for p in split.parameters] == ["verbose", "share", "out", "seed"]
    assert found(split, "out").default is None


def test_the_program_reads_what_is_written_for_its_sub_commands() -> None:
    scope: dict[str, object] = {}
    exec(COMMANDS, scope)  # noqa: S102 - our own program
    parser = scope["parser"]()  # type: ignore[operator]
    line = read_source(COMMANDS)
    values: dict[str, Value | None] = {
        "verbose": True,
        "out": "x",
        "kind": "large",
        "data": "rows",
        "rates": "1 2",
        "seed": 3,
    }
    fit = with_command(line, ["fit"]).words(values)
    assert vars(parser.parse_args(fit)) == {
        "verbose": True,
        "out": "x",
        "kind": "large",
        "data": "rows",
        "rates": [1.0, 2.0],
        "seed": 3,
        "command": "fit",
    }
    split = with_command(line, ["data", "split"]).words({"verbose": True, "share": -1.0})
    assert split == ("--verbose", "data", "split", "--share=-1.0")


LARGER = """
import argparse
from enum import Enum

class Kind(Enum):
    SMALL = "small"
    LARGE = "large"

class Options:
    def __init__(self):
        self.parser = argparse.ArgumentParser()
        self.parser.add_argument("--depth", type=int, choices=range(1, 4), default=2)

    def more(self):
        self.parser.add_argument("--kind", choices=[k.value for k in Kind])
        self.parser.add_argument("--models", choices=sorted(["b"] + ["a"]))
        self.parser.set_defaults(depth=3)

def maybe(sub=None):
    return sub.add_parser("maybe") if sub else None

maybe()
p = argparse.ArgumentParser()
p.add_argument("--amp", type=lambda x: x.lower() == "true", default=False)
p.add_argument("--steps", type=lambda x: int(float(x)), default=10)
p.add_argument("--name", default=argparse.SUPPRESS)
p.add_argument("--needed", required=True, default="x")
p.add_argument("--hidden", help=argparse.SUPPRESS)
p.add_argument("--betas", type=eval, default=(0.9, 0.99))
for q in (p, p):
    q.add_argument("--seed", type=int)
for name in names():
    p.add_argument("--" + name)
p.add_argument("opts", nargs=argparse.REMAINDER)
"""


def test_a_parser_is_followed_wherever_it_is_made() -> None:
    line = read_source(LARGER)
    assert [(p.name, p.type, p.default) for p in line.parameters] == [
        ("amp", bool, False),
        ("steps", int, 10),
        ("name", str, None),
        ("needed", str, None),
        ("betas", str, None),
        ("seed", int, None),
        ("depth", str, "3"),
        ("kind", str, None),
        ("models", str, None),
    ]
    assert found(line, "depth").choices == ("1", "2", "3")
    assert found(line, "kind").choices == ("small", "large")
    assert found(line, "models").choices == ("a", "b")
    assert found(line, "betas").help == "default: (0.9, 0.99)"
    assert (line.note, line.has_more) == ("Left to the free arguments: opts.", True)
    assert line.commands == {}


def test_a_secret_is_better_given_as_a_variable() -> None:
    line = read_source(
        "import argparse\nargparse.ArgumentParser().add_argument('--api-key', help='yours')"
    )
    assert line.parameters[0].help == "others on this machine see it: better a variable; yours"


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("import argparse", ""),
        ("def (", "Its source is no Python that can be read here."),
        ("x = 1\0", "Its source is no Python that can be read here."),
        ("(" * 5000, "Its source is no"),
        ("-" * 200_000 + "1", "Its source is"),
        ("#" * 1_000_001, "Its source is too long to be read."),
    ],
    ids=["nothing", "wrong", "null", "open", "deep", "long"],
)
def test_a_program_that_cannot_be_read_has_no_fields(text: str, note: str) -> None:
    line = read_source(text)
    assert line.arguments == ()
    assert line.note.startswith(note)


@pytest.mark.parametrize(
    "call",
    ["'--x', action=Own", "flag", "*flags", "'--x', dest=name", "'--', help='x'", "''"],
)
def test_what_cannot_be_known_without_running_makes_no_field(call: str) -> None:
    line = read_source(f"import argparse\nargparse.ArgumentParser().add_argument({call})")
    assert line.arguments == ()


def test_names_that_hurt_are_fields_like_any_other() -> None:
    name = "[red]" + "x" * 5_000
    line = read_source(f"import argparse\nargparse.ArgumentParser().add_argument('--{name}')")
    assert line.parameters[0].name == name
