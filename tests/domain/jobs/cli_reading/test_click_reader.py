import click
import pytest

from mlops_tui.domain.jobs.argument import CommandLine, command_words
from mlops_tui.domain.jobs.cli_reading import read_source
from mlops_tui.domain.jobs.recipe import Parameter, Value
from mlops_tui.domain.jobs.sub_command import command_names, with_command

PROGRAM = """
import click

@click.command()
@click.argument("data", type=click.Path())
@click.argument("more", nargs=-1)
@click.option("--lr", "-l", default=0.1, show_default=True, help="the rate")
@click.option("--epochs", type=click.IntRange(1, 50), default=10)
@click.option("--share", type=click.FloatRange(min=0))
@click.option("--optimizer", type=click.Choice(["adam", "sgd"]), default="adam")
@click.option("--shuffle/--no-shuffle", default=True)
@click.option("--fast", is_flag=True)
@click.option("--layer", multiple=True, type=int, default=[64])
@click.option("--size", nargs=2, type=int)
@click.option("--name", "run", required=True)
@click.option("--deep", type=bool, default=False)
@click.option("-v", "--verbose", count=True)
@click.pass_context
def main(ctx, **given):
    return given
"""


def found(line: CommandLine, name: str) -> Parameter:
    return next(each for each in line.parameters if each.name == name)


def parsed(values: dict[str, Value | None], free: str = "") -> dict[str, object]:
    """Return what the program itself makes of the command line that is written for the values."""
    scope: dict[str, object] = {"__name__": "program"}
    exec(PROGRAM, scope)  # noqa: S102 - our own program
    main = scope["main"]
    assert isinstance(main, click.Command)
    args = list(command_words(read_source(PROGRAM).arguments, values, free))
    given: dict[str, object] = main.main(args, standalone_mode=False)
    return given


@pytest.mark.parametrize(
    ("name", "kind", "default", "optional"),
    [
        ("data", str, None, False),
        ("more", str, None, True),
        ("lr", float, 0.1, True),
        ("epochs", int, 10, True),
        ("optimizer", str, "adam", True),
        ("shuffle", bool, True, True),
        ("fast", bool, False, True),
        ("layer", int, "64", True),
        ("run", str, None, False),
    ],
)
def test_a_field_has_type_and_default(
    name: str, kind: type[Value], default: Value | None, optional: bool
) -> None:
    parameter = found(read_source(PROGRAM), name)
    assert (parameter.type, parameter.default, parameter.optional) == (kind, default, optional)


def test_a_range_is_kept() -> None:
    line = read_source(PROGRAM)
    assert (found(line, "epochs").minimum, found(line, "epochs").maximum) == (1, 50)
    assert (found(line, "share").minimum, found(line, "share").maximum) == (0, None)
    assert line.note == "Left to the free arguments: '-v' '--verbose'."


def test_the_program_reads_what_is_written_for_it() -> None:
    values: dict[str, Value | None] = {
        "data": "-rows",
        "more": "a 'b c'",
        "lr": -0.5,
        "epochs": 3,
        "optimizer": "sgd",
        "shuffle": False,
        "fast": True,
        "layer": "1 2",
        "size": "3 4",
        "run": "-x",
        "deep": True,
    }
    assert parsed(values, "-vv") == {
        "data": "-rows",
        "more": ("a", "b c"),
        "lr": -0.5,
        "epochs": 3,
        "optimizer": "sgd",
        "shuffle": False,
        "fast": True,
        "layer": (1, 2),
        "size": (3, 4),
        "run": "-x",
        "share": None,
        "deep": True,
        "verbose": 2,
    }


GROUP = """
import click

def seeded(command):
    return click.option("--seed", type=int, default=0)(command)

@click.group()
@click.option("--verbose", is_flag=True)
@click.pass_context
def cli(context, verbose):
    context.obj = verbose

@cli.command()
@seeded
@click.option("--lr", default=0.1)
@click.option("--trace", hidden=True)
@click.pass_obj
def train_model(verbose, **given):
    return "train", verbose, given

@cli.group()
def data():
    pass

@data.command("split")
@click.argument("share", type=float)
def do_split(share):
    return "split", share

@click.command()
def clean_cmd():
    return "clean"

cli.add_command(clean_cmd)

if __name__ == "__main__":
    cli()
"""


def test_the_commands_of_a_group_have_arguments_of_their_own() -> None:
    line = read_source(GROUP)
    assert list(command_names(line)) == ["train-model", "data split", "clean"]
    train = with_command(line, ["train-model"])
    assert ([p.name for p in train.parameters], train.note) == (["verbose", "seed", "lr"], "")
    scope: dict[str, object] = {"__name__": "program"}
    exec(GROUP, scope)  # noqa: S102 - our own program
    group = scope["cli"]
    assert isinstance(group, click.Group)
    words = train.words({"verbose": True, "seed": 3, "lr": -0.5})
    got = group.main(list(words), standalone_mode=False)
    assert got == ("train", True, {"lr": -0.5, "seed": 3, "trace": None})
    split = with_command(line, ["data", "split"]).words({"share": -0.5})
    assert group.main(list(split), standalone_mode=False) == ("split", -0.5)


def test_of_several_commands_the_one_that_is_called_is_meant() -> None:
    line = read_source(
        "import click\n@click.command()\n@click.option('--a')\ndef one(a): ...\n"
        "@click.command()\n@click.option('--b')\ndef two(b): ...\ntwo()"
    )
    assert [p.name for p in line.parameters] == ["b"]


def test_a_program_without_a_command_has_no_fields() -> None:
    assert read_source("import click\nclick.echo('hello')").arguments == ()


def test_what_cannot_be_known_makes_no_field() -> None:
    line = read_source(
        "import click\n@click.command()\n@shared(x=1)\n@click.argument(name)\n@click.option(x)\n"
        "def main(): ..."
    )
    assert line.arguments == ()
    assert line.note == "Left to the free arguments: shared(x=1), name, x."
