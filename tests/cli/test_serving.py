"""``mlops-tui serve``, ``servers`` and ``query``."""

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from mlops_tui.cli import main
from mlops_tui.domain.store import Store
from mlops_tui.services.store.store import client
from tests import detached
from tests.cli.conftest import Command, Done
from tests.making import COLUMNS, log_model, make_run
from tests.ports import free_port

REQUEST = {"dataframe_split": {"columns": list(COLUMNS), "data": [[0.0, 1.0], [2.0, 3.0]]}}


@pytest.fixture
def mlops_tui(
    sqlite_store: Store,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[Command]:
    """Return what runs the command beside a request file, on a model of two versions."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "request.json").write_text(json.dumps(REQUEST))
    logged = log_model(sqlite_store, make_run(sqlite_store))
    registry = client(sqlite_store)
    registry.create_registered_model("iris")
    for _ in range(2):
        registry.create_model_version("iris", logged.uri)
    registry.set_registered_model_alias("iris", "champion", "1")
    where = ("--tracking-uri", sqlite_store.tracking_uri, "--state-dir", str(tmp_path / "state"))

    def run(*words: str) -> Done:
        capsys.readouterr()
        return Done(main((*words, *where)), *capsys.readouterr())

    with detached.nothing_left_behind():
        yield run


@pytest.mark.slow
@pytest.mark.xdist_group("serve")
def test_a_version_is_served_asked_labelled_read_back_and_stopped(
    mlops_tui: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = str(free_port())
    options = ("--capture", "100%", "--columns", f"{COLUMNS[0]}:drop", "--shadow", "2")
    follow = ("--follow", "@champion", "--wait")
    served = mlops_tui("serve", "iris", "--port", port, *options, *follow)
    assert (served.returncode, served.stderr.count("iris v1 is ready at")) == (0, 1), served
    process_id = served.stdout.strip()
    (server,) = json.loads(mlops_tui("servers", "--json").stdout)
    assert (server["server_id"], server["state"], server["version"]) == (process_id, "ready", "1")
    assert server["challenger"] == {"version": "2", "mode": "shadow", "share": 1.0}

    it_answers_from_files_beside_another_and_under_load(mlops_tui, tmp_path, server["url"])
    monkeypatch.setattr("sys.stdin", io.StringIO('{"neither": 1}'))
    refused = mlops_tui("query", server["url"], "-", "--json")
    assert (refused.returncode, json.loads(refused.stdout)["status"]) == (1, 400)
    assert "refused it with status 400" in refused.stderr

    detached.wait_for(lambda: captured(mlops_tui)[-1]["status"] == 400)
    first = captured(mlops_tui)[0]
    assert (first["row"], first[COLUMNS[1]], first["prediction"]) == (0, 1.0, 0)
    assert COLUMNS[0] not in first
    (tmp_path / "labels.csv").write_text(f"request_id,label\n{first['request_id']},7\n")
    assert mlops_tui("servers", "labels", "last", "labels.csv").stdout == "1 label\n"
    detached.wait_for(lambda: captured(mlops_tui)[0].get("label") == 7)
    assert mlops_tui("servers", "captured", "last", "-o", "out.parquet").returncode == 0
    assert (tmp_path / "out.parquet").read_bytes()[:4] == b"PAR1"

    assert "No other version has answered" in mlops_tui("servers", "swap-back", "last").stderr
    assert mlops_tui("servers").stdout.splitlines()[1].startswith(f"{process_id}  ready  iris   v1")
    stopped = mlops_tui("servers", "stop", process_id)
    assert (stopped.returncode, stopped.stdout) == (0, f"{process_id} stopped\n")
    assert mlops_tui("query", "last", "request.json").returncode == 1


def it_answers_from_files_beside_another_and_under_load(
    mlops_tui: Command, tmp_path: Path, url: str
) -> None:
    asked = mlops_tui("query", "last", "request.json")
    assert (asked.returncode, [int(line) for line in asked.stdout.split()]) == (0, [0, 1])
    (tmp_path / "rows.csv").write_text(f"more,{COLUMNS[1]},{COLUMNS[0]}\nz,3,2\n")
    assert mlops_tui("query", "last", "rows.csv").stdout == "1\n"
    same = mlops_tui("query", "last", "request.json", "--against", url, "--json")
    assert (same.returncode, json.loads(same.stdout)["equal"]) == (0, 2)
    load = mlops_tui("query", "last", "request.json", "--load", "--seconds", "0.1", "--json")
    assert [each["clients"] for each in json.loads(load.stdout)] == [1, 2, 4, 8]


def captured(mlops_tui: Command) -> list[dict[str, object]]:
    lines = mlops_tui("servers", "captured", "last", "--json").stdout.splitlines()
    return [json.loads(line) for line in lines]


def test_wrong_use_of_serving_is_told_in_a_sentence(mlops_tui: Command) -> None:
    for words, code, sentence in (
        (("serve", "nobody"), 1, "nobody"),
        (("serve", "iris/7"), 1, "iris has no version 7"),
        (("serve", "iris", "--shadow", "7"), 1, "iris has no version 7"),
        (("serve", "iris", "--split", "2"), 2, "how much v2 answers"),
        (("serve", "iris", "--split", "x:0.1"), 2, "'x' is no version"),
        (("serve", "iris", "--capture", "2"), 2, "'2' is no share"),
        (("serve", "iris", "--columns", "a:drop"), 2, "Add --capture"),
        (("serve", "iris", "--follow", "nowhere"), 2, "neither an alias nor a stage"),
        (("serve", "iris", "--follow", "@nobody"), 1, "iris has no version nobody"),
        (("serve", "iris/1", "--follow", "@nobody"), 1, "iris has no version nobody"),
        (("serve", "iris", "--follow", "Production"), 1, "iris has no version Production"),
        (("serve", "iris", "--port", "99999"), 2, "99999 is no port"),
        (("serve", "iris", "--read-only"), 2, "read-only"),
        (("servers",), 1, "There are no servers"),
        (("servers", "stop"), 2, "needs the ID"),
        (("servers", "captured", "x"), 1, "There is no server x"),
        (("query", "x", "request.json"), 1, "There is no server x"),
        (("query", "http://127.0.0.1:9", "none.json"), 2, "none.json cannot be read"),
        (("query", "ftp://x", "request.json"), 2, "no address of a model server"),
        (("servers", "add", "x"), 2, "no address of a model server"),
        (("servers", "add", "http://127.0.0.1:9"), 0, ""),
        (("servers", "stop", "watched"), 2, "servers forget removes it"),
        (("query", "watched", "request.json"), 1, "Nothing answers"),
        (("servers", "forget", "watched"), 0, ""),
    ):
        done = mlops_tui(*words)
        assert (done.returncode, sentence in done.stderr) == (code, True), (words, done)


def test_what_the_python_lacks_is_listed_and_it_is_served_all_the_same(
    mlops_tui: Command, sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    logged = log_model(sqlite_store, make_run(sqlite_store), requirements=("petals==2",))
    client(sqlite_store).create_registered_model("petals")
    client(sqlite_store).create_model_version("petals", logged.uri)
    with monkeypatch.context() as changed:
        changed.setenv("PATH", "/nowhere")
        lacking = mlops_tui("serve", "petals", "--env-manager", "uv")
    assert (lacking.returncode, "uv is not on PATH" in lacking.stderr) == (1, True), lacking
    assert "There are no servers" in mlops_tui("servers").stderr
    served = mlops_tui("serve", "petals")
    assert "petals ==2 (missing here)" in served.stderr
    assert "--env-manager uv or virtualenv makes an environment" in served.stderr
    assert served.returncode == 0
    assert mlops_tui("servers", "stop", served.stdout.strip()).returncode == 0
    wrong = mlops_tui("serve", "petals", "--env-manager", "conda")
    assert (wrong.returncode, "'conda' makes no environment" in wrong.stderr) == (2, True)
