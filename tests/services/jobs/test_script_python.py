import errno
import os
import sys
from pathlib import Path

import pytest

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.jobs.launchable import Target, TargetKind
from mlops_tui.services.jobs.python_check import check_python
from mlops_tui.services.jobs.python_env import inspect_python, lacks_mlflow
from mlops_tui.services.jobs.script_python import python_for


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "home"
    folder.mkdir(mode=0o755)
    monkeypatch.setenv("HOME", str(folder))
    return folder


def make_environment(place: Path, name: str = ".venv") -> Path:
    python = place / name / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    (place / name / "pyvenv.cfg").touch()
    return python


def test_the_search_ends_at_the_top_of_the_repository(home: Path) -> None:
    make_environment(home)
    inside = home / "project" / "src"
    inside.mkdir(parents=True)
    assert python_for(inside, "", {}).origin == str(home / ".venv")
    (home / "project" / ".git").mkdir()
    assert python_for(inside, "", {}).origin == "own"


def test_outside_of_home_and_repositories_it_ends_soon(tmp_path: Path, home: Path) -> None:
    make_environment(tmp_path)
    near, far = tmp_path / "a" / "b" / "c", tmp_path / "a" / "b" / "c" / "d"
    far.mkdir(parents=True)
    assert python_for(near, "", {}).origin == str(tmp_path / ".venv")
    assert python_for(far, "", {}).origin == "own"


@pytest.mark.parametrize("what", ["above", "beside", "environment", "bin", "far above"])
def test_an_environment_that_others_could_have_put_there_is_passed_over(
    home: Path, what: str
) -> None:
    project = home / "far" / "project"
    inside = project / "src"
    inside.mkdir(parents=True)
    make_environment(inside if what == "beside" else project)
    place = {
        "above": project,
        "beside": inside,
        "environment": project / ".venv",
        "bin": project / ".venv" / "bin",
        "far above": home / "far",
    }[what]
    place.chmod(0o777)
    found = python_for(inside, "", {})
    assert found.origin == "own"
    assert found.remark.endswith(f".venv is not taken: others can write in {place}.")


def test_a_folder_that_all_may_write_is_harmless_further_up_where_none_takes_away(
    home: Path,
) -> None:
    shared = home / "tmp"
    mine = shared / "mine"
    mine.mkdir(parents=True)
    shared.chmod(0o1777)
    python = make_environment(mine)
    assert python_for(mine, "", {}).path == str(python)
    make_environment(shared)
    other = shared / "other"
    other.mkdir()
    assert python_for(other, "", {}).origin == "own"


def test_an_environment_of_another_user_is_passed_over(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_environment(home)
    if os.getuid() == 0:
        os.chown(home / ".venv", 4_321, -1)
    else:
        monkeypatch.setattr("os.getuid", lambda: 4_321)
    found = python_for(home, "", {})
    assert found.origin == "own"
    assert " belongs to " in found.remark


def test_a_link_to_what_others_can_write_is_no_way_round(home: Path) -> None:
    shared, project = home / "shared", home / "project"
    make_environment(shared)
    shared.chmod(0o777)
    project.mkdir()
    (project / ".venv").symlink_to(shared / ".venv")
    assert python_for(project, "", {}).origin == "own"


def test_a_program_that_imports_mlflow_is_not_launched_without_it(home: Path) -> None:
    python = make_environment(home)
    (home / "train.py").write_text("from part import fit\nfit()")
    (home / "part.py").write_text("import mlflow\ndef fit(): mlflow.start_run()")
    target = Target(TargetKind.SCRIPT, str(home / "train.py"))
    with pytest.raises(ServiceError) as caught:
        check_python(target, str(python), home)
    assert caught.value.message == f"{python} has no MLflow, which train.py imports."
    assert caught.value.hint.startswith(f"{python} -m pip install mlflow, or name another Python")
    module = Target(TargetKind.MODULE, "train")
    with pytest.raises(ServiceError, match="which -m train imports"):
        check_python(module, str(python), home)
    (home / "MLproject").write_text("entry_points: {main: {command: python train.py}}")
    project = Target(TargetKind.PROJECT, str(home), "main")
    with pytest.raises(ServiceError, match="has no MLflow"):
        check_python(project, str(python), home)


def test_a_program_that_does_without_mlflow_needs_none(home: Path) -> None:
    python = make_environment(home)
    (home / "plain.py").write_text("print(1)")
    check_python(Target(TargetKind.SCRIPT, str(home / "plain.py")), str(python), home)


def test_mlflow_in_its_own_folder_is_seen_without_running_anything(tmp_path: Path) -> None:
    package = tmp_path / "env" / "lib" / "python3.11" / "site-packages" / "mlflow"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    assert not lacks_mlflow(str(tmp_path / "env" / "bin" / "python"), {})


def test_a_python_of_another_machine_is_told(tmp_path: Path) -> None:
    foreign = tmp_path / "python"
    foreign.write_bytes(b"\x7fELF\x02\x01\x01" + bytes(200))
    foreign.chmod(0o755)
    for ask in (inspect_python, lambda path: lacks_mlflow(path, {})):
        with pytest.raises(ServiceError) as caught:
            ask(str(foreign))
        assert caught.value.message == (
            f"{foreign} cannot be started: it is no program for this kind of machine."
        )
        assert os.strerror(errno.ENOEXEC) not in caught.value.message
