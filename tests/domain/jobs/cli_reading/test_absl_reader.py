from typing import TYPE_CHECKING

import pytest

from mlops_tui.domain.jobs.cli_reading import read_source

if TYPE_CHECKING:
    from mlops_tui.domain.jobs.recipe import Value

PROGRAM = """
from absl import app, flags

FLAGS = flags.FLAGS
flags.DEFINE_string("data", None, "Where the rows are.")
flags.DEFINE_float("lr", 0.1, "The rate.", lower_bound=0)
flags.DEFINE_integer("epochs", default=3, help="Rounds.")
flags.DEFINE_bool("fast", True, "Hurry.")
flags.DEFINE_enum("kind", "adam", ["adam", "sgd"], "Which.")
flags.DEFINE_list("layers", [64, 32], "Sizes.")
flags.DEFINE_multi_integer("seed", [0], "Seeds.")
flags.mark_flag_as_required("data")
"""


def test_every_flag_has_its_field_and_reads_what_is_written_for_it() -> None:
    line = read_source(PROGRAM)
    assert [(p.name, p.type, p.default, p.optional) for p in line.parameters] == [
        ("data", str, None, False),
        ("lr", float, 0.1, True),
        ("epochs", int, 3, True),
        ("fast", bool, True, True),
        ("kind", str, "adam", True),
        ("layers", str, "64,32", True),
        ("seed", int, "0", True),
    ]
    assert (line.parameters[4].choices, line.parameters[4].help) == (("adam", "sgd"), "Which.")
    flags = pytest.importorskip("absl.flags")
    scope: dict[str, object] = {}
    own = flags.FlagValues()
    program = PROGRAM.replace("FLAGS = flags.FLAGS", "").replace('.")', '.", flag_values=own)')
    exec(  # noqa: S102 - our own program
        program.replace(', "The rate.", lower_bound=0)', ', "The rate.", flag_values=own)')
        .replace('help="Rounds.")', 'help="Rounds.", flag_values=own)')
        .replace('required("data")', 'required("data", flag_values=own)'),
        scope | {"own": own},
    )
    values: dict[str, Value | None] = {
        "data": "-rows",
        "lr": 0.5,
        "epochs": 4,
        "fast": False,
        "kind": "sgd",
        "layers": "1,2",
        "seed": "1 2",
    }
    own(["program", *line.words(values)])
    assert own.flag_values_dict() == {
        "data": "-rows",
        "lr": 0.5,
        "epochs": 4,
        "fast": False,
        "kind": "sgd",
        "layers": ["1", "2"],
        "seed": [1, 2],
    }


def test_a_configuration_in_a_file_is_set_by_further_flags() -> None:
    line = read_source(
        "from ml_collections import config_flags\n"
        "config_flags.DEFINE_config_file('config', 'configs/base.py', 'What to train.')"
    )
    assert [(p.name, p.default) for p in line.parameters] == [("config", "configs/base.py")]
    assert line.note == "Values of --config go as --config.name=value."


def test_a_program_without_flags_has_no_fields() -> None:
    assert read_source("from absl import logging\nlogging.info('x')").source == ""
