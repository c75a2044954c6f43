import dataclasses

import pytest

from mlops_tui.domain.jobs.argument import command_words
from mlops_tui.domain.jobs.cli_reading import read_source
from mlops_tui.domain.jobs.recipe import Value

PROGRAM = '''
from __future__ import annotations
from dataclasses import dataclass, field
from typing import ClassVar, Literal, Optional

@dataclass
class Base:
    seed: int = 42
    """Equal seeds give equal results."""

@dataclass
class Config(Base):
    data: str
    lr: float = 1e-3
    kind: Literal["adam", "sgd"] = "adam"
    layers: list[int] = field(default_factory=lambda: [64, 32], metadata={"help": "sizes"})
    amp: bool = False
    max_depth: Optional[int] = None
    name: str | None = None
    KEPT: ClassVar[int] = 3
    hidden: int = field(init=False, default=3)

'''
TYRO = PROGRAM + "import tyro\nconfig = tyro.cli(Config)\n"
HUGGING_FACE = PROGRAM + "p = HfArgumentParser((Config,))\nprint(p.parse_args_into_dataclasses())"
SIMPLE = PROGRAM + "import simple_parsing\nc = simple_parsing.parse(config_class=Config)\n"

VALUES: dict[str, Value | None] = {
    "seed": 1,
    "data": "rows",
    "lr": -0.5,
    "kind": "sgd",
    "layers": "1 2",
    "amp": True,
    "max_depth": 3,
    "name": "a b",
}


@pytest.mark.parametrize("program", [TYRO, HUGGING_FACE], ids=["tyro", "hf"])
def test_the_fields_are_those_of_the_dataclass(program: str) -> None:
    line = read_source(program)
    assert [
        (p.name, p.type, p.default, p.optional, p.choices, p.many) for p in line.parameters
    ] == [
        ("seed", int, 42, True, (), False),
        ("data", str, None, False, (), False),
        ("lr", float, 0.001, True, (), False),
        ("kind", str, "adam", True, ("adam", "sgd"), False),
        ("layers", int, "64 32", True, (), True),
        ("amp", bool, False, True, (), False),
        ("max_depth", int, None, True, (), False),
        ("name", str, None, True, (), False),
    ]
    assert line.parameters[0].help == "Equal seeds give equal results."
    assert line.parameters[4].help == "sizes"


def test_hugging_face_takes_the_words_of_a_truth() -> None:
    line = read_source(HUGGING_FACE)
    assert line.source == "HfArgumentParser"
    assert command_words(line.arguments, VALUES) == (
        *("--seed", "1", "--data", "rows", "--lr=-0.5", "--kind", "sgd", "--layers", "1", "2"),
        *("--amp", "true", "--max_depth", "3", "--name", "a b"),
    )


def test_tyro_itself_reads_what_is_written_for_it() -> None:
    tyro = pytest.importorskip("tyro")
    line = read_source(TYRO)

    @dataclasses.dataclass
    class Config:
        data: str
        seed: int = 42
        lr: float = 1e-3
        kind: str = "adam"
        layers: tuple[int, ...] = (64, 32)
        amp: bool = False
        max_depth: int | None = None
        name: str | None = None

    got = tyro.cli(Config, args=list(command_words(line.arguments, VALUES)))
    assert got == Config("rows", 1, -0.5, "sgd", (1, 2), amp=True, max_depth=3, name="a b")


def test_what_lies_within_goes_by_its_path() -> None:
    line = read_source(
        "import tyro\nfrom dataclasses import dataclass, field\nimport enum\n"
        "class Kind(enum.Enum):\n    ADAM = 'adam'\n    SGD = 'sgd'\n"
        "@dataclass\nclass Optimizer:\n    weight_decay: float = 0.1\n    nesterov: bool = True\n"
        "    kind: Kind = Kind.SGD\n"
        "@dataclass\nclass Config:\n    optimizer: Optimizer = field(default_factory=Optimizer)\n"
        "def main(config: Config, name: 'str' = 'x', *, steps: int): ...\n"
        "tyro.cli(main)\n"
    )
    values: dict[str, Value | None] = {
        "config.optimizer.weight_decay": 0.2,
        "config.optimizer.nesterov": False,
        "config.optimizer.kind": "adam",
        "steps": 3,
    }
    assert command_words(line.arguments, values) == (
        *("--config.optimizer.weight-decay", "0.2", "--config.optimizer.no-nesterov"),
        *("--config.optimizer.kind", "adam", "--steps", "3"),
    )


def test_simple_parsing_is_known_too() -> None:
    parsing = pytest.importorskip("simple_parsing")
    line = read_source(SIMPLE)
    assert line.source == "simple-parsing"

    @dataclasses.dataclass
    class Config:
        data: str
        amp: bool = False
        max_depth: int | None = None

    values: dict[str, Value | None] = {"data": "rows", "amp": True, "max_depth": 3}
    written = " ".join(command_words(line.arguments, values))
    assert parsing.parse(Config, args=written) == Config("rows", amp=True, max_depth=3)


def test_a_dataclass_that_comes_from_elsewhere_cannot_be_read() -> None:
    line = read_source("import tyro\nfrom mine import Config\ntyro.cli(Config)")
    assert line.arguments == ()


def test_a_dataclass_of_itself_comes_to_an_end() -> None:
    line = read_source(
        "import tyro\nfrom dataclasses import dataclass\n"
        "@dataclass\nclass A(A):\n    a: 'A'\n    b: int = f()\ntyro.cli(A)"
    )
    assert {p.name.rpartition(".")[2] for p in line.parameters} == {"a", "b"}
    assert {p.help for p in line.parameters if p.name.endswith("b")} == {"default: f()"}


def test_a_dataclass_of_another_package_is_named() -> None:
    line = read_source(
        "from dataclasses import dataclass\n"
        "from transformers import HfArgumentParser, TrainingArguments\n"
        "@dataclass\nclass Data:\n    rows: int = 5\n"
        "def main():\n    types = (Data, TrainingArguments)\n    HfArgumentParser(types)"
    )
    assert [p.name for p in line.parameters] == ["rows"]
    assert (line.note, line.has_more) == (
        *("The fields of TrainingArguments are not in its text.", True),
    )
