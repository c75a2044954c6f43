import pytest

from mlops_tui.domain.jobs.cli_reading import read_source

PROGRAM = """
import hydra

@hydra.main(version_base=None, config_path="../conf", config_name="train")
def main(config): ...
"""
FILES = {
    "../conf/train.yaml": """
# @package _global_
defaults:
  - _self_
  - model: forest
  - optional local: none
  - override hydra/launcher: basic
data: ???
seed: null
fast: true
rate: 1e-3
trainer: {max_epochs: 10, tags: [a, b]}
hydra: {run: {dir: out}}
""",
    "../conf/model/forest.yaml": "_target_: x.Forest\ndepth: 5\ninner: {rate: 0.5}\ndefaults: [a]",
}


def test_the_values_of_the_configuration_are_overrides() -> None:
    line = read_source(PROGRAM, FILES.get)
    assert (line.source, line.note[:14]) == ("hydra's train", "A key that it ")
    assert [(p.name, p.type, p.default, p.optional) for p in line.parameters] == [
        ("data", str, None, False),
        ("seed", str, None, True),
        ("fast", bool, True, True),
        ("rate", str, "1e-3", True),
        ("trainer.max_epochs", int, 10, True),
        ("trainer.tags", str, "[a, b]", True),
        ("model", str, "forest", True),
        ("model.depth", int, 5, True),
        ("model.inner.rate", float, 0.5, True),
        ("local", str, "none", True),
    ]


def test_hydra_reads_what_is_written_for_it() -> None:
    parser = pytest.importorskip("hydra.core.override_parser.overrides_parser")
    line = read_source(PROGRAM, FILES.get)
    words = line.words({"data": "a b/c", "fast": False, "model.depth": -3, "trainer.tags": "[c]"})
    assert words == ("data=a b/c", "fast=false", "trainer.tags=[c]", "model.depth=-3")
    found = parser.OverridesParser.create().parse_overrides(list(words))
    assert {each.key_or_group: each.value() for each in found} == {
        "data": "a b/c",
        "fast": False,
        "trainer.tags": ["c"],
        "model.depth": -3,
    }


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("@hydra.main()", "It names no configuration."),
        ("@hydra.main(config_name='gone')", "Its configuration gone was not found."),
        ("@hydra.main(config_name='bad')", "Its configuration bad was not found."),
    ],
)
def test_a_configuration_that_cannot_be_read_is_told(text: str, note: str) -> None:
    line = read_source(f"import hydra\n{text}\ndef main(c): ...", {"./bad.yaml": "a: ["}.get)
    assert (line.arguments, line.note) == ((), note)
