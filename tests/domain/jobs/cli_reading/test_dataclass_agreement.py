"""What tyro and simple-parsing make of the words that are written is what the fields show."""

import linecache
import shlex
import sys
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlops_tui.domain.jobs.argument import CommandLine
from mlops_tui.domain.jobs.cli_reading import read_source
from mlops_tui.domain.jobs.recipe import Value, parse_fields, to_text

HEAD = """
from dataclasses import dataclass, field
from enum import Enum
from typing import Literal, Optional

class Kind(Enum):
    ADAM = "adam"
    SGD = "sgd"

"""
TYRO = "import tyro\ntyro.cli(Config)\n"
SIMPLE = "import simple_parsing\nsimple_parsing.parse(Config)\n"

WORDS = st.sampled_from(["a", "a b", "-x", "--y", "a=b", "-1", "'", "é", "None", "0", "true"])
WHOLE = st.integers(-20, 20)
NUMBERS = st.floats(-1e9, 1e9) | st.sampled_from([-1e-7, 1e22])


@dataclass(frozen=True)
class Sort:
    """A type of a field: how it is spelled, its values, how a value is spelled and typed."""

    spelled: str
    values: st.SearchStrategy[Any]
    is_many: bool = False

    def source(self, value: object) -> str:
        if isinstance(value, list):
            return f"field(default_factory=lambda: {value!r})"
        return str(value) if isinstance(value, Enum) else repr(value)


class Kind(Enum):
    ADAM = "adam"
    SGD = "sgd"


SORTS = [
    Sort("int", WHOLE),
    Sort("float", NUMBERS),
    Sort("str", WORDS),
    Sort("bool", st.booleans()),
    Sort("int | None", WHOLE),
    Sort("Optional[str]", WORDS.filter(lambda text: text != "None")),
    Sort("list[int]", st.lists(WHOLE, min_size=1, max_size=3), is_many=True),
    Sort("list[str]", st.lists(WORDS, min_size=1, max_size=3), is_many=True),
    Sort("tuple[int, int]", st.tuples(WHOLE, WHOLE), is_many=True),
    Sort("tuple[float, ...]", st.lists(NUMBERS, min_size=1, max_size=3).map(tuple), is_many=True),
    Sort("Literal['a', 'b']", st.sampled_from(["a", "b"])),
    Sort("Kind", st.sampled_from(list(Kind))),
]


def text_of(value: Any) -> str:
    """Return what a person types for a value."""
    if isinstance(value, list | tuple):
        return shlex.join(str(each) for each in value)
    return value.name if isinstance(value, Enum) else to_text(value)


def plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.name
    return list(value) if isinstance(value, tuple) else value


def parsed(text: str, tail: str, words: tuple[str, ...]) -> Any:
    """Return what the library makes of the words."""
    import simple_parsing
    import tyro

    module = ModuleType("agreement_program")
    module.__file__ = "agreement_program.py"
    # The libraries look for the help of fields in the source.
    linecache.cache[module.__file__] = (len(text), None, text.splitlines(True), module.__file__)
    sys.modules[module.__name__] = module
    exec(text, module.__dict__)  # noqa: S102 - our own program
    config: Any = module.__dict__["Config"]
    if tail is TYRO:
        return tyro.cli(config, args=list(words))
    return simple_parsing.parse(config, args=list(words))


def flat(made: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    for each in fields(made):
        value = getattr(made, each.name)
        if is_dataclass(value):
            yield from flat(value, f"{prefix}{each.name}.")
        else:
            yield f"{prefix}{each.name}", value


def shown(line: CommandLine, texts: dict[str, str]) -> dict[str, Value | None] | None:
    filled = {each.name: to_text(each.default) for each in line.parameters} | texts
    values, reasons = parse_fields(line.parameters, filled)
    return None if reasons or line.problems(values) else values


@st.composite
def classes(draw: st.DrawFn) -> tuple[str, dict[str, tuple[Sort, Any]]]:
    """Return the text of dataclasses, with the sort and the default of each field by its path."""
    known: dict[str, tuple[Sort, Any]] = {}
    texts = []
    for name, prefix in (("Inner", "inner."), ("Config", "")):
        lines = []
        for number in range(draw(st.integers(1, 4))):
            sort = draw(st.sampled_from(SORTS))
            own = f"{'in' if prefix else 'out'}_{number}"
            default = draw(sort.values)
            lines.append(f"    {own}: {sort.spelled} = {sort.source(default)}")
            known[f"{prefix}{own}"] = sort, default
        if not prefix:
            lines.append("    inner: Inner = field(default_factory=Inner)")
        texts.append("\n".join(["@dataclass", f"class {name}:", *lines]))
    return "\n\n".join(texts) + "\n\n", known


@pytest.mark.parametrize("tail", [TYRO, SIMPLE], ids=["tyro", "simple-parsing"])
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_the_program_has_what_the_fields_show(tail: str, data: st.DataObject) -> None:
    made, known = data.draw(classes())
    line = read_source(HEAD + made + tail)
    # simple-parsing names a field within by its own name where no other has it.
    paths = {path if tail is TYRO else path.rpartition(".")[2]: path for path in known}
    assert {each.name for each in line.parameters} == set(paths)
    assert {
        each.name: each.parse(to_text(each.default)) if each.default is not None else None
        for each in line.parameters
    } == {name: shown_default(known[path]) for name, path in paths.items()}
    chosen = {name: data.draw(known[paths[name]][0].values) for name in paths if data.draw(BOTH)}
    values = shown(line, {name: text_of(value) for name, value in chosen.items()})
    if values is None:
        return
    got = dict(flat(parsed(HEAD + made, tail, line.words(values))))
    expected = {paths[name]: value for name, value in chosen.items()}
    for path, (_, default) in known.items():
        assert plain(got[path]) == plain(expected.get(path, default)), (line.words(values), path)


BOTH = st.booleans()


def shown_default(known: tuple[Sort, Any]) -> Any:
    sort, default = known
    return text_of(default) if sort.is_many else plain(default)
