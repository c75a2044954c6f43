import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.jobs.python_env import PACKAGES, JobPython
from mlops_tui.services.jobs import python_env
from mlops_tui.services.jobs.python_env import find_job_python, inspect_python, lacks_mlflow
from tests import detached


def make_python(path: Path, script: str = "") -> str:
    """Make a program at the path: a link to this Python, or a shell script."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if script:
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
    else:
        path.symlink_to(sys.executable)
    return str(path)


def test_our_own_python_runs_jobs_where_no_environment_is_active() -> None:
    assert find_job_python("", {}) == JobPython(sys.executable, "own")


def test_the_active_virtual_environment_comes_before_conda(tmp_path: Path) -> None:
    virtual = make_python(tmp_path / "venv/bin/python")
    conda = make_python(tmp_path / "conda/bin/python")
    environ = {"VIRTUAL_ENV": f"{tmp_path}/venv", "CONDA_PREFIX": f"{tmp_path}/conda"}
    assert find_job_python("", environ) == JobPython(virtual, "VIRTUAL_ENV")
    del environ["VIRTUAL_ENV"]
    assert find_job_python("", environ) == JobPython(conda, "CONDA_PREFIX")


def test_the_setting_comes_before_any_active_environment(tmp_path: Path) -> None:
    chosen = make_python(tmp_path / "mine/bin/python")
    environ = {"VIRTUAL_ENV": str(tmp_path)}
    assert find_job_python(chosen, environ) == JobPython(chosen, "setting")


def test_a_bare_name_is_looked_up_on_path_without_following_its_link(tmp_path: Path) -> None:
    chosen = make_python(tmp_path / "python9")
    assert find_job_python("python9", {"PATH": str(tmp_path)}) == JobPython(chosen, "setting")


def test_an_active_environment_without_a_python_is_noticed(tmp_path: Path) -> None:
    found = find_job_python("", {"VIRTUAL_ENV": str(tmp_path)})
    path = f"{tmp_path}/bin/python"
    assert found.path == path
    assert found.problem == f"The Python {path}, chosen by VIRTUAL_ENV, does not exist."


def test_a_name_that_is_nowhere_is_noticed() -> None:
    found = find_job_python("python9", {"PATH": "/nowhere"})
    assert found.problem == "The Python python9, chosen by the setting python, does not exist."


def test_a_folder_is_no_python(tmp_path: Path) -> None:
    assert find_job_python(str(tmp_path), {}).problem.endswith("is not executable.")


def test_a_python_tells_its_version_with_those_of_its_packages() -> None:
    facts = inspect_python(sys.executable)
    assert facts.version == ".".join(map(str, sys.version_info[:3]))
    assert set(facts.packages) == set(PACKAGES)
    assert facts.packages["mlflow"].startswith("3.17.")
    assert facts.missing == ()


def test_a_bare_environment_misses_everything(tmp_path: Path) -> None:
    import venv

    venv.create(tmp_path / "bare", with_pip=False)
    facts = inspect_python(f"{tmp_path}/bare/bin/python")
    assert facts.packages == {}
    assert facts.missing == tuple(PACKAGES)


def test_modules_of_the_working_directory_are_not_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit('run')")
    monkeypatch.chdir(tmp_path)
    assert inspect_python(sys.executable).version


@pytest.mark.parametrize(
    ("script", "said"),
    [
        (
            "echo first >&2; printf 'no \\033[31mlibpython\\n' >&2; exit 127",
            "a Python: no libpython",
        ),
        ("echo 3.11", "does not answer as a Python does."),
        ("echo hello", "does not answer as a Python does."),
        ("echo '{}'", "does not answer as a Python does."),
        ("""echo '{"version": "3", "packages": 5}'""", "does not answer as a Python does."),
        ("printf '{\"a\":'; printf '[%.0s' $(seq 50000)", "does not answer as a Python does."),
    ],
)
def test_a_program_that_is_no_python_is_one_sentence(
    script: str, said: str, tmp_path: Path
) -> None:
    path = make_python(tmp_path / "python", script)
    with pytest.raises(ServiceError) as caught:
        inspect_python(path)
    assert caught.value.message.startswith(path)
    assert said in caught.value.message
    assert "--python" in caught.value.hint


def test_a_python_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ServiceError, match=r"cannot be started: No such file or directory\."):
        inspect_python(f"{tmp_path}/python")


def test_a_python_that_hangs_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(python_env, "TIMEOUT", 0.2)
    pid_file = tmp_path / "pid"
    path = make_python(tmp_path / "python", f"echo $$ > {pid_file}; exec sleep 60")
    with pytest.raises(ServiceError, match=r"did not answer within 0\.2 s\."):
        inspect_python(path)
    if pid_file.exists():
        with pytest.raises(ProcessLookupError):
            os.kill(int(pid_file.read_text()), 0)


@pytest.mark.parametrize("ask", [inspect_python, lambda path: lacks_mlflow(path, {})])
def test_a_python_that_prints_without_end_is_given_up_with_its_children(
    tmp_path: Path, ask: Callable[[str], object]
) -> None:
    path = make_python(tmp_path / "python", "sleep 600 &\nwhile :; do echo xxxxxxxxxxxxxxxxx; done")
    with (
        detached.nothing_left_behind(),
        pytest.raises(ServiceError, match="printed on without end, and was ended"),
    ):
        ask(path)


def test_a_python_may_warn_before_it_answers(tmp_path: Path) -> None:
    warns = f'echo odd >&2; echo odder; {sys.executable} "$@"; echo last >&2'
    assert inspect_python(make_python(tmp_path / "python", warns)).missing == ()
