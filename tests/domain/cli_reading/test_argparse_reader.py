import argparse

import pytest

from mlops_tui.domain.argument import CommandLine, command_words
from mlops_tui.domain.cli_reading import read_source
from mlops_tui.domain.recipe import Parameter, Value

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
    assert (line.source, line.note) == ("argparse", "Left to the free arguments: '-v'.")
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


def test_sub_commands_are_left_to_the_free_arguments() -> None:
    line = read_source(
        "import argparse\np = argparse.ArgumentParser()\ns = p.add_subparsers()\n"
        "t = s.add_parser('train')\nt.add_argument('--lr')\ns.add_parser('eval')"
    )
    assert line.arguments == ()
    assert line.note == "It has sub-commands, for the free arguments: train, eval."


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
