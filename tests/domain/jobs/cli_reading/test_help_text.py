import argparse

import click
import pytest

from mlops_tui.domain.jobs.argument import Argument, CommandLine, command_words
from mlops_tui.domain.jobs.cli_reading import read_source
from mlops_tui.domain.jobs.cli_reading.help_text import as_read, read_help
from mlops_tui.domain.jobs.sub_command import preselected


def by_name(text: str) -> dict[str, Argument]:
    return {each.parameter.name: each for each in read_help(text).arguments}


def test_the_help_of_argparse_is_read() -> None:
    parser = argparse.ArgumentParser(formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("data", help="where the rows are")
    parser.add_argument("-l", "--learning-rate", type=float, default=0.1, help="the rate")
    parser.add_argument("--kind", choices=["adam", "sgd"], default="adam", help="which")
    parser.add_argument("--fast", action="store_true", help="hurry")
    parser.add_argument("--a-name-that-is-longer-than-its-column", default="x", help="some name")
    parser.add_argument("--layers", nargs="+", help="sizes")
    found = by_name(parser.format_help())
    assert list(found) == [
        *("data", "learning_rate", "kind", "fast"),
        *("a_name_that_is_longer_than_its_column", "layers"),
    ]
    assert found["data"].is_positional
    assert not found["data"].parameter.optional
    assert found["learning_rate"].parameter.default == "0.1"
    assert found["kind"].parameter.choices == ("adam", "sgd")
    assert (found["fast"].parameter.type, found["fast"].parameter.default) == (bool, False)
    assert found["a_name_that_is_longer_than_its_column"].parameter.default == "x"
    assert found["layers"].parameter.many


def test_the_help_of_click_is_read_with_its_types() -> None:
    @click.command()
    @click.option("--lr", "-l", default=0.1, show_default=True, help="the rate")
    @click.option("--epochs", type=int, required=True)
    @click.option("--kind", type=click.Choice(["adam", "sgd"]))
    @click.option("--shuffle/--no-shuffle", default=True, show_default=True)
    def main() -> None: ...

    with click.Context(main) as context:
        line = read_help(main.get_help(context))
    found = {each.parameter.name: each for each in line.arguments}
    assert (found["lr"].parameter.type, found["lr"].parameter.default) == (float, 0.1)
    assert (found["epochs"].parameter.type, found["epochs"].parameter.optional) == (int, False)
    assert found["kind"].parameter.choices == ("adam", "sgd")
    assert found["shuffle"].parameter.default is True
    assert command_words(line.arguments, {"shuffle": False, "epochs": 3}) == (
        *("--epochs", "3", "--no-shuffle"),
    )


def test_frames_and_colours_are_no_part_of_it() -> None:
    found = by_name(
        "Usage: train.py\n"
        "╭─ Arguments ─────────────────────────────────────────╮\n"
        "│ *    data      TEXT  [default: None] [required]     │\n"
        "╰─────────────────────────────────────────────────────╯\n"
        "╭─ Options ───────────────────────────────────────────╮\n"
        "│ --lr            \x1b[1mFLOAT\x1b[0m    the rate [default: 0.1]       │\n"
        "│ --fast  --no-fast        [default: no-fast]         │\n"
        "│ --help                   Show this message and exit.│\n"
        "╰─────────────────────────────────────────────────────╯\n"
    )
    assert (found["lr"].parameter.type, found["lr"].parameter.default) == (float, 0.1)
    assert (found["fast"].off_flag, found["fast"].parameter.default) == ("--no-fast", False)
    assert "help" not in found


def test_a_text_that_is_no_help_has_no_arguments() -> None:
    assert read_help("Traceback:\n  File x\n    - nothing\n" * 3).arguments == ()
    assert read_help("").source == ""


def test_sub_commands_are_named_by_every_library() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed")
    parsers = parser.add_subparsers()
    parsers.add_parser("fit", help="trains")
    parsers.add_parser("test-it")
    line = read_help(parser.format_help())
    assert (list(line.commands), list(by_name(parser.format_help()))) == (
        *(["fit", "test-it"], ["seed"]),
    )

    @click.group()
    def group() -> None: ...

    @group.command()
    def fit() -> None:
        """Train."""

    with click.Context(group) as context:
        assert list(read_help(group.get_help(context)).commands) == ["fit"]
    lightning = read_help(
        "usage: main.py [-h] [-c CONFIG] command ...\n\nsubcommands:\n"
        "  For more details of each subcommand, add it as an argument followed by --help.\n\n"
        "  Available subcommands:\n    fit                 Runs it all.\n    validate  Runs it.\n"
    )
    assert list(lightning.commands) == ["fit", "validate"]
    tyro = read_help(
        "usage: x.py [-h] {fit,check}\n\n╭─ subcommands ────────╮\n│ (required)           │\n"
        "│   • fit     Train.   │\n│   • check            │\n╰──────────────────────╯\n"
    )
    assert list(tyro.commands) == ["fit", "check"]


def test_types_that_the_help_of_jsonargparse_names_are_taken() -> None:
    found = by_name(
        "usage: main.py fit [options]\n\nTrainer:\n"
        "  --trainer.max_epochs MAX_EPOCHS\n"
        "                        (type: int | null, default: null)\n"
        "  --model.lr LR         the rate (type: float, default: 0.1)\n"
        "  --model.fast {true,false}\n"
        "                        (type: bool, default: False)\n"
        "  --model.layers [ITEM,...], --model.layers+ [ITEM,...]\n"
        "                        (type: list[int], default: [1, 2])\n"
        "  --data DATA           where (required, type: str)\n"
    )
    assert [
        (a.parameter.type, a.parameter.default, a.parameter.optional) for a in found.values()
    ] == [
        *((int, None, True), (float, 0.1, True), (bool, False, True), (str, None, True)),
        (str, None, False),
    ]
    assert found["model.layers"].written("[3,4]") == ["--model.layers", "[3,4]"]
    assert found["model.fast"].written(True) == ["--model.fast", "true"]


def test_of_an_answer_the_text_of_the_program_knows_the_types() -> None:
    read = read_source(
        "import argparse\np = argparse.ArgumentParser()\n"
        "p.add_argument('--lr', dest='rate', type=float)\np.add_argument('--unused')"
    )
    told = as_read(read_help("options:\n  --lr RATE  the rate\n  --more MORE  more\n"), read)
    assert [(p.name, p.type) for p in told.parameters] == [("rate", float), ("more", str)]


CYCLOPTS = """
Usage: train.py COMMAND [OPTIONS] [ARGS]

╭─ Commands ─────────────────────────────────────────────────────╮
│ check                                                          │
│ --help (-h)  Display this message and exit.                    │
│ --version    Display application version.                      │
╰────────────────────────────────────────────────────────────────╯
╭─ Parameters ───────────────────────────────────────────────────╮
│ *  DATA --data       [required]                                │
│    LR --lr           [default: 0.1]                            │
│    --epochs INT      [default: 3]                              │
│    --fast --no-fast  [default: False]                          │
╰────────────────────────────────────────────────────────────────╯
"""


def test_cyclopts_names_what_has_a_place_and_a_flag_and_may_run_without_a_command() -> None:
    line = read_help(CYCLOPTS)
    assert [(a.flag, a.parameter.default, a.parameter.optional) for a in line.arguments] == [
        ("--data", None, False),
        ("--lr", "0.1", True),
        ("--epochs", 3, True),
        ("--fast", False, True),
    ]
    assert (list(line.commands), line.runs_alone, preselected(line)) == (["check"], True, "")


def test_typed_argument_parser_says_type_and_default_in_the_help() -> None:
    line = read_help(
        "usage: train.py --data DATA [--lr LR] [--fast] [--slow] [--layers [LAYERS ...]] [-h]\n\n"
        "options:\n"
        "  --data DATA           (str, required) where\n"
        "  --lr LR               (float, default=0.1)\n"
        "  --fast                (bool, default=False)\n"
        "  --slow                (bool, default=True)\n"
        "  --layers [LAYERS ...]\n"
        "                        (list[int], default=[1, 2])\n"
        "  -h, --help            show this help message and exit\n"
    )
    assert [(p.name, p.type, p.default, p.optional, p.many) for p in line.parameters] == [
        ("data", str, None, False, False),
        ("lr", float, 0.1, True, False),
        ("fast", bool, False, True, False),
        ("slow", bool, True, True, False),
        ("layers", int, "1 2", True, True),
    ]
    assert line.words({"slow": False, "fast": True}) == ("--fast", "--slow")


DOCOPT = """Train.

Usage:
  train.py fit <data> [--lr=<x>] [--fast]
  train.py check <model>
  train.py (-h | --help)

Options:
  -h --help     Show this.
  --lr=<x>      Rate [default: 0.1].
  --fast        Faster.
"""


def test_what_the_usage_of_docopt_names_beyond_its_options_is_told() -> None:
    line = read_help(DOCOPT)
    assert [p.name for p in line.parameters] == ["lr", "fast"]
    assert line.note == ("Its usage names more, for the free arguments: <data> fit <model> check.")
    assert line.has_more
    assert not read_help("usage: a.py [-h] [--lr LR] data\n\noptions:\n  --lr LR  x").note


SACRED = """
Usage:
  train.py [(with UPDATE...)] [options]
  train.py help [COMMAND]
  train.py COMMAND [(with UPDATE...)] [options]

Options:
  -c VALUE --comment=VALUE      Add a comment to this run.
  -d --debug                    Set this run to debug mode.

Arguments:
  COMMAND   Name of command to run (see below for list of commands)
  UPDATE    Configuration assignments of the form foo.bar=17

Commands:
  print_config         Print the updated configuration and exit.
  save_config          Store the updated configuration in a file.
  main
"""


def test_sacred_runs_without_a_command_and_says_how_values_are_given() -> None:
    line = read_help(SACRED)
    assert [p.name for p in line.parameters] == ["comment", "debug"]
    assert list(line.commands) == ["print_config", "save_config", "main"]
    assert (line.runs_alone, preselected(line), line.has_more) == (True, "", True)
    assert line.note == "Values go as with name=value into the free arguments."


@pytest.mark.parametrize(
    ("names", "chosen"),
    [
        (["evaluate", "train"], "train"),
        (["check", "fit", "main"], "fit"),
        (["export", "train-model"], "train-model"),
        (["data split", "models train"], "models train"),
        (["prepare", "evaluate"], ""),
        (["restart", "untrain"], ""),
        (["evaluate"], "evaluate"),
        ([], ""),
    ],
)
def test_a_form_begins_with_a_sub_command_that_trains_or_with_none(
    names: list[str], chosen: str
) -> None:
    commands: dict[str, CommandLine] = {}
    for name in names:
        first, _, second = name.partition(" ")
        below = CommandLine(commands={second: CommandLine()}) if second else CommandLine()
        commands[first] = below
    assert preselected(CommandLine(commands=commands)) == chosen
