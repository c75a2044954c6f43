import ast

from mlops_tui.domain.jobs.cli_reading import read_source

PROGRAM = """
import math
rate = 6e-4
steps = 1_000
fast = True
name = "a"
_hidden = 1
root = math.pi
exec(open("configurator.py").read())
late = 3
"""


def test_the_constants_above_a_configurator_are_fields() -> None:
    line = read_source(PROGRAM)
    names = ["config_file", "rate", "steps", "fast", "name"]
    assert [p.name for p in line.parameters] == names
    words = line.words({"config_file": "gpt.py", "rate": 1.0, "fast": False, "name": "a b"})
    assert words == ("gpt.py", "--rate=1.0", "--fast=False", "--name=a b")


def test_constants_alone_are_no_fields() -> None:
    assert read_source("rate = 1").arguments == ()


def test_a_text_stays_a_text_for_what_reads_values_as_python() -> None:
    line = read_source("name = 'x'\nrate = 0.1\nfast = True\nexec(open('configurator.py').read())")
    words = line.words({"name": "123", "rate": 2.0, "fast": False})
    values = [ast.literal_eval(word.partition("=")[2]) for word in words]
    assert values == ["123", 2.0, False]
    assert line.words({"name": "a b-c"}) == ("--name=a b-c",)
