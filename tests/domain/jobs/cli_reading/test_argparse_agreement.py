"""What argparse makes of the words that are written is what the fields show."""

import argparse
import shlex
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlops_tui.domain.jobs.argument import CommandLine
from mlops_tui.domain.jobs.cli_reading import read_source
from mlops_tui.domain.jobs.recipe import Parameter, Value, parse_fields, to_text

TEXTS = st.sampled_from(
    ["a", "a b", "-x", "--x", "a=b", "-1", "'", '"', "é", "-", "=", "+x", "@f", "None", "0"]
) | st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=5).filter(
    # Argparse itself drops or stumbles over a value that is two dashes.
    lambda text: text != "--"
)
NUMBERS = st.integers(-20, 20) | st.floats(-1e9, 1e9) | st.sampled_from([-1e-7, 1e22, -0.0, 5e-324])


@dataclass(frozen=True)
class Made:
    """A call of ``add_argument``, as a program spells it."""

    flags: tuple[str, ...]
    told: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        return ", ".join([*map(repr, self.flags), *(f"{k}={v}" for k, v in self.told)])


def values_of(kind: str) -> st.SearchStrategy[Any]:
    if kind == "int":
        return st.integers(-20, 20)
    if kind == "float":
        return st.floats(-1e9, 1e9) | st.sampled_from([-1e-7, 1e22, 0.5])
    return TEXTS


@st.composite
def added(draw: st.DrawFn, number: int) -> Made:
    """Return a valued argument, a switch or a constant."""
    own = f"a{number}"
    flags = draw(
        st.sampled_from([(f"--{own}",), (f"-{own}",), ("-" + "xyzuvw"[number], f"--{own}")])
    )
    sort = draw(st.sampled_from(["valued", "valued", "valued", "switch", "constant", "both"]))
    told: dict[str, str] = {}
    if sort == "switch":
        told["action"] = repr(draw(st.sampled_from(["store_true", "store_false"])))
        if draw(st.booleans()):
            told["default"] = repr(draw(st.sampled_from([True, False, None])))
        if draw(st.booleans()):
            told["dest"] = repr("shared")
    elif sort == "both":
        told |= {"action": "argparse.BooleanOptionalAction"}
        told["default"] = repr(draw(st.sampled_from([True, False, None])))
    elif sort == "constant":
        const, dest = draw(TEXTS | st.integers(0, 3)), draw(st.sampled_from(["chosen", own]))
        told |= {"action": "'store_const'", "const": repr(const), "dest": repr(dest)}
        told |= {"default": repr(draw(st.none() | TEXTS))}
    else:
        return draw(valued(own, flags))
    return Made(flags, tuple(told.items()))


@st.composite
def valued(draw: st.DrawFn, own: str, flags: tuple[str, ...]) -> Made:
    kind = draw(st.sampled_from(["int", "float", "str", "bool", ""]))
    is_positional = draw(st.integers(0, 4)) == 0
    told = {"type": kind} if kind else {}
    values = values_of(kind) if kind != "bool" else st.booleans()
    nargs = draw(st.sampled_from([None, None, None, "?", "*", "+", 1, 2, 3]))
    action = draw(st.sampled_from(["store", "store", "store", "append", "extend"]))
    if is_positional:
        flags, action = (own,), "store"
    if action == "extend" and nargs in (None, "?"):
        nargs = "+"
    if nargs is not None:
        told["nargs"] = repr(nargs)
    if action != "store":
        told["action"] = repr(action)
    # Some versions of argparse refuse choices of any number at a place where none is given.
    can_list = kind != "bool" and (nargs != "*" or not is_positional)
    if can_list and draw(st.integers(0, 3)) == 0:
        told["choices"] = repr(draw(st.lists(values, min_size=1, max_size=3)))
    several = nargs not in (None, "?") or action != "store"
    default = draw(st.none() | (st.lists(values, max_size=3) if several else values))
    is_nested = action == "append" and nargs not in (None, "?")
    if default is not None and "choices" not in told and not is_nested:
        told["default"] = repr(default)
    if nargs == "?" and draw(st.booleans()):
        told["const"] = repr(draw(st.sampled_from([True, None, 3])))
    if not is_positional and draw(st.integers(0, 5)) == 0:
        told["required"] = "True"
    return Made(flags, tuple(told.items()))


def program(calls: list[Made], exclusive: int) -> str:
    lines = ["import argparse", "p = argparse.ArgumentParser()"]
    if exclusive:
        lines.append("g = p.add_mutually_exclusive_group()")
    for number, call in enumerate(calls):
        is_free = "required" not in dict(call.told) and call.flags[0].startswith("-")
        where = "g" if number < exclusive and is_free else "p"
        lines.append(f"{where}.add_argument({call})")
    return "\n".join(lines)


def parser_of(text: str) -> argparse.ArgumentParser:
    scope: dict[str, Any] = {}
    exec(text, scope)  # noqa: S102 - our own program
    parser = scope["p"]
    assert isinstance(parser, argparse.ArgumentParser)
    return parser


def texts_for(parameter: Parameter) -> st.SearchStrategy[str]:
    """Return what a person may type into a field."""
    constants = st.sampled_from(parameter.constants) if parameter.constants else st.nothing()
    if parameter.choices:
        one = st.sampled_from(parameter.choices)
    else:
        one = {
            int: st.integers(-20, 20).map(str),
            float: st.floats(-1e9, 1e9).map(str) | st.just("-1e-07"),
            bool: st.sampled_from(["true", "false"]),
            str: TEXTS,
        }[parameter.type]
    if not parameter.many:
        return one | constants
    size = parameter.count or 1
    return constants | st.lists(one, min_size=size, max_size=parameter.count or 3).map(shlex.join)


def shown(line: CommandLine, texts: dict[str, str]) -> dict[str, Value | None] | None:
    """Return the values of the fields, None where the form says that they do not go."""
    values, reasons = parse_fields(line.parameters, texts)
    return None if reasons or line.problems(values) else values


def like(got: Any, parameter: Parameter, value: Value | None) -> bool:
    """Return whether what the program has is what a field shows."""
    if isinstance(got, list) and parameter.many:
        flat = [each for one in got for each in (one if isinstance(one, list) else [one])]
        words = shlex.split(to_text(value))
        return len(flat) == len(words) and all(map(same, flat, words))
    return same(got, to_text(value))


def same(got: Any, text: str) -> bool:
    if isinstance(got, bool):
        return to_text(got) == text.lower()
    if isinstance(got, int | float):
        return got == float(text)
    return str(got) == text


def check(text: str, texts: dict[str, str]) -> bool:
    """Assert that the program has what the fields show; return whether the form let it through."""
    line, parser = read_source(text), parser_of(text)
    filled = {each.name: to_text(each.default) for each in line.parameters} | texts
    values = shown(line, filled)
    if values is None:
        return False
    words = line.words(values)
    got = vars(parser.parse_args(list(words)))
    # Of several actions with one destination the first gives the default.
    untouched = {each.dest: each.default for each in reversed(parser._actions)}
    for parameter in line.parameters:
        value = values[parameter.name]
        has = got[parameter.name]
        if value is None:
            expected = untouched[parameter.name]
            assert has in (expected, []), (words, parameter, has)
        elif to_text(value) in parameter.constants:
            assert has is not None or "None" in parameter.help, (words, parameter, has)
        else:
            assert like(has, parameter, value), (words, parameter, value, has)
    return True


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_the_program_has_what_the_fields_show(data: st.DataObject) -> None:
    calls = [data.draw(added(number)) for number in range(data.draw(st.integers(1, 5)))]
    text = program(calls, data.draw(st.integers(0, 2)))
    line = read_source(text)
    chosen = {
        each.name: data.draw(texts_for(each))
        for each in line.parameters
        if not each.optional or data.draw(st.booleans())
    }
    check(text, chosen)


ON = "'--pin', action='store_true', default=True"
CONST = "'-{0}', action='store_const', const={0}, dest='v'"
OFF = "'--no-pin', action='store_false', dest='pin'"


@pytest.mark.parametrize(
    ("calls", "texts", "expected"),
    [
        # A pair of switches with one name.
        (
            ON + "|" + OFF,
            {"pin": "false"},
            {"pin": False},
        ),
        (
            OFF + "|" + ON.replace(", default=True", ""),
            {"pin": "false"},
            {"pin": False},
        ),
        ("'--log', nargs='?', const=True, default=False", {"log": "--log"}, {"log": True}),
        ("'--log', nargs='?', const='info'", {"log": "info"}, {"log": "info"}),
        ("'--n', nargs='?', const=5, type=int", {"n": "5"}, {"n": 5}),
        ("'--n', nargs='?', const=True, type=int", {"n": "--n"}, {"n": True}),
        ("'--n', nargs='?', const=None, type=int, default=1", {"n": "--n"}, {"n": None}),
        ("'--c', choices=[None, 'a']", {"c": ""}, {"c": None}),
        ("'--size', nargs=3, type=int", {"size": "1 2 3"}, {"size": [1, 2, 3]}),
        ("'-r', type=float", {"r": "-1e-07"}, {"r": -1e-07}),
        ("'--b', nargs=2, type=float", {"b": "-1e-7 1"}, {"b": [-1e-7, 1.0]}),
        ("'--tag', action='append', default=['a']", {"tag": "a -b"}, {"tag": ["a", "-b"]}),
        ("'x', nargs='?'|'y', nargs='*', default=['q']", {"x": "1"}, {"x": "1", "y": ["q"]}),
        ("'--v', type=int, default=True", {"v": "3"}, {"v": 3}),
        (
            "'--on', type=lambda t: bool(int(t)), default=False",
            {"on": "true"},
            {"on": True},
        ),
        (
            CONST.format(1) + "|" + CONST.format(2),
            {"v": "2"},
            {"v": 2},
        ),
        (
            "'--level', type=int, default=1|'-q', action='store_const', const='no', dest='level'",
            {"level": "no"},
            {"level": "no"},
        ),
    ],
)
def test_each_of_these_is_written_as_it_is_read(
    calls: str, texts: dict[str, str], expected: dict[str, object]
) -> None:
    text = "import argparse\np = argparse.ArgumentParser()\n"
    text += "\n".join(f"p.add_argument({call})" for call in calls.split("|"))
    line = read_source(text)
    filled = {each.name: to_text(each.default) for each in line.parameters} | texts
    values = shown(line, filled)
    assert values is not None
    assert vars(parser_of(text).parse_args(list(line.words(values)))) == expected


@pytest.mark.parametrize(
    ("calls", "texts", "reason"),
    [
        ("'--pin', action='store_true', default=True", {"pin": "false"}, "one of true"),
        ("'--size', nargs=3, type=int", {"size": "1 2"}, "3 values, not 2"),
        ("'--tag', action='append', default=['a']", {"tag": "b"}, "begins with a"),
        ("'--w', nargs='+'", {"w": "a -b"}, "-b would be taken for a flag"),
        ("'x', nargs='?'|'y', nargs='?'", {"y": "1"}, "would be taken for x"),
        ("'--a'|'--b'", {"a": "1", "b": "2"}, "not together with a"),
    ],
)
def test_what_no_command_line_says_is_refused(
    calls: str, texts: dict[str, str], reason: str
) -> None:
    text = "import argparse\np = argparse.ArgumentParser().add_mutually_exclusive_group()\n"
    text += "\n".join(f"p.add_argument({call})" for call in calls.split("|"))
    line = read_source(text)
    values, reasons = parse_fields(line.parameters, texts)
    found = reasons | line.problems(values)
    assert any(each.startswith(reason) for each in found.values()), found


NO_FLAG = "it has no flag for false"


@pytest.mark.parametrize(
    ("lines", "default", "said"),
    [
        ("D = 1\nif f(): D = 2\np.add_argument('--d', default=D)", None, "default: D"),
        ("p.add_argument('--d', default=3 if f() else 5)", None, "default: 3 if f() else 5"),
        (
            "if f(): p.add_argument('--d', default=1)\nelse: p.add_argument('--d', default=2)",
            None,
            "default: 1 or 2",
        ),
        (
            "p.add_argument('--d', default=1)\nif f(): p.set_defaults(d=2)",
            None,
            "default: 2 if f() else …",
        ),
        ("p.set_defaults(d=2)\np.add_argument('--d', default='1')", "1", ""),
        ("p.add_argument('--d', default='1')\np.set_defaults(d='2')", "2", ""),
        (
            "p.add_argument('--d', action='store_true', default=f())",
            None,
            f"default: f(); {NO_FLAG}",
        ),
    ],
)
def test_a_default_that_depends_on_something_is_said(
    lines: str, default: object, said: str
) -> None:
    line = read_source(f"import argparse\np = argparse.ArgumentParser()\n{lines}")
    (parameter,) = line.parameters
    assert (parameter.default, parameter.help) == (default, said)


def test_defaults_that_come_from_elsewhere_are_told() -> None:
    line = read_source(
        "import argparse\np = argparse.ArgumentParser()\np.add_argument('--d', default=1)\n"
        "p.set_defaults(**read('c.yaml'))"
    )
    assert line.note == "Its defaults may be others: p.set_defaults(**read('c.yaml'))."


ODD = """
import argparse
p = argparse.ArgumentParser(prefix_chars="-+", fromfile_prefix_chars="@")
p.add_argument("+r", type=float)
p.add_argument("++name")
p.add_argument("-1", dest="one", action="store_true")
p.add_argument("--pair", nargs=2, type=int)
p.add_argument("--single", type=int)
p.add_argument("place", nargs="?")
"""


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ({"r": "-0.5"}, {"r": -0.5}),
        ({"name": "+x"}, {"name": "+x"}),
        ({"name": "@file"}, {"name": "@file"}),
        ({"one": "true", "single": "-3"}, {"one": True, "single": -3}),
        ({"place": "+x"}, {"place": "+x"}),
        ({"pair": "-1 2"}, None),
        ({"place": "@file"}, None),
    ],
)
def test_other_signs_of_flags_and_files_are_heeded(
    texts: dict[str, str], expected: dict[str, object] | None
) -> None:
    line = read_source(ODD)
    values = shown(line, texts)
    assert (values is None) == (expected is None)
    if values is not None and expected is not None:
        got = vars(parser_of(ODD).parse_args(list(line.words(values))))
        assert {name: got[name] for name in expected} == expected
