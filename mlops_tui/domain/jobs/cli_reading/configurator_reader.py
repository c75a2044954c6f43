"""The arguments of a program whose constants are set by ``--name=value``, as nanoGPT's are."""

import ast

from mlops_tui.domain.jobs.argument import Argument, CommandLine, unique
from mlops_tui.domain.jobs.cli_reading.field import field, simple
from mlops_tui.domain.jobs.cli_reading.literal import UNKNOWN, Names
from mlops_tui.domain.jobs.cli_reading.python_value import spelled, spelled_text
from mlops_tui.domain.jobs.recipe import Parameter

SIGN = "configurator"
"""In the name of the file that is executed to set them."""

FILE = Parameter("config_file", None, "sets some of the values below", optional=True)
"""It comes first: what stands behind it wins."""


def read(tree: ast.Module) -> CommandLine | None:
    """Return the constants above the line that executes a configurator, None without such one."""
    names = Names(tree)
    found = [Argument(FILE)]
    for statement in tree.body:
        match statement:
            case ast.Expr(value=ast.Call(func=ast.Name(id="exec")) as call) if SIGN in ast.unparse(
                call
            ):
                return CommandLine(unique(found), "its constants, which a configurator sets")
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if name[0] != "_":
                default = names.value(value)
                if default is not UNKNOWN and simple(default) is not None:
                    parameter = field(name, type(default), default)
                    spell = spelled_text if isinstance(default, str) else spelled
                    found.append(Argument(parameter, f"--{name}=", spell=spell))
    return None
