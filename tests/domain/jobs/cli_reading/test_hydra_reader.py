from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mlops_tui.domain.jobs.cli_reading import read_source
from mlops_tui.domain.jobs.cli_reading.hydra_value import flow_text, read_yaml
from mlops_tui.domain.jobs.recipe import parse_fields, to_text

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
    assert line.source == "hydra's train"
    assert line.note.startswith("Not found: model/a. What it does not show goes into the free")
    assert [(p.name, p.type, p.default, p.optional) for p in line.parameters] == [
        ("model", str, "forest", True),
        ("local", str, "none", True),
        ("data", str, None, False),
        ("seed", str, None, True),
        ("fast", bool, True, True),
        ("rate", float, 0.001, True),
        ("trainer.max_epochs", int, 10, True),
        ("trainer.tags", str, "[a, b]", True),
        ("model.depth", int, 5, True),
        ("model.inner.rate", float, 0.5, True),
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


TEMPLATE = {
    "train.yaml": """
# @package _global_
defaults:
  - _self_
  - data: mnist
  - model: small.yaml
  - callbacks: default
  - logger: null
  - optional local: default
  - opt@model.opt: adam
  - experiment: quick
  - hydra: ours
task: train
seed: null
sizes: [1_000, 2]
rate: 1e-3
when: 2026-11-30
""",
    "data/mnist.yaml": "dir: ${paths.root}/x\nbatch: 64\nopts: {}",
    "model/small.yaml": "defaults: [net: tiny, /opt@second: sgd]\n_target_: x.M\ncompile: false",
    "model/net/tiny.yaml": "layers: 2\nact: relu",
    "model/net/huge.yaml": "layers: 200",
    "opt/adam.yaml": "lr: 0.1\nbetas: [0.9, 0.99]",
    "opt/sgd.yaml": "lr: 1",
    "callbacks/default.yaml": "defaults:\n  - stop\n  - _self_\nstop: {monitor: val/acc}",
    "callbacks/stop.yaml": "stop: {monitor: null, patience: 3}",
    "logger/csv.yaml": "name: csv",
    "logger/wandb.yml": "name: w",
    "paths/default.yaml": "root: ${oc.env:ROOT}",
    "experiment/quick.yaml": """
# @package _global_
defaults:
  - /paths: default
  - override /model/net: huge
seed: 7
data: {batch: 8}
""",
    "hydra/ours.yaml": "job: {name: ours}",
}


def beside(path: str) -> str | None:
    if path.endswith("/"):
        inside = (each.split("/") for each in TEMPLATE)
        folder = path.removeprefix("../conf/").rstrip("/").split("/")
        return "\n".join(each[-1] for each in inside if each[:-1] == folder)
    return TEMPLATE.get(path.removeprefix("../conf/"))


@pytest.fixture(scope="module")
def conf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("conf")
    for name, text in TEMPLATE.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def composed(conf: Path, words: tuple[str, ...]) -> dict[str, Any]:
    """Return the values that hydra itself has behind the words."""
    hydra = pytest.importorskip("hydra")
    from omegaconf import OmegaConf

    with hydra.initialize_config_dir(str(conf), version_base="1.3"):
        found = hydra.compose("train", overrides=list(words))
    return dict(flat(OmegaConf.to_container(found, resolve=False), ""))


def flat(found: Any, prefix: str) -> Iterator[tuple[str, Any]]:
    for key, value in found.items():
        if isinstance(value, dict) and value:
            yield from flat(value, f"{prefix}{key}.")
        elif not key.startswith("_"):
            yield f"{prefix}{key}", value


def test_files_of_files_are_put_together_as_hydra_does_it(conf: Path) -> None:
    line = read_source(PROGRAM, beside)
    groups = {p.name: (p.default, p.choices) for p in line.parameters if p.choices}
    assert groups == {
        "data": ("mnist", ("mnist",)),
        "model": ("small.yaml", ("small", "small.yaml")),
        "model/net": ("huge", ("huge", "tiny")),
        "opt@model.second": ("sgd", ("adam", "sgd")),
        "callbacks": ("default", ("default", "stop")),
        "logger": (None, ("csv", "wandb")),
        "local": ("default", ("default",)),
        "opt@model.opt": ("adam", ("adam", "sgd")),
        "experiment": ("quick", ("quick",)),
        "paths": ("default", ("default",)),
    }
    shown = {p.name: p.default for p in line.parameters if p.name not in groups}
    real = composed(conf, ())
    assert {name: None if v is None else str(v).replace("'", "") for name, v in real.items()} == {
        name: None if v is None else str(v) for name, v in shown.items()
    }


def test_a_default_without_a_group_has_the_package_of_its_folder_or_its_own() -> None:
    files = {
        "../conf/train.yaml": "defaults: [db/mysql, plain@inner]",
        "../conf/db/mysql.yaml": "port: 1",
        "../conf/plain.yaml": "x: 2",
    }
    line = read_source(PROGRAM, files.get)
    assert {p.name: p.default for p in line.parameters} == {"db.port": 1, "inner.x": 2}


@pytest.mark.parametrize(
    ("texts", "name", "value"),
    [
        ({"logger": "csv"}, "logger.name", "csv"),
        ({"opt@model.opt": "sgd"}, "model.opt.lr", 1),
        ({"opt@model.second": "adam"}, "model.second.lr", 0.1),
        ({"model/net": "tiny"}, "model.net.layers", 2),
        ({"model/net": "null"}, "model.compile", False),
        ({"task": "a=b, (c) {d} 'e' \\"}, "task", "a=b, (c) {d} 'e' \\"),
        ({"task": "choice(a,b)"}, "task", "choice(a,b)"),
        ({"task": "${data.batch}"}, "task", "${data.batch}"),
        ({"task": "[red"}, "task", "[red"),
        ({"sizes": "[1, 'a,b', null, {x: [y=1]}]"}, "sizes", [1, "a,b", None, {"x": ["y=1"]}]),
        ({"rate": "1e-7"}, "rate", 1e-7),
        ({"rate": "null"}, "rate", None),
        ({"model.compile": "true"}, "model.compile", True),
    ],
)
def test_hydra_has_what_a_field_shows(
    conf: Path, texts: dict[str, str], name: str, value: object
) -> None:
    line = read_source(PROGRAM, beside)
    filled = {each.name: to_text(each.default) for each in line.parameters} | texts
    values, reasons = parse_fields(line.parameters, filled)
    assert not reasons | line.problems(values)
    assert composed(conf, line.words(values))[name] == value


@pytest.mark.parametrize(
    ("words", "name", "value"),
    [
        ("++seed=1", "seed", 1),
        ("++trainer.limit=3", "trainer.limit", 3),
        ("++data.opts.x=1", "data.opts.x", 1),
        ("+opt=adam", "opt.lr", 0.1),
    ],
)
def test_what_the_note_advises_works(conf: Path, words: str, name: str, value: object) -> None:
    line = read_source(PROGRAM, beside)
    assert composed(conf, line.words({}, words))[name] == value


@settings(max_examples=80, deadline=None)
@given(st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=12))
def test_hydra_takes_any_text_for_what_it_is(text: str) -> None:
    parser = pytest.importorskip("hydra.core.override_parser.overrides_parser")
    text = text.strip()
    assume(text not in ("", "train") and not isinstance(read_yaml(text), list | dict))
    line = read_source(PROGRAM, beside)
    (word,) = line.words({"task": text})
    (found,) = parser.OverridesParser.create().parse_overrides([word])
    assert not found.is_sweep_override()
    value = found.value()
    if isinstance(value, bool) or value is None:
        assert {"True": "true", "False": "false", "None": "null"}[str(value)] == text.lower()
    elif isinstance(value, int | float):
        assert str(value) == str(type(value)(text))
    else:
        assert value == text


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4) | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.just("k"), inner, max_size=1),
    max_leaves=6,
)


@settings(max_examples=60, deadline=None)
@given(st.lists(VALUES, max_size=4))
def test_hydra_takes_a_list_for_what_it_is(value: list[object]) -> None:
    parser = pytest.importorskip("hydra.core.override_parser.overrides_parser")
    text = flow_text(value)
    assume(read_yaml(text) == value)
    (word,) = read_source(PROGRAM, beside).words({"sizes": text}) or ("sizes=[1000,2]",)
    (found,) = parser.OverridesParser.create().parse_overrides([word])
    assert found.value() == value


STORE = """
import hydra
from dataclasses import dataclass, field
from typing import Any
from hydra.core.config_store import ConfigStore
from omegaconf import MISSING

@dataclass
class Adam:
    lr: float = 0.1
    betas: list[float] = field(default_factory=lambda: [0.9, 0.99])

@dataclass
class Sgd:
    lr: float = 1.0

@dataclass
class Net:
    depth: int = 3

@dataclass
class Config:
    defaults: list[Any] = field(default_factory=lambda: [{"optimizer": "adam"}, "_self_"])
    optimizer: Any = MISSING
    net: Net = field(default_factory=Net)
    data: str = MISSING
    name: str | None = None
    made: int = field(default_factory=f)

store = ConfigStore.instance()
store.store(name="config", node=Config)
store.store(group="optimizer", name="adam", node=Adam)
store.store(group="optimizer", name="sgd", node=Sgd)

@hydra.main(version_base=None, config_name="config")
def main(config): ...
"""


def test_dataclasses_in_the_store_of_configurations_are_read() -> None:
    line = read_source(STORE)
    assert [(p.name, p.type, p.default, p.optional) for p in line.parameters] == [
        ("optimizer", str, "adam", True),
        ("optimizer.lr", float, 0.1, True),
        ("optimizer.betas", str, "[0.9, 0.99]", True),
        ("net.depth", int, 3, True),
        ("data", str, None, False),
        ("name", str, None, True),
    ]
    assert line.parameters[0].choices == ("adam", "sgd")
    assert line.note.startswith("Left to the free arguments: made.")


def test_a_value_says_of_which_option_it_is() -> None:
    told = {p.name: p.help for p in read_source(PROGRAM, beside).parameters}
    assert told["model"] == "its values below are those of small.yaml"
    assert told["model.net.layers"] == "of model/net=huge"
    assert told["model.opt.lr"] == "of opt@model.opt=adam"
    assert told["task"] == ""
