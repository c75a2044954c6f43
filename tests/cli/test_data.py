"""``mlops-tui data``."""

import json
from pathlib import Path

import pytest

from mlops_tui.cli import main
from mlops_tui.domain.store import Store
from mlops_tui.services.data.file_digest import digest_of
from mlops_tui.services.store import store as stores
from tests.cli.conftest import Command, Done
from tests.making import give_dataset, make_experiment, make_run

HOSTILE = "it's [red]\x1b[31m"


@pytest.fixture
def command(sqlite_store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    """Return what runs ``data`` on the store."""
    where = ("--tracking-uri", sqlite_store.tracking_uri, "--state-dir", str(tmp_path / "state"))

    def run(*arguments: str) -> Done:
        capsys.readouterr()
        try:
            code = main(["data", *arguments, *where])
        except SystemExit as end:
            code = int(str(end.code))
        return Done(code, *capsys.readouterr())

    return run


def test_data_sets_versions_runs_and_models_are_told(command: Command, sqlite_store: Store) -> None:
    experiment = make_experiment(sqlite_store, "Flowers")
    run_id = make_run(sqlite_store, experiment, name="shallow")
    give_dataset(sqlite_store, run_id, HOSTILE, "abc1", profile='{"num_rows": 150}')
    give_dataset(sqlite_store, make_run(sqlite_store, experiment), HOSTILE, "abd2")
    client = stores.client(sqlite_store)
    client.create_registered_model("flowers")
    client.create_model_version("flowers", f"runs:/{run_id}/model", run_id)
    (listed,) = command("list", "--json").data
    assert (listed["name"], listed["versions"], listed["runs"]) == (HOSTILE, 2, 2)
    assert listed["models"] == [{"name": "flowers", "version": "1"}]
    table = command("list")
    assert "\x1b" not in table.stdout
    assert "flowers v1" in table.stdout
    newest, oldest = command("show", HOSTILE, "--json").data
    assert (newest["digest"], oldest["digest"], oldest["rows"]) == ("abd2", "abc1", 150)
    assert command("show", HOSTILE, "--csv").stdout.splitlines()[0].startswith("digest,runs,")
    (run,) = command("runs", HOSTILE, "abc", "--json").data
    assert (run["run_id"], run["experiment"]) == (run_id, "Flowers")
    assert "shallow" in command("runs", HOSTILE, "abc").stdout
    (given,) = command("model", "flowers", "v1", "--json").data
    assert (given["name"], given["digest"], given["context"]) == (HOSTILE, "abc1", "training")
    assert "abc1" in command("model", "flowers", "1").stdout


def test_what_is_missing_is_said(command: Command, sqlite_store: Store) -> None:
    nothing = command("list")
    assert (nothing.returncode, nothing.stdout) == (1, "")
    assert "No run was given a data set" in nothing.stderr
    unknown = command("show", "iris")
    assert unknown.returncode == 1
    assert "No run was given a data set named 'iris'" in unknown.stderr
    wrong = command("model", "flowers")
    assert wrong.returncode == 2
    assert "data model takes 2 arguments" in wrong.stderr
    assert "data list takes no argument" in command("list", "iris").stderr
    assert command("burn").returncode == 2
    make_run(sqlite_store)
    assert command("runs", "iris").returncode == 1


def test_a_digest_is_that_of_dvc(command: Command, tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("abc")
    done = command("digest", str(path))
    assert done.stdout == f"900150983cd24fb0d6963f7d28e17f72  {path}\n"
    (tmp_path / "rows.csv.dvc").write_text(f"outs:\n- md5: {'0' * 32}\n  path: rows.csv\n")
    changed = command("digest", str(path), "--json")
    assert (changed.data["digest"], changed.data["size"]) == (done.stdout[:32], 3)
    assert changed.data["dvc"]["md5"] == "0" * 32
    assert "were changed since dvc add" in changed.stderr
    assert command("digest", str(tmp_path / "gone")).returncode == 1


def test_dvc_is_only_run_where_it_is(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    missing = command("add", str(tmp_path / "rows.csv"))
    assert (missing.returncode, missing.stdout) == (1, "")
    assert "There is no command dvc" in missing.stderr
    refused = command("push", str(tmp_path), "--read-only")
    assert refused.returncode == 2


def test_tables_are_profiled_and_compared(
    command: Command, sqlite_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.csv").write_text("id,x\n1,0.5\n2,1\n")
    Path("b.csv").write_text("id,x,\x1b[31m\n2,1.5,3\n3,2,3\n")
    told = command("profile", "a.csv", "--against", "b.csv")
    assert told.stdout.splitlines()[0] == (
        "2 rows, 2 columns, no duplicates. 0 of 2 rows of b.csv occur here."
    )
    assert command("profile", "a.csv", "--json").data["columns"][0]["name"] == "id"
    assert command("profile", "a.csv", "--csv").stdout.startswith("column,type,")
    different = command("diff", "a.csv", "b.csv", "--key", "id")
    assert "By id: 1 added, 1 removed, 1 changed." in different.stdout
    assert "Columns added" in different.stdout
    assert different.stdout.splitlines()[-1].split() == ["2", "x", "1", "1.5"]
    assert "\x1b" not in different.stdout
    assert command("diff", "a.csv", "b.csv", "--json").data["rows"]["added"] == 2
    assert command("diff", "a.csv", "b.csv", "--csv").stdout.startswith("column,drift,")
    assert command("diff", "a.csv", "b.csv", "--key", "nothing").returncode == 2
    digest, source = digest_of(Path("a.csv")).digest, json.dumps({"uri": str(tmp_path / "a.csv")})
    give_dataset(sqlite_store, make_run(sqlite_store), "iris", digest, source=source)
    assert "rows: 2 added" in command("diff", f"iris@{digest[:6]}", "b.csv").stdout
    Path("a.csv").write_text("id\n")
    assert "holds other bytes now" in command("diff", "iris@", "b.csv").stderr
    Path("a.csv").unlink()
    assert "has gone" in command("diff", "iris@", "b.csv").stderr
    give_dataset(sqlite_store, make_run(sqlite_store), "iris", "d", source="{}")
    assert "came from no file" in command("diff", "iris@d", "b.csv").stderr
