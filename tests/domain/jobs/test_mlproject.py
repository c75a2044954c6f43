import shlex
from typing import Any

import pytest

from mlops_tui.domain.errors import InvalidInput
from mlops_tui.domain.jobs.mlproject import (
    entry_points,
    environment_note,
    project_command,
    with_defaults,
)
from mlops_tui.domain.jobs.recipe import parse_fields, to_text

PROJECT = {
    "name": "demo",
    "entry_points": {
        "check": {"command": "python check.py"},
        "main": {
            "parameters": {
                "lr": {"type": "float", "default": 1},
                "rounds": {"type": "int", "default": 3},
                "data": "path",
            },
            "command": "python train.py --lr {lr} {data}",
        },
    },
}


def test_main_comes_first_with_typed_parameters() -> None:
    points = entry_points(PROJECT)
    assert list(points) == ["main", "check"]
    assert [
        (a.parameter.name, a.parameter.type, a.parameter.default, a.parameter.optional)
        for a in points["main"].arguments
    ] == [("lr", float, "1", True), ("rounds", int, 3, True), ("data", str, None, False)]
    assert points["main"].arguments[2].parameter.help == "needed; path"


@pytest.mark.parametrize(
    ("project", "sentence"),
    [
        (None, "names no entry points"),
        ([], "names no entry points"),
        ({"entry_points": {}}, "names no entry points"),
        ({"entry_points": {"main": {}}}, "'main' of the MLproject file has no command"),
        ({"entry_points": {"main": "python x"}}, "has no command"),
        (PROJECT | {"docker_env": {"image": "x"}}, "wants a Docker container"),
    ],
)
def test_a_project_that_cannot_be_launched_says_why(project: object, sentence: str) -> None:
    with pytest.raises(InvalidInput, match=sentence):
        entry_points(project)


def test_a_project_that_asks_for_an_environment_is_told_that_none_is_made() -> None:
    assert environment_note(PROJECT) == environment_note(None) == ""
    note = environment_note(PROJECT | {"conda_env": "conda.yaml"})
    assert note.startswith("Nothing of its conda_env is installed")


@pytest.mark.parametrize("hurting", ["a b", "x; touch y", "$(rm -r z)", "'\"", "{lr}", "", "*"])
def test_a_value_stays_one_word_whatever_it_holds(hurting: str) -> None:
    command = project_command("python t.py --d {data} x", {"data": hurting}, "/py", "--more 'a b'")
    assert command == ("/py", "t.py", "--d", hurting, "x", "--more", "a b")
    shell = project_command("cd src && ./t {data}", {"data": hurting}, "/py", "'a b'")
    assert shell[:2] == ("bash", "-c")
    assert shlex.split(shell[2]) == ["cd", "src", "&&", "./t", hurting, "a b"]


def test_doubled_braces_stand_for_one() -> None:
    assert project_command("run '{{x}}' {n}", {"n": 1}, "/py") == ("run", "{x}", "1")


@pytest.mark.parametrize("template", ["run {missing}", "run {x.y}", "run {}", "run 'open"])
def test_a_template_that_cannot_be_filled_is_refused(template: str) -> None:
    with pytest.raises(InvalidInput, match="The command of the MLproject file"):
        project_command(template, {"x": 1}, "/py")


@pytest.mark.parametrize(
    ("told", "typed"),
    [
        ("{type: int, default: None}", {}),
        ("{type: int, default: 1e3}", {}),
        ("{type: float, default: 1e-3}", {}),
        ("{type: float, default: 1}", {}),
        ("{type: string, default: true}", {}),
        ("{default: 0.10}", {}),
        ("{default: [1, 2]}", {}),
        ("{type: path, default: .}", {}),
        ("{type: int, default: -5}", {}),
        ("{default: ''}", {}),
        ("{default: ' x '}", {}),
        ("{type: int, default: 3}", {"p": "4"}),
        ("{type: int, default: 3}", {"p": ""}),
        ("{type: string, default: x}", {"p": "a b"}),
        ("string", {"p": "null"}),
    ],
)
def test_the_command_has_what_mlflow_run_passes(told: str, typed: dict[str, str]) -> None:
    import yaml
    from mlflow.projects._project_spec import EntryPoint

    known = yaml.safe_load(told)
    told_by_person = {name: text for name, text in typed.items() if text}
    entry: Any = EntryPoint
    theirs = entry("main", {"p": known}, "run.sh {p}").compute_command(told_by_person, None)
    points = entry_points(
        {"entry_points": {"main": {"parameters": {"p": known}, "command": "run.sh {p}"}}}
    )
    parameters = [each.parameter for each in points["main"].arguments]
    texts = {each.name: to_text(each.default) for each in parameters} | typed
    values, reasons = parse_fields(parameters, texts)
    assert not reasons
    ours = project_command("run.sh {p}", with_defaults(parameters, values), "python")
    assert list(ours) == shlex.split(theirs)
