import os
import sqlite3
import sys
from collections.abc import Mapping
from contextlib import closing
from importlib.metadata import requires, version
from pathlib import Path

import pytest

from mlops_tui import __version__
from mlops_tui.domain.report import Finding, Report
from mlops_tui.domain.store import Store, StoreCheck
from mlops_tui.services import mlflow_internals
from mlops_tui.services.doctor import doctor, mlflow_release
from mlops_tui.services.doctor.doctor import examine
from mlops_tui.services.store import store
from mlops_tui.settings import OPTIONS, load
from tests.mlflow_version import before


def findings(
    cwd: Path, environ: Mapping[str, str] | None = None, **flags: str
) -> dict[str, Finding]:
    report = examine(load(flags, environ or {}, cwd), environ or {})
    by_name = {finding.name: finding for finding in report.findings}
    assert len(by_name) == len(report.findings)
    return by_name


def problems(found: Mapping[str, Finding]) -> list[str]:
    return [finding.name for finding in found.values() if not finding.ok]


def make_python(path: Path, packages: Mapping[str, str]) -> str:
    """Make a program that answers as a Python with these packages would."""
    import json

    answer = json.dumps({"version": "3.12.1", "packages": packages})
    path.write_text(f"#!/bin/sh\necho '{answer}'\n")
    path.chmod(0o755)
    return str(path)


def test_an_empty_directory_is_in_order_with_nothing_created(tmp_path: Path) -> None:
    found = findings(tmp_path)
    assert problems(found) == []
    assert found["store"].value.endswith("The first write creates it.")
    assert found["state_dir_access"].source == "will be created by the first start"
    assert list(tmp_path.iterdir()) == []


def test_versions_are_told_with_where_they_are_from(tmp_path: Path) -> None:
    found = findings(tmp_path)
    assert found["mlops_tui_version"].value == __version__
    assert found["python_version"].source == sys.executable
    assert found["textual_version"].value == "8.2.8"
    assert found["mlflow_version"].value == version("mlflow")
    assert found["mlflow_version"].source.startswith("3.4 or newer")
    assert found["mlflow_version"].ok
    assert found["job_mlflow_version"].value == found["mlflow_version"].value


def test_what_is_not_installed_beside_us_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "_installed", lambda _package: "")
    found = findings(tmp_path)
    assert found["mlflow_version"].problem == "mlflow is not installed beside mlops-tui."
    assert found["mlflow_version"].remedy == f"{sys.executable} -m pip install mlflow"
    assert found["job_mlflow_version"].ok


def test_the_range_of_mlflow_is_told_with_what_an_older_release_lacks() -> None:
    assert "histories of metrics" in mlflow_release.about("3.4.0", "python").source
    assert mlflow_release.about("3.18.0", "python").source == "3.4 or newer"
    assert mlflow_release.about("4.0.dev0", "python").ok
    old = mlflow_release.about("3.8.1", "python")
    assert old.ok
    assert "the recipes cannot train, and SQLAlchemy has to be older than 2.1" in old.source
    older = mlflow_release.about("3.3.2", "python")
    assert older.problem == "MLflow 3.3.2 is older than 3.4, the oldest that mlops-tui knows."
    assert older.remedy == "python -m pip install -U mlflow"


def test_the_oldest_mlflow_that_is_tested_is_the_oldest_that_the_package_takes() -> None:
    assert f"mlflow>={mlflow_release.OLDEST}" in (requires("mlops-tui") or ())


def test_what_is_slower_with_this_mlflow_is_told(
    sqlite_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    uri = sqlite_store.tracking_uri
    expected = "slower" if before("3.5") else "as fast as it gets"
    assert findings(tmp_path, tracking_uri=uri)["mlflow_access"].value == expected
    monkeypatch.setattr(mlflow_internals, "works", lambda part: part != "tables")
    found = findings(tmp_path, tracking_uri=uri)["mlflow_access"]
    assert (found.value, found.ok) == ("slower", True)
    assert found.source == mlflow_internals.LOSSES["tables"]


def test_a_package_that_is_nowhere_has_no_version() -> None:
    assert doctor._installed("no-such-package") == ""


def test_of_the_notify_command_only_the_program_is_told(tmp_path: Path) -> None:
    found = findings(tmp_path, notify_command="ntfy publish --token hush")
    assert found["notify_command"].value == "ntfy"


def test_every_setting_is_told_with_its_source_without_secrets(tmp_path: Path) -> None:
    environ = {"MLOPS_TUI_READ_ONLY": "yes"}
    found = findings(tmp_path, environ, tracking_uri="foo://user:secret@host/x?token=secret")
    assert found["tracking_uri"].value == "foo://***@host/x?***"
    assert found["tracking_uri"].source == "flag --tracking-uri"
    assert (found["read_only"].value, found["read_only"].source) == (
        "yes",
        "environment MLOPS_TUI_READ_ONLY",
    )
    assert found["registry_uri"].value == "the tracking store"
    assert {option.name for option in OPTIONS} <= set(found)
    assert "secret" not in repr(found)


def test_the_config_file_is_named_whether_it_is_there_or_not(tmp_path: Path) -> None:
    path = tmp_path / "c.toml"
    assert findings(tmp_path)["config_file"].source == "not there"
    path.write_text("")
    found = findings(tmp_path, {"MLOPS_TUI_CONFIG": str(path)})["config_file"]
    assert (found.value, found.source) == (str(path), "read")


def test_a_job_python_that_is_not_there_is_noticed(tmp_path: Path) -> None:
    found = findings(tmp_path, {"VIRTUAL_ENV": "/nowhere"})
    assert problems(found) == ["job_python"]
    assert "/nowhere/bin/python" in found["job_python"].problem
    assert "--python" in found["job_python"].remedy


def test_a_job_python_that_does_not_run_is_noticed(tmp_path: Path) -> None:
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\nexit 3\n")
    broken.chmod(0o755)
    found = findings(tmp_path, python=str(broken))
    assert problems(found) == ["job_python"]
    assert "does not run as a Python" in found["job_python"].problem


def test_what_a_job_python_lacks_is_told_with_how_to_install_it(tmp_path: Path) -> None:
    python = make_python(tmp_path / "python", {"mlflow": version("mlflow")})
    found = findings(tmp_path, python=python)
    skops = [] if before("3.9") else ["job_skops_version"]
    assert problems(found) == ["job_scikit_learn_version", *skops, "job_uvicorn_version"]
    assert "no model can be served" in found["job_uvicorn_version"].problem
    assert found["job_uvicorn_version"].remedy == f"{python} -m pip install uvicorn"
    assert found["job_python_version"].value == "3.12.1"


def test_skops_is_not_asked_for_where_mlflow_does_not_use_it(tmp_path: Path) -> None:
    python = make_python(
        tmp_path / "python", {"mlflow": "3.8.1", "scikit-learn": "1", "uvicorn": "1"}
    )
    found = findings(tmp_path, python=python, tracking_uri="http://127.0.0.1:9")
    assert found["job_skops_version"].ok
    assert found["job_skops_version"].source == "MLflow uses it from 3.9 on"


def test_the_python_of_the_programs_in_this_folder_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert "script_python" not in findings(tmp_path)
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    (tmp_path / ".venv" / "pyvenv.cfg").touch()
    found = findings(tmp_path)["script_python"]
    assert found.value == str(python)
    assert found.problem.endswith("which runs the programs of this folder, has no MLflow.")
    assert found.remedy == f"{python} -m pip install mlflow"
    tmp_path.chmod(0o777)
    passed_over = findings(tmp_path)["script_python"]
    assert passed_over.ok
    assert "is not taken: others can write" in passed_over.source


def test_another_mlflow_on_the_same_database_is_noticed(tmp_path: Path) -> None:
    rest = {"scikit-learn": "1", "skops": "1", "uvicorn": "1"}
    python = make_python(tmp_path / "python", {"mlflow": "2.9.2", **rest})
    found = findings(tmp_path, python=python)
    assert problems(found) == ["job_mlflow_version"]
    assert "has MLflow 2.9.2" in found["job_mlflow_version"].problem
    served = findings(tmp_path, python=python, tracking_uri="http://127.0.0.1:9")
    assert served["job_mlflow_version"].ok


def test_a_store_that_answers_is_told(sqlite_store: Store, tmp_path: Path) -> None:
    found = findings(tmp_path)
    assert problems(found) == []
    assert found["store"].value == f"{sqlite_store.tracking_uri} answers."


@pytest.mark.skipif(before("3.13"), reason="MLflow opens file stores")
def test_an_old_file_store_is_explained(tmp_path: Path) -> None:
    (tmp_path / "mlruns" / "0").mkdir(parents=True)
    (tmp_path / "mlruns" / "0" / "meta.yaml").write_text("")
    found = findings(tmp_path)
    assert problems(found) == ["store"]
    assert found["store"].value == "unusable"
    assert "migrate-filestore" in found["store"].remedy


def test_a_schema_of_another_release_is_explained(sqlite_store: Store, tmp_path: Path) -> None:
    with closing(sqlite3.connect(sqlite_store.sqlite_path or "")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '0a8213491aaa'")
    found = findings(tmp_path)
    assert problems(found) == ["store"]
    assert "mlflow db upgrade" in found["store"].remedy


@pytest.mark.parametrize(
    ("uri", "problem", "remedy"),
    [
        ("127.0.0.1:5000", "scheme", "http://127.0.0.1:5000"),
        ("postgresql://u:secret@127.0.0.1:9/db", "No database listens at 127.0.0.1:9", "Start it"),
        ("foo://x", "foo", ""),
        ("http://127.0.0.1:9", "127.0.0.1:9", "mlflow server"),
    ],
)
def test_an_address_that_cannot_work_is_explained(
    uri: str, problem: str, remedy: str, tmp_path: Path
) -> None:
    found = findings(tmp_path, tracking_uri=uri)
    assert problems(found) == ["store"]
    assert problem in found["store"].problem
    assert remedy in found["store"].remedy
    assert "\n" not in found["store"].problem
    assert "secret" not in repr(found)


def test_the_version_of_a_server_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = StoreCheck(ok=True, exists=True, sentence="It answers.", server_version="3.16.0")
    monkeypatch.setattr(store, "check", lambda _store: answer)
    found = findings(tmp_path, tracking_uri="http://127.0.0.1:9")["store"]
    assert (found.value, found.source) == ("It answers.", "MLflow 3.16.0")


def test_a_state_directory_behind_a_file_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    found = findings(tmp_path, state_dir="file/state")
    assert problems(found) == ["state_dir_access"]
    assert f"{tmp_path}/file is no directory" in found["state_dir_access"].problem


def test_a_state_directory_that_may_not_be_written_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda path, _mode: Path(path) != tmp_path)
    found = findings(tmp_path, state_dir=str(tmp_path))
    assert "state_dir_access" in problems(found)
    assert f"{tmp_path} cannot be written" in found["state_dir_access"].problem


def test_a_state_directory_that_everybody_may_write_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state").chmod(0o777)
    found = findings(tmp_path, state_dir="state")
    assert problems(found) == ["state_dir_access"]
    assert "every user of this machine may write there" in found["state_dir_access"].problem


def test_a_state_directory_that_is_there_is_told(tmp_path: Path) -> None:
    assert findings(tmp_path, state_dir=".")["state_dir_access"].source == "exists"


def test_the_terminal_is_told_with_what_stands_before_it(tmp_path: Path) -> None:
    environ = {
        "TERM": "tmux-256color",
        "COLORTERM": "truecolor",
        "NO_COLOR": "1",
        "TMUX": "/tmp/tmux-0/default,1,0",
        "SSH_CONNECTION": "10.0.0.1 1 10.0.0.2 22",
    }
    found = findings(tmp_path, environ)["terminal"]
    assert found.value == "tmux-256color, truecolor, no colour wanted, tmux, SSH"
    assert "10.0.0.1" not in repr(found)
    assert findings(tmp_path)["terminal"].value == "none"


@pytest.mark.parametrize(
    ("held", "words"),
    [("500", "set -s escape-time 20"), ("20", "tmux"), ("soon", None), ("", None)],
)
def test_a_slow_escape_of_tmux_is_told(tmp_path: Path, held: str, words: str | None) -> None:
    tmux = tmp_path / "tmux"
    tmux.write_text(f"#!/bin/sh\necho '{held}'\n")
    tmux.chmod(0o755)
    found = findings(tmp_path, {"TMUX": "here,1,0", "PATH": f"{tmp_path}:/usr/bin:/bin"})
    told = found.get("tmux_escape_time")
    assert (told is not None) == (words is not None)
    if told and words:
        assert told.value == f"{held} ms"
        assert words in told.source
        assert ("escape-time" in told.source) == (held == "500")


def test_a_dumb_terminal_is_noticed(tmp_path: Path) -> None:
    assert problems(findings(tmp_path, {"TERM": "dumb"})) == ["terminal"]


def test_a_report_is_in_order_when_every_finding_is() -> None:
    good, bad = Finding("a", "1"), Finding("b", "2", "default", "Wrong.", "Mend it.")
    assert Report((good,)).ok
    assert Report((good, bad)).as_dict() == {
        "ok": False,
        "findings": {
            "a": {"ok": True, "value": "1", "source": "", "problem": "", "remedy": ""},
            "b": {
                "ok": False,
                "value": "2",
                "source": "default",
                "problem": "Wrong.",
                "remedy": "Mend it.",
            },
        },
    }
