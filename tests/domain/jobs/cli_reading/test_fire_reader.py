import json
import subprocess
import sys
from pathlib import Path

import pytest

from mlops_tui.domain.jobs.argument import CommandLine
from mlops_tui.domain.jobs.cli_reading import read_source
from mlops_tui.domain.jobs.recipe import Value
from mlops_tui.domain.jobs.sub_command import command_names, with_command

PROGRAM = """
import json
import fire

def train(data: str, lr: float = 1e-3, epochs=3, layers=[64, 32], fast: bool = False, name=None):
    print(json.dumps([data, lr, epochs, layers, fast, name]))

class Trainer:
    def __init__(self, seed: int = 0):
        self.seed = seed

    def fit(self, lr: float = 0.1):
        print(json.dumps([self.seed, lr]))

    def _hidden(self):
        pass

if __name__ == "__main__":
    fire.Fire(train)
"""


def printed(tmp_path: Path, program: str, line: CommandLine, values: dict[str, Value]) -> object:
    pytest.importorskip("fire")
    path = tmp_path / "program.py"
    path.write_text(program)
    done = subprocess.run(
        [sys.executable, str(path), *line.words(values)], capture_output=True, check=True
    )
    return json.loads(done.stdout)


@pytest.mark.process
def test_the_parameters_of_the_function_are_flags(tmp_path: Path) -> None:
    line = read_source(PROGRAM)
    assert [(p.name, p.type, p.default, p.optional) for p in line.parameters] == [
        ("data", str, None, False),
        ("lr", float, 0.001, True),
        ("epochs", int, 3, True),
        ("layers", str, "[64, 32]", True),
        ("fast", bool, False, True),
        ("name", str, None, True),
    ]
    values: dict[str, Value] = {"data": "-rows", "lr": -0.5, "layers": "[1]", "fast": True}
    assert printed(tmp_path, PROGRAM, line, values) == ["-rows", -0.5, 3, [1], True, None]


@pytest.mark.process
def test_the_methods_of_a_class_are_sub_commands(tmp_path: Path) -> None:
    program = PROGRAM.replace("Fire(train)", "Fire(Trainer)")
    line = read_source(program)
    assert list(command_names(line)) == ["fit"]
    values: dict[str, Value] = {"seed": 3, "lr": 0.5}
    assert printed(tmp_path, program, with_command(line, ["fit"]), values) == [3, 0.5]


@pytest.mark.parametrize(
    ("call", "names"),
    [("{'go': train}", ["go"]), ("", ["train"]), ("trainer", [])],
    ids=["by name", "all", "unknown"],
)
def test_functions_are_sub_commands(call: str, names: list[str]) -> None:
    line = read_source(PROGRAM.replace("Fire(train)", f"Fire({call})"))
    assert list(command_names(line)) == names
