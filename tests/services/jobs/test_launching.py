"""Real programs of every kind, launched."""

import base64
import hashlib
import json
import os
import shlex
import stat
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from mlops_tui.domain.errors import InvalidInput, NotFound, ServiceError
from mlops_tui.domain.jobs.argument import CommandLine
from mlops_tui.domain.jobs.filled_form import default_texts
from mlops_tui.domain.jobs.job_options import JobOptions, options_of
from mlops_tui.domain.jobs.job_spec import job_spec, secret_env
from mlops_tui.domain.jobs.launchable import Launchable, Target, TargetKind
from mlops_tui.domain.jobs.recipe import parse_fields
from mlops_tui.domain.processes.process import ProcessRecord, ProcessState
from mlops_tui.domain.store import Store
from mlops_tui.services.jobs import forms, help_output, jobs, launch_memory, program_discovery
from mlops_tui.services.jobs.forms import LaunchContext
from mlops_tui.services.jobs.launchables import find_target, read_launchable
from mlops_tui.services.jobs.script_python import python_for
from mlops_tui.services.launchers import processes
from mlops_tui.services.runs import runs
from tests import detached
from tests.making import make_run

ARGPARSE = """
import argparse, json, os, sys
p = argparse.ArgumentParser()
p.add_argument("data")
p.add_argument("--lr", type=float, default=0.1)
p.add_argument("--fast", action="store_true")
if __name__ == "__main__":
    print(json.dumps(vars(p.parse_args()) | {"cwd": os.getcwd(), "var": os.environ.get("VAR")}))
"""
CLICK = """
import click, json
@click.command()
@click.argument("data")
@click.option("--lr", default=0.1)
@click.option("--fast/--slow", default=False)
def main(**given):
    print(json.dumps(given))
if __name__ == "__main__":
    main()
"""
TYPER = """
import json, typer
def main(data: str, lr: float = 0.1, fast: bool = False):
    print(json.dumps({"data": data, "lr": lr, "fast": fast}))
if __name__ == "__main__":
    typer.run(main)
"""
TYRO = """
import dataclasses, json, tyro
@dataclasses.dataclass
class Config:
    data: str
    lr: float = 0.1
    fast: bool = False
if __name__ == "__main__":
    print(json.dumps(dataclasses.asdict(tyro.cli(Config))))
"""
COMMANDS = """
import argparse, json
p = argparse.ArgumentParser()
p.add_argument("--verbose", action="store_true")
s = p.add_subparsers(dest="command", required=True)
fit = s.add_parser("fit")
fit.add_argument("--lr", type=float, default=0.1)
check = s.add_parser("check")
check.add_argument("data")
if __name__ == "__main__":
    print(json.dumps(vars(p.parse_args())))
"""
HIDDEN = "__import__('runpy').run_module('commands', run_name='__main__')"
"""Tells nothing of the parameters that it takes."""

PROJECT = """
name: demo
entry_points:
  main:
    parameters: {data: string, lr: {type: float, default: 0.1}, fast: {default: ""}}
    command: "python train.py {data} --lr {lr}"
  shell:
    parameters: {data: string}
    command: "true && python train.py {data} > out.txt; cat out.txt"
"""
LOGGING = """
import argparse, mlflow
p = argparse.ArgumentParser()
p.add_argument("--lr", type=float, default=0.1)
a = p.parse_args()
with mlflow.start_run():
    mlflow.log_params(vars(a) | {"extra": 1})
"""

NOTHING_ELSE = JobOptions()


@pytest.fixture
def state_dir(tmp_path: Path) -> Iterator[Path]:
    with detached.nothing_left_behind():
        yield tmp_path / "state"


@pytest.fixture
def work(tmp_path: Path) -> Path:
    folder = tmp_path / "work [red]"
    folder.mkdir()
    return folder


@pytest.fixture
def place(sqlite_store: Store, state_dir: Path, work: Path) -> LaunchContext:
    return LaunchContext(sqlite_store, state_dir, work, sys.executable)


def written(work: Path, text: str, name: str = "train.py") -> Path:
    path = work / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def read(place: LaunchContext, text: str, entry_point: str = "") -> Launchable:
    target = find_target(text, place.directory, entry_point)
    return read_launchable(target, place.store, place.directory, place.python)


def launched(
    place: LaunchContext,
    found: Launchable,
    texts: Mapping[str, str],
    options: JobOptions = NOTHING_ELSE,
) -> ProcessRecord:
    values, reasons = parse_fields(found.line.parameters, default_texts(found) | dict(texts))
    assert reasons == {}
    spec = job_spec(found, values, options)
    return jobs.launch(place.store, place.state_dir, spec, secret_env(found, values, options))


def printed(place: LaunchContext, job: ProcessRecord) -> dict[str, object]:
    end = detached.ended(place.state_dir, job)
    text = detached.log(place.state_dir, job)
    assert end.state is ProcessState.FINISHED, text
    found: dict[str, object] = json.loads(text)
    return found


@pytest.mark.parametrize(
    ("program", "library"),
    [(ARGPARSE, "argparse"), (CLICK, "click"), (TYPER, "typer"), (TYRO, "tyro")],
    ids=["argparse", "click", "typer", "dataclass"],
)
def test_a_script_is_launched_with_the_values_of_its_form(
    place: LaunchContext, work: Path, program: str, library: str
) -> None:
    pytest.importorskip(library)
    written(work, program)
    found = read(place, "train.py")
    assert [p.name for p in found.line.parameters] == ["data", "lr", "fast"]
    job = launched(place, found, {"data": "a b; $(x)", "lr": "-0.5", "fast": "true"})
    assert job.command[:2] == (sys.executable, str(work / "train.py"))
    got = printed(place, job)
    assert (got["data"], got["lr"], got["fast"]) == ("a b; $(x)", -0.5, True)


def test_a_module_runs_in_its_folder_with_free_arguments(place: LaunchContext, work: Path) -> None:
    written(work, ARGPARSE, "pkg/train.py")
    found = read(place, "-m pkg.train")
    options = JobOptions(free="--fast", variables={"VAR": "tops3cret"}, run_name="first")
    job = launched(place, found, {"data": "rows"}, options)
    assert printed(place, job) == {
        "data": "rows",
        "lr": 0.1,
        "fast": True,
        "cwd": str(work),
        "var": "tops3cret",
    }
    assert job.title == "first"
    assert "VAR" in job.environment
    kept = b"".join(path.read_bytes() for path in place.state_dir.rglob("*.json") if path.is_file())
    assert b"VAR" in kept
    assert b"tops3cret" not in kept


@pytest.mark.parametrize("entry_point", ["main", "shell"])
def test_an_entry_point_is_launched_with_or_without_a_shell(
    place: LaunchContext, work: Path, entry_point: str
) -> None:
    written(work, ARGPARSE)
    written(work, PROJECT, "MLproject")
    found = read(place, ".", entry_point)
    job = launched(place, found, {"data": "a b; touch pwned"})
    assert (job.command[0] == "bash") is (entry_point == "shell")
    got = printed(place, job)
    assert (got["data"], got["cwd"]) == ("a b; touch pwned", str(work))
    assert not (work / "pwned").exists()


@pytest.mark.slow
def test_the_run_of_a_script_is_named_tagged_filed_and_made_again(
    place: LaunchContext, work: Path
) -> None:
    written(work, LOGGING)
    found = read(place, "train.py")
    options = JobOptions(experiment="Flowers", run_name="first", tags={"team": "x"})
    job = launched(place, found, {"lr": "0.5"}, options)
    end = detached.ended(place.state_dir, job)
    assert end.state is ProcessState.FINISHED, detached.log(place.state_dir, job)
    (run,) = runs.runs_of_job(place.store, job.process_id)
    assert (run.name, run.params["lr"], run.tags["team"]) == ("first", "0.5", "x")
    detail = runs.get_run(place.store, run.run_id)
    assert detail.experiment_name == "Flowers"
    assert place.store.sqlite_path
    assert str(place.store.sqlite_path.parent / "mlruns") in run.artifact_uri
    by_record = forms.form_of_run(place, run.run_id)
    assert (by_record.word, by_record.note) == ("was", "")
    assert by_record.texts == by_record.original == {"lr": "0.5"}
    assert by_record.options["tags"] == "team=x"
    assert by_record.options["run_name"] == "first-2"
    assert by_record.original_options["run_name"] == "first"
    processes.remove(place.state_dir, job.kind, job.process_id)
    by_tags = forms.form_of_run(place, run.run_id)
    assert by_tags.launchable.target == found.target
    assert by_tags.texts == {"lr": "0.5"}
    assert by_tags.options["experiment"] == "Flowers"
    assert by_tags.options["run_name"] == "first-2"
    assert by_tags.options["tags"] == "team=x"
    assert by_tags.note.endswith("No field for extra.")


def test_the_last_values_come_back_without_secrets(place: LaunchContext, work: Path) -> None:
    written(
        work,
        "import argparse\np = argparse.ArgumentParser()\n"
        "p.add_argument('--lr', type=float, default=0.1)\np.add_argument('--api-key')\n"
        "p.add_argument('--max-tokens', type=int)\np.add_argument('--at')\n"
        "p.add_argument('--token')\n"
        "import os; print([len(w or '') for w in (p.parse_args().api_key, p.parse_args().at,"
        " p.parse_args().token, os.environ.get('MLOPS_TUI_COMMAND'))])\n",
    )
    fresh = forms.typed_form(place, "train.py")
    empty = {"lr": "0.1", "api_key": "", "max_tokens": "", "at": "", "token": ""}
    assert (fresh.texts, fresh.note) == (empty, "")
    assert fresh.options == {
        "directory": str(work),
        "python": sys.executable,
        "system_metrics": "false",
    }
    options = JobOptions(
        experiment="Flowers", variables={"VAR": "1"}, free="--token 'tops3cret it'"
    )
    given = {"lr": "0.5", "max_tokens": "9", "api_key": "tops3cret'", "at": "s3://me:tops3cret@x"}
    job = launched(place, fresh.launchable, given, options)
    assert detached.ended(place.state_dir, job).state is ProcessState.FINISHED
    assert detached.log(place.state_dir, job) == "[10, 19, 12, 0]\n"
    kept = b"".join(path.read_bytes() for path in place.state_dir.rglob("*") if path.is_file())
    assert b"tops3cret" not in kept
    shown = "--lr 0.5 --api-key *** --max-tokens 9 --at *** --token ***"
    assert shlex.join(job.command).endswith(shown.replace("***", "'***'"))
    again = forms.typed_form(place, "train.py")
    assert again.texts == empty | {"lr": "0.5", "max_tokens": "9"}
    assert again.original == empty
    assert (again.options["experiment"], again.options["variables"]) == ("Flowers", "VAR")
    assert launch_memory.recent(place.state_dir) == (fresh.launchable.target,)
    form = forms.form_of_job(place, job.process_id)
    assert form.texts == again.texts
    assert (form.original["api_key"], form.original["max_tokens"]) == ("***", "9")
    assert form.note == "Not kept, to be typed again: api_key, at."
    _, reasons = parse_fields(form.launchable.line.parameters, form.texts)
    assert reasons == {"api_key": "needs a value", "at": "needs a value"}
    assert options_of(form.options)[1].keys() == {"arguments"}


@pytest.mark.parametrize("text", ["[]", '{"x": 1}', '{"x": {"kind": "magic", "at": "never"}}'])
def test_a_memory_that_makes_no_sense_remembers_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / launch_memory.FILE).write_text(text)
    assert launch_memory.recent(tmp_path) == ()
    assert launch_memory.last_values(tmp_path, Target(TargetKind.RECIPE, "x")) == ({}, {})


def test_a_program_begins_with_its_last_sub_command_unless_one_is_named(tmp_path: Path) -> None:
    entry = {"kind": "script", "name": "train.py", "entry_point": "fit", "at": 1}
    (tmp_path / launch_memory.FILE).write_text(json.dumps({"x": entry}))
    fit = Target(TargetKind.SCRIPT, "train.py", "fit")
    test, other = replace(fit, entry_point="test"), Target(TargetKind.SCRIPT, "other.py")
    for asked, found in ((replace(fit, entry_point=""), fit), (test, test), (other, other)):
        assert launch_memory.with_last_command(tmp_path, asked) == found


def test_a_recipe_is_one_target_among_others(place: LaunchContext) -> None:
    found = read(place, "synthetic_forest")
    assert found.target.kind is TargetKind.RECIPE
    assert "variables" in {each.name for each in found.job_fields}
    assert "arguments" not in {each.name for each in found.job_fields}


@pytest.mark.parametrize(
    ("text", "failure", "sentence"),
    [
        ("", NotFound, "There is no name to launch."),
        ("magic", NotFound, "There is no magic to launch. It can be a recipe"),
        ("-m 1x", InvalidInput, "'1x' is no module."),
        ("notes.txt", InvalidInput, "notes.txt is no Python program."),
        (".", NotFound, "There is no . to launch."),
    ],
)
def test_what_cannot_be_launched_says_why(
    place: LaunchContext, work: Path, text: str, failure: type[ServiceError], sentence: str
) -> None:
    written(work, "x", "notes.txt")
    with pytest.raises(failure) as refusal:
        find_target(text, work)
    assert str(refusal.value).startswith(sentence)


def test_programs_that_cannot_be_read_say_why(place: LaunchContext, work: Path) -> None:
    with pytest.raises(NotFound, match="There is no recipe 'x'"):
        read_launchable(Target(TargetKind.RECIPE, "x"), place.store, work)
    with pytest.raises(NotFound, match="on this machine"):
        read_launchable(Target(TargetKind.SCRIPT, str(work / "gone.py")), place.store, work)
    with pytest.raises(NotFound, match="There is no MLproject file"):
        read_launchable(Target(TargetKind.PROJECT, str(work / "gone")), place.store, work)
    (work / "binary.py").write_bytes(b"\0\1")
    with pytest.raises(ServiceError, match="is no text"):
        read(place, "binary.py")
    for text in ("a: [", "a: 2026-99-99", f"a: {'9' * 5_000}", "[" * 2_000):
        written(work, text, "MLproject")
        with pytest.raises(InvalidInput, match="is no YAML"):
            read(place, ".")
    written(work, PROJECT, "MLproject")
    with pytest.raises(NotFound, match=r"no entry point 'x'. It has: main, shell"):
        read(place, "MLproject", "x")
    assert read(place, "-m not_here").line.note == "Its text is not in this folder."


def test_a_folder_with_a_main_is_a_script(place: LaunchContext, work: Path) -> None:
    written(work, ARGPARSE, "app/__main__.py")
    found = read(place, "app")
    assert found.target == Target(TargetKind.SCRIPT, str(work / "app"))
    assert len(found.line.parameters) == 3


def test_wrong_options_are_refused_before_anything_is_made(
    place: LaunchContext, work: Path
) -> None:
    written(work, ARGPARSE)
    found = read(place, "train.py")
    with pytest.raises(InvalidInput, match="There is no folder /no/such to work in"):
        launched(place, found, {"data": "x"}, JobOptions(directory="/no/such"))
    with pytest.raises(InvalidInput, match="variable NOT_SET is not set here"):
        launched(place, found, {"data": "x"}, JobOptions(variables={"NOT_SET": None}))
    assert not place.state_dir.exists()


def test_a_variable_without_a_value_is_handed_on(
    place: LaunchContext, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VAR", "from here")
    written(work, ARGPARSE)
    job = launched(
        place, read(place, "train.py"), {"data": "x"}, JobOptions(variables={"VAR": None})
    )
    assert printed(place, job)["var"] == "from here"


def test_the_python_of_the_project_is_found_next_to_the_script_or_above(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    folder = tmp_path / "home" / "project" / "src"
    folder.mkdir(parents=True)
    assert python_for(folder, "", {}).origin == "own"
    python = tmp_path / "home" / "project" / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    assert python_for(folder, "", {}).origin == "own"
    (python.parents[1] / "pyvenv.cfg").touch()
    assert python_for(folder, "", {}).path == str(python)
    assert python_for(folder, "", {}).origin == str(python.parents[1])
    assert python_for(folder, sys.executable, {}).origin == "setting"


def test_the_python_that_conda_or_poetry_keeps_for_the_project_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    monkeypatch.setenv("HOME", str(home))
    project, conda = home / "project", tmp_path / "conda" / "envs"
    for prefix in (conda / "wine", conda / "other"):
        (prefix / "bin").mkdir(parents=True)
        (prefix / "bin" / "python").symlink_to(sys.executable)
    written(home, f"{conda}/other\n{conda}/wine\n{conda}/gone\n", ".conda/environments.txt")
    written(project, "dependencies: []\nname: wine  # ours\n", "environment.yml")
    assert python_for(project, "", {}).origin == str(conda / "wine")
    written(project, "name: gone", "environment.yml")
    assert python_for(project, "", {}).origin == "own"
    written(project, "", "poetry.lock")
    digest = hashlib.sha256(str(project.resolve()).encode()).digest()
    mark = base64.urlsafe_b64encode(digest).decode()[:8]
    kept = home / ".cache/pypoetry/virtualenvs" / f"project-{mark}-py3.11"
    (kept / "bin").mkdir(parents=True)
    (kept / "bin" / "python").symlink_to(sys.executable)
    assert python_for(project / "src", "", {}).path == str(kept / "bin" / "python")


def test_programs_at_hand_are_found_level_by_level(work: Path) -> None:
    written(work, ARGPARSE, "z.py")
    written(work, "import mlflow", "src/a.py")
    written(work, "x = 1", "plain.py")
    written(work, ARGPARSE, ".venv/hidden.py")
    written(work, ARGPARSE, "node_modules/x.py")
    written(work, ARGPARSE, "test_z.py")
    written(work, ARGPARSE, "tests/made.py")
    written(work, "", "package/__init__.py")
    written(work, "import mlflow", "package/imported.py")
    written(work, "import mlflow\nif __name__ == '__main__':\n    ...", "package/run.py")
    written(work, ARGPARSE, "own/x.py")
    written(work, "", "own/pyvenv.cfg")
    written(work, ARGPARSE, "1/2/3/4/deep.py")
    written(work, PROJECT, "p/MLproject")
    written(work, "nothing", "q/MLproject")
    found = [
        (Path(each.name).name, each.entry_point) for each in program_discovery.find_nearby(work)
    ]
    assert found == [("p", "main"), ("p", "shell"), ("z.py", ""), ("run.py", ""), ("a.py", "")]


def test_only_so_many_programs_are_listed(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program_discovery, "MOST_FOUND", 2)
    for name in "abc":
        written(work, ARGPARSE, f"{name}.py")
    assert len(program_discovery.find_nearby(work)) == 2
    assert program_discovery.find_nearby(work / "gone") == ()


def test_a_program_is_asked_for_its_parameters(place: LaunchContext, work: Path) -> None:
    written(work, ARGPARSE, "options.py")
    written(work, "options = __import__('options')\nprint(options.p.parse_args())")
    found = read(place, "train.py")
    assert found.line.arguments == ()
    asked = help_output.ask_help(found)
    assert [each.name for each in asked.line.parameters] == ["data", "lr", "fast"]


@pytest.mark.parametrize("changed", ["options.py", "train.py"])
@pytest.mark.parametrize("typed", ["train.py", "-m train"])
def test_what_a_program_has_told_is_asked_again_when_its_text_has_changed(
    place: LaunchContext,
    work: Path,
    typed: str,
    changed: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Python itself takes a compiled module for that of a source of the same size and time.
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    texts = {"options.py": ARGPARSE, "train.py": "import options\noptions.p.parse_args()"}
    for name, text in texts.items():
        written(work, text, name)
    assert "lr" in names_told(place, typed)
    before = (work / changed).stat()
    if changed == "train.py":
        texts[changed] = ARGPARSE
    written(work, texts[changed].replace("--lr", "--mu"), changed)
    os.utime(work / changed, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert "mu" in names_told(place, typed, "mu")


def names_told(place: LaunchContext, typed: str, wanted: str = "lr") -> set[str]:
    """Return the parameters of a program that is only asked where one is not known."""
    found = replace(read(place, typed), line=CommandLine())
    return {each.name for each in help_output.naming(found, [wanted]).line.parameters}


def test_a_module_that_is_installed_is_asked_again_when_its_text_has_changed(
    place: LaunchContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")  # as above
    packages = tmp_path / "env" / "lib" / "python3" / "site-packages"
    python = tmp_path / "env" / "bin" / "python"
    written(
        python.parent, f'#!/bin/sh\nPYTHONPATH={packages} exec {sys.executable} "$@"\n', "python"
    )
    python.chmod(0o755)
    place = replace(place, python=str(python))
    written(packages, ARGPARSE, "tools/train.py")
    assert "lr" in names_told(place, "-m tools.train")
    written(packages, ARGPARSE.replace("--lr", "--mu"), "tools/train.py")
    assert "mu" in names_told(place, "-m tools.train", "lr")


def test_a_program_whose_text_is_unchanged_is_asked_once(place: LaunchContext, work: Path) -> None:
    written(work, f"open('asked', 'a').write('x')\n{ARGPARSE}")
    for _ in range(2):
        assert "lr" in names_told(place, "train.py")
    assert (work / "asked").read_text() == "x"


def test_a_sub_command_is_launched_and_comes_back_with_its_values(
    place: LaunchContext, work: Path
) -> None:
    written(work, COMMANDS)
    form = forms.typed_form(place, "train.py")
    assert form.launchable.entry_points == ("fit", "check")
    assert (form.launchable.title, form.texts) == (
        "train.py fit",
        {"verbose": "false", "lr": "0.1"},
    )
    form = forms.form_of_command(place, form.launchable, "check")
    job = launched(place, form.launchable, {"verbose": "true", "data": "rows"})
    assert job.command[1:] == (str(work / "train.py"), "--verbose", "check", "rows")
    assert printed(place, job) == {"verbose": True, "command": "check", "data": "rows"}
    again = forms.form_of_job(place, job.process_id)
    assert (again.launchable.title, again.texts["data"]) == ("train.py check", "rows")
    assert forms.typed_form(place, "train.py").texts == {"verbose": "true", "data": "rows"}
    written(work, COMMANDS.replace('"check"', '"test"'))
    assert forms.typed_form(place, "train.py").launchable.title == "train.py fit"
    with pytest.raises(NotFound, match=r"train.py has no command 'x'. It has: fit, test"):
        read(place, "train.py", "x")


def test_sub_commands_are_asked_where_the_text_tells_nothing(
    place: LaunchContext, work: Path
) -> None:
    written(work, COMMANDS, "commands.py")
    written(work, HIDDEN)
    fit = help_output.ask_help(read(place, "train.py"))
    assert (fit.entry_points, fit.title) == (("fit", "check"), "train.py fit")
    assert [each.name for each in fit.line.parameters] == ["verbose", "lr"]
    check = forms.form_of_command(place, fit, "check").launchable
    assert [each.name for each in check.line.parameters] == ["verbose", "data"]
    job = launched(place, check, {"data": "rows"})
    assert printed(place, job)["data"] == "rows"
    again = forms.form_of_job(place, job.process_id)
    assert (again.launchable.title, again.texts["data"]) == ("train.py check", "rows")
    assert again.note == ""
    last = forms.typed_form(place, "train.py")
    assert (last.launchable.title, last.texts["data"]) == ("train.py check", "rows")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("print('[red]')", r"names no options. It said: \[red\]"),
        ("", "It said: nothing"),
        ("import time; print('begun', flush=True); time.sleep(600)", "did not answer --help"),
        ("while True: print('x' * 1000)", "printed on without end when asked with --help"),
    ],
    ids=["other words", "nothing", "hanging", "endless"],
)
def test_a_program_that_does_not_answer_is_ended(
    place: LaunchContext, work: Path, text: str, sentence: str
) -> None:
    written(work, text)
    with pytest.raises(ServiceError, match=sentence):
        help_output.ask_help(read(place, "train.py"), timeout=2)


def test_a_program_that_is_asked_can_be_given_up(place: LaunchContext, work: Path) -> None:
    import threading

    written(work, "import time; open('up', 'w'); time.sleep(600)")
    found = read(place, "train.py")
    failures: list[ServiceError] = []

    def ask() -> None:
        try:
            help_output.ask_help(found, timeout=600)
        except ServiceError as error:
            failures.append(error)

    asking = threading.Thread(target=ask)
    asking.start()
    detached.wait_for((work / "up").exists)
    help_output.stop_asking()
    asking.join()
    assert [each.message for each in failures] == ["It was ended before it answered --help."]


ASKS = """
import sys
from pathlib import Path
from mlops_tui.domain.jobs.launchable import Target, TargetKind
from mlops_tui.domain.store import Store
from mlops_tui.services.jobs import help_output
from mlops_tui.services.jobs.launchables import read_launchable

target = Target(TargetKind.SCRIPT, sys.argv[1])
found = read_launchable(target, Store(""), Path(sys.argv[1]).parent, sys.executable)
help_output.ask_help(found, timeout=600)
"""
TRAINS_ON = """
import os, time
if os.fork() == 0:
    os.setsid()
    os.fork()
open(f"up-{os.getpid()}", "w")
time.sleep(600)
"""


def test_a_program_that_is_asked_does_not_outlive_who_asks(work: Path, tmp_path: Path) -> None:
    program = written(work, TRAINS_ON)
    command = [sys.executable, "-c", ASKS, str(program)]
    with (
        detached.nothing_left_behind(),
        subprocess.Popen(command, env={**os.environ, "TMPDIR": str(tmp_path)}) as asker,
    ):
        detached.wait_for(lambda: len(list(work.glob("up-*"))) == 3)
        assert list(tmp_path.glob("tmp*"))
        asker.kill()
        asker.wait()
        detached.wait_for(lambda: not list(tmp_path.glob("tmp*")))


def test_a_python_that_is_none_cannot_be_asked(place: LaunchContext, work: Path) -> None:
    written(work, ARGPARSE)
    found = read_launchable(
        Target(TargetKind.SCRIPT, str(work / "train.py")), place.store, work, "/no/python"
    )
    with pytest.raises(ServiceError, match="/no/python cannot be started"):
        help_output.ask_help(found)


@pytest.mark.parametrize(
    ("tags", "failure", "sentence"),
    [
        ({}, InvalidInput, "does not say which program made it"),
        (
            {"mlflow.source.name": "a.ipynb", "mlflow.source.type": "NOTEBOOK"},
            InvalidInput,
            r"was made by a.ipynb \(NOTEBOOK\)",
        ),
        (
            {"mlflow.source.name": "/gone/[red].py", "mlflow.source.type": "LOCAL"},
            NotFound,
            r"was made by /gone/\[red\].py, which is not on this machine",
        ),
    ],
)
def test_a_run_that_cannot_be_made_again_says_why(
    place: LaunchContext, tags: dict[str, str], failure: type[ServiceError], sentence: str
) -> None:
    run_id = make_run(place.store, tags=tags)
    with pytest.raises(failure, match=sentence):
        forms.form_of_run(place, run_id)


def test_a_run_of_a_recipe_or_a_project_is_made_again(place: LaunchContext, work: Path) -> None:
    program = "/elsewhere/mlops_tui/recipes/__main__.py"
    local = {"mlflow.source.name": program, "mlflow.source.type": "LOCAL"}
    run_id = make_run(place.store, params={"n_estimators": 7}, tags=local, name="named")
    form = forms.form_of_run(place, run_id)
    assert form.launchable.target.name == "synthetic_forest"
    assert (form.texts["n_estimators"], form.texts["run_name"]) == ("7", "named-2")
    unknown = make_run(place.store, params={"magic": 7}, tags=local)
    with pytest.raises(NotFound, match="is not known any more"):
        forms.form_of_run(place, unknown)
    written(work, PROJECT, "MLproject")
    tags = {
        "mlflow.source.name": str(work),
        "mlflow.source.type": "PROJECT",
        "mlflow.project.entryPoint": "shell",
    }
    project = make_run(place.store, params={"data": "rows"}, tags=tags)
    form = forms.form_of_run(place, project)
    assert form.launchable.target == Target(TargetKind.PROJECT, str(work), "shell")
    assert form.texts == {"data": "rows"}


def test_the_state_directory_is_its_owners_alone(place: LaunchContext, work: Path) -> None:
    written(work, ARGPARSE)
    job = launched(place, read(place, "train.py"), {"data": "x"})
    detached.ended(place.state_dir, job)
    mode = os.stat(place.state_dir / launch_memory.FILE).st_mode  # noqa: PTH116 - its mode
    assert stat.S_IMODE(mode) == 0o600
    assert time.time() * 1000 > job.created_at
