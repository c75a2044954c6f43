"""What typer, fire, click and absl make of the words that are written is what the fields show."""

import importlib
import json
import shlex
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
import typer
from absl import flags as absl_flags
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner as TyperRunner

from mlops_tui.domain.jobs.argument import CommandLine
from mlops_tui.domain.jobs.cli_reading import read_source
from mlops_tui.domain.jobs.recipe import Value, parse_fields, to_text

if TYPE_CHECKING:
    import click

WORDS = st.sampled_from(
    [
        "a",
        "a b",
        "-x",
        "--y",
        "a=b",
        "-1",
        "1",
        "1e3",
        "[1]",
        "{a",
        "a,b",
        "None",
        "true",
        "#x",
        "'",
    ]
)
WHOLE = st.integers(-20, 20)
NUMBERS = st.floats(-1e9, 1e9) | st.sampled_from([-1e-7, 1e22])


@dataclass(frozen=True)
class Sort:
    """A type of a parameter with its values."""

    spelled: str
    values: st.SearchStrategy[Any]
    of: tuple[str, ...] = ("typer", "fire")


SORTS = [
    Sort("int", WHOLE),
    Sort("float", NUMBERS),
    Sort("str", WORDS),
    Sort("bool", st.booleans()),
    Sort("Optional[int]", WHOLE),
    Sort("List[int]", st.lists(WHOLE, min_size=1, max_size=3), ("typer",)),
    Sort("List[str]", st.lists(WORDS, min_size=1, max_size=3), ("typer",)),
    Sort("Tuple[int, int]", st.tuples(WHOLE, WHOLE).map(list), ("typer",)),
]


def text_of(value: Any) -> str:
    if isinstance(value, list):
        return shlex.join(str(each) for each in value)
    return to_text(value)


def shown(line: CommandLine, texts: dict[str, str]) -> dict[str, Value | None] | None:
    filled = {each.name: to_text(each.default) for each in line.parameters} | texts
    values, reasons = parse_fields(line.parameters, filled)
    return None if reasons or line.problems(values) else values


def of_typer(text: str, words: list[str]) -> Any:
    app = typer.Typer()
    got: dict[str, Any] = {}
    app.command()(defined(text, got))
    done = TyperRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    return got


def of_fire(text: str, words: list[str]) -> Any:
    got: dict[str, Any] = {}
    fire: Any = importlib.import_module("fire")
    fire.Fire(defined(text, got), command=words)
    return got


def defined(text: str, got: dict[str, Any]) -> Callable[..., None]:
    """Return the function of a program; what it is called with goes to ``got``."""
    scope: dict[str, Any] = {"got": got}
    exec(text, scope)  # noqa: S102 - our own program
    made: Callable[..., None] = scope["main"]
    return made


def plain(value: Any) -> Any:
    return json.loads(json.dumps(value))


@pytest.mark.parametrize(("package", "read"), [("typer", of_typer), ("fire", of_fire)])
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_a_function_is_called_with_what_the_fields_show(
    package: str, read: Callable[[str, list[str]], Any], data: st.DataObject
) -> None:
    sorts = [each for each in SORTS if package in each.of]
    told: dict[str, tuple[Sort, Any]] = {}
    parts = []
    for number in range(data.draw(st.integers(1, 4))):
        sort = data.draw(st.sampled_from(sorts))
        default = data.draw(sort.values)
        told[f"p_{number}"] = sort, default
        parts.append(f"p_{number}: {sort.spelled} = {default!r}")
    head = "from typing import List, Optional, Tuple\n"
    text = f"{head}def main({', '.join(parts)}):\n    got.update(locals())\n"
    call = "typer.run(main)" if package == "typer" else "fire.Fire(main)"
    line = read_source(f"import {package}\n{text}{call}")
    assert [each.name for each in line.parameters] == list(told)
    chosen = {name: data.draw(sort.values) for name, (sort, _) in told.items() if data.draw(BOTH)}
    values = shown(line, {name: text_of(value) for name, value in chosen.items()})
    if values is None:
        return
    got = read(text, list(line.words(values)))
    assert plain(got) == plain({n: chosen.get(n, default) for n, (_, default) in told.items()})


BOTH = st.booleans()

CLICK = """
import click
from enum import Enum

class Kind(Enum):
    ADAM = "adam"
    SGD = "sgd"

@click.command()
@click.option("-x", type=float, default=0.1)
@click.option("--pair", nargs=2, type=int, default=(1, 2))
@click.option("--mixed", type=(int, str))
@click.option("--many", "-m", multiple=True, default=["a"])
@click.option("--on", is_flag=True)
@click.option("--off", is_flag=True, flag_value=False, default=True)
@click.option("--shout/--no-shout", default=True)
@click.option("--upper", "case", flag_value="upper", default="upper")
@click.option("--lower", "case", flag_value="lower")
@click.option("--kind", type=click.Choice(Kind), default=Kind.SGD)
@click.option("--truth", type=bool, default=False)
@click.option("--cache", is_flag=False, flag_value="here", default="no")
@click.option("--level", type=click.IntRange(0, 3), default=1)
@click.argument("rows", nargs=-1)
def main(**got): print(got)

if __name__ == "__main__": main()
"""


@pytest.mark.parametrize(
    ("texts", "name", "value"),
    [
        ({"x": "-1e-7"}, "x", -1e-7),
        ({"pair": "-1 5"}, "pair", (-1, 5)),
        ({"mixed": "3 -a"}, "mixed", (3, "-a")),
        ({"many": "-a '' 'b c'"}, "many", ("-a", "", "b c")),
        ({"on": "true"}, "on", True),
        ({"off": "false"}, "off", False),
        ({"shout": "false"}, "shout", False),
        ({"case": "lower"}, "case", "lower"),
        ({"case": "upper"}, "case", "upper"),
        ({"kind": "ADAM"}, "kind", "Kind.ADAM"),
        ({}, "kind", "Kind.SGD"),
        ({"truth": "true"}, "truth", True),
        ({"cache": "--cache"}, "cache", "here"),
        ({"cache": "there"}, "cache", "there"),
        ({"rows": "-a b"}, "rows", ("-a", "b")),
    ],
)
def test_click_reads_what_is_written_for_it(
    texts: dict[str, str], name: str, value: object
) -> None:
    line = read_source(CLICK)
    assert line.note == ""
    values = shown(line, texts)
    assert values is not None
    scope: dict[str, Any] = {"__name__": "program"}
    exec(CLICK, scope)  # noqa: S102 - our own program
    command: click.Command = scope["main"]
    got: dict[str, Any] = {}
    command.callback = got.update
    done = CliRunner().invoke(command, list(line.words(values)))
    assert done.exit_code == 0, done.output
    found = got[name]
    assert (str(found) if isinstance(value, str) else found) == value


ABSL = """
from absl import flags
flags.DEFINE_string("name", "x", "h")
flags.DEFINE_string("none", None, "h")
flags.DEFINE_integer("count", 3, "h")
flags.DEFINE_float("rate", 0.1, "h")
flags.DEFINE_bool("fast", True, "h")
flags.DEFINE_enum("kind", "adam", ["adam", "sgd"], "h")
flags.DEFINE_list("layers", ["1", "2"], "h")
flags.DEFINE_multi_string("tag", ["a"], "h")
flags.DEFINE_multi_integer("size", None, "h")
"""

NAMES = {
    "name": WORDS,
    "none": WORDS,
    "count": WHOLE,
    "rate": NUMBERS,
    "fast": st.booleans(),
    "kind": st.sampled_from(["adam", "sgd"]),
    "tag": st.lists(WORDS, min_size=1, max_size=3),
    "size": st.lists(WHOLE, min_size=1, max_size=3),
}


@settings(max_examples=40, deadline=None)
@given(st.fixed_dictionaries({}, optional=NAMES))
def test_absl_has_what_the_fields_show(chosen: dict[str, Any]) -> None:
    line = read_source(ABSL)
    values = shown(line, {name: text_of(value) for name, value in chosen.items()})
    assert values is not None
    make: Any = absl_flags.FlagValues
    own = make()
    text = ABSL.replace('"h")', '"h", flag_values=own)').replace("from absl import flags", "")
    exec(text, {"flags": absl_flags, "own": own})  # noqa: S102 - our own program
    own(["program", *line.words(values)])
    for name, value in chosen.items():
        assert own[name].value == value
