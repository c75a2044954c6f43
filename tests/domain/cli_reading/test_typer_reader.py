from typing import TYPE_CHECKING

import pytest

from mlops_tui.domain.argument import command_words
from mlops_tui.domain.cli_reading import read_source

if TYPE_CHECKING:
    from mlops_tui.domain.recipe import Value

PROGRAM = """
import enum
from pathlib import Path
from typing import Annotated, List, Optional
import typer

class Kind(str, enum.Enum):
    adam = "adam"
    sgd = "sgd"

app = typer.Typer()

@app.command()
def main(
    ctx: typer.Context,
    data: Path,
    lr: float = 0.1,
    epochs: Annotated[int, typer.Option("--epochs", "-e", min=1, max=50, help="rounds")] = 10,
    kind: Kind = Kind.adam,
    shuffle: bool = True,
    fast: Annotated[bool, typer.Option("--fast")] = False,
    layers: List[int] = typer.Option([64], help="sizes"),
    depth: Optional[int] = None,
    name: str = typer.Option(..., "--run-name"),
    more: Optional[List[str]] = typer.Argument(None),
):
    print(repr((str(data), lr, epochs, kind.value, shuffle, fast, layers, depth, name, more)))
"""


def test_the_fields_are_the_parameters_of_the_command() -> None:
    line = read_source(PROGRAM)
    assert [(p.name, p.type, p.default, p.optional, p.many) for p in line.parameters] == [
        ("data", str, None, False, False),
        ("lr", float, 0.1, True, False),
        ("epochs", int, 10, True, False),
        ("kind", str, "adam", True, False),
        ("shuffle", bool, True, True, False),
        ("fast", bool, False, True, False),
        ("layers", int, "64", True, True),
        ("depth", int, None, True, False),
        ("name", str, None, False, False),
        ("more", str, None, True, True),
    ]
    assert (line.parameters[2].minimum, line.parameters[2].maximum) == (1, 50)
    assert line.parameters[3].choices == ("adam", "sgd")
    assert line.parameters[2].help == "rounds"


def test_the_program_reads_what_is_written_for_it(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("typer")
    scope: dict[str, object] = {"__name__": "program"}
    exec(PROGRAM, scope)  # noqa: S102 - our own program
    values: dict[str, Value | None] = {
        "data": "rows",
        "lr": -0.5,
        "epochs": 3,
        "kind": "sgd",
        "shuffle": False,
        "fast": True,
        "layers": "1 2",
        "depth": 4,
        "name": "-x",
        "more": "a 'b c'",
    }
    words = list(command_words(read_source(PROGRAM).arguments, values))
    scope["app"](words, standalone_mode=False)  # type: ignore[operator]
    want = ("rows", -0.5, 3, "sgd", False, True, [1, 2], 4, "-x", ["a", "b c"])
    assert capsys.readouterr().out.strip() == repr(want)


def test_a_function_that_is_run_is_the_command() -> None:
    line = read_source("import typer\ndef main(lr: float = 0.1): ...\ntyper.run(main)")
    assert [p.name for p in line.parameters] == ["lr"]


def test_several_commands_are_left_to_the_free_arguments() -> None:
    line = read_source(
        "import typer\napp = typer.Typer()\n@app.command()\ndef train_it(): ...\n"
        "@app.command()\ndef eval(): ..."
    )
    assert line.note == "It has sub-commands, for the free arguments: train-it, eval."


def test_a_program_that_only_prints_with_typer_has_no_fields() -> None:
    assert read_source("import typer\ntyper.echo('x')").arguments == ()
