from typing import TYPE_CHECKING

import pytest

from mlops_tui.domain.jobs.argument import command_words
from mlops_tui.domain.jobs.cli_reading import read_source
from mlops_tui.domain.jobs.sub_command import command_names, with_command

if TYPE_CHECKING:
    from mlops_tui.domain.jobs.recipe import Value

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


APPS = """
import typer

app = typer.Typer()
data_app = typer.Typer(name="data")
app.add_typer(data_app)

@app.callback()
def main(verbose: bool = False):
    print("verbose", verbose)

@app.command()
def train_it(lr: float = 0.1):
    print("train", lr)

@data_app.command("split")
def do_split(share: float):
    print("split", share)
"""


def test_the_commands_of_apps_have_arguments_of_their_own(
    capsys: pytest.CaptureFixture[str],
) -> None:
    pytest.importorskip("typer")
    line = read_source(APPS)
    assert list(command_names(line)) == ["train-it", "data split"]
    scope: dict[str, object] = {"__name__": "program"}
    exec(APPS, scope)  # noqa: S102 - our own program
    train = with_command(line, ["train-it"]).words({"verbose": True, "lr": -0.5})
    scope["app"](list(train), standalone_mode=False)  # type: ignore[operator]
    split = with_command(line, ["data", "split"]).words({"share": 0.5})
    scope["app"](list(split), standalone_mode=False)  # type: ignore[operator]
    printed = capsys.readouterr().out.split("\n")
    assert printed[:4] == ["verbose True", "train -0.5", "verbose False", "split 0.5"]


def test_an_app_with_one_command_has_no_sub_commands() -> None:
    line = read_source("import typer\napp = typer.Typer()\n@app.command()\ndef go(lr: float): ...")
    assert ([p.name for p in line.parameters], line.commands) == (["lr"], {})


def test_commands_without_arguments_of_the_program_are_read() -> None:
    text = "import typer\napp = typer.Typer()\n"
    text += "".join(f"@app.command()\ndef {name}(lr: float): ...\n" for name in ("fit", "test"))
    line = read_source(text)
    assert (line.arguments, [*command_names(line)]) == ((), ["fit", "test"])


def test_a_program_that_only_prints_with_typer_has_no_fields() -> None:
    assert read_source("import typer\ntyper.echo('x')").arguments == ()
