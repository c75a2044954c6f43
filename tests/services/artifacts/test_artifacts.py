"""The artifacts of runs with those of logged models."""

import pickle
import tempfile
from pathlib import Path

import pytest

from mlops_tui.domain.errors import InvalidInput, NotFound, ServiceError
from mlops_tui.domain.store import Store, is_http
from mlops_tui.services.artifacts import artifacts
from mlops_tui.services.artifacts.artifact_file import local_folder
from mlops_tui.services.artifacts.artifacts import (
    list_artifacts,
    list_model_artifacts,
    read_artifact,
)
from mlops_tui.services.store import store as stores
from tests.making import log_model, make_run
from tests.mlflow_version import MODEL_FILE, before


def log_file(store: Store, run_id: str, folder: Path, path: str, content: bytes) -> None:
    place = folder / "logged" / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content)
    parent = str(Path(path).parent)
    stores.client(store).log_artifact(run_id, str(place), None if parent == "." else parent)


def test_folders_come_before_files_with_their_sizes(any_store: Store, tmp_path: Path) -> None:
    run_id = make_run(any_store)
    log_file(any_store, run_id, tmp_path, "a notes.txt", b"hello")
    log_file(any_store, run_id, tmp_path, "plots/[red].svg", b"<svg/>")
    found = list_artifacts(any_store, run_id)
    assert [(one.path, one.is_dir, one.size) for one in found] == [
        ("plots", True, None),
        ("a notes.txt", False, 5),
    ]
    (plot,) = list_artifacts(any_store, run_id, "plots")
    assert (plot.path, plot.name) == ("plots/[red].svg", "[red].svg")


def test_a_folder_that_is_not_there_is_empty(any_store: Store) -> None:
    assert list_artifacts(any_store, make_run(any_store), "nothing") == ()


def test_the_files_of_a_logged_model_are_listed_apart(any_store: Store) -> None:
    run_id = make_run(any_store)
    model = log_model(any_store, run_id)
    assert list_artifacts(any_store, run_id) == ()
    names = [one.path for one in list_model_artifacts(any_store, model.model_id)]
    assert "MLmodel" in names
    assert MODEL_FILE in names
    text = read_artifact(any_store, run_id, "MLmodel", model_id=model.model_id)
    assert "flavors:" in text.text
    assert not text.is_binary


def test_a_file_is_read_from_its_beginning(any_store: Store, tmp_path: Path) -> None:
    run_id = make_run(any_store)
    log_file(any_store, run_id, tmp_path, "logs/train.log", "grün\n".encode() * 1000)
    whole = read_artifact(any_store, run_id, "logs/train.log")
    assert whole.text == "grün\n" * 1000
    assert not whole.is_truncated
    head = read_artifact(any_store, run_id, "logs/train.log", limit=6)
    assert (head.text, head.size, head.is_truncated) == ("grün\n", 6000, True)


def test_bytes_that_are_no_text_are_replaced(any_store: Store, tmp_path: Path) -> None:
    run_id = make_run(any_store)
    log_file(any_store, run_id, tmp_path, "odd.txt", b"caf\xe9 \x1b[31m")
    assert read_artifact(any_store, run_id, "odd.txt").text == "caf� \x1b[31m"


class Trap:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return exec, ("raise SystemExit('unpickled')",)


def test_a_pickle_stays_closed(any_store: Store, tmp_path: Path) -> None:
    run_id = make_run(any_store)
    log_file(any_store, run_id, tmp_path, "model.pkl", pickle.dumps(Trap()) + b"\0")
    found = read_artifact(any_store, run_id, "model.pkl")
    assert (found.text, found.is_binary) == ("", True)


@pytest.mark.parametrize("path", ["../secret", "a/../../b", "/etc/passwd"])
def test_a_path_that_leads_out_is_refused(any_store: Store, path: str) -> None:
    run_id = make_run(any_store)
    for read in (list_artifacts, read_artifact):
        with pytest.raises(InvalidInput, match="leads out of its folder"):
            read(any_store, run_id, path)
    with pytest.raises(InvalidInput, match="leads out of its folder"):
        list_model_artifacts(any_store, "m-1", path)


def test_a_file_that_is_not_there_is_told(any_store: Store, tmp_path: Path) -> None:
    run_id = make_run(any_store)
    log_file(any_store, run_id, tmp_path, "logs/train.log", b"x")
    is_old = is_http(any_store.tracking_uri) and before("3.9")
    kind, words = (ServiceError, "failed inside") if is_old else (NotFound, r"nothing\.txt")
    with pytest.raises(kind, match=words):
        read_artifact(any_store, run_id, "nothing.txt")
    with pytest.raises(NotFound, match="is a folder"):
        read_artifact(any_store, run_id, "logs")


def test_a_large_file_of_a_remote_store_is_not_fetched(
    server_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(artifacts, "FETCH_LIMIT", 10)
    run_id = make_run(server_store)
    model = log_model(server_store, run_id)
    log_file(server_store, run_id, tmp_path, "big/data.csv", b"x" * 11)
    with pytest.raises(InvalidInput, match="too much to fetch"):
        read_artifact(server_store, run_id, "big/data.csv")
    with pytest.raises(InvalidInput, match="too much to fetch"):
        read_artifact(server_store, run_id, "MLmodel", model_id=model.model_id)


def test_what_was_fetched_is_removed(
    server_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = make_run(server_store)
    log_file(server_store, run_id, tmp_path, "notes.txt", b"hello")
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    assert read_artifact(server_store, run_id, "notes.txt").text == "hello"
    assert list(scratch.iterdir()) == []


def test_an_empty_file_has_no_bytes(any_store: Store, tmp_path: Path) -> None:
    run_id = make_run(any_store)
    log_file(any_store, run_id, tmp_path, "empty.txt", b"")
    assert [found.size for found in list_artifacts(any_store, run_id)] == [0]


def test_where_no_store_is_there_are_no_artifacts(store: Store) -> None:
    assert list_artifacts(store, "r") == list_model_artifacts(store, "m") == ()


@pytest.mark.parametrize(
    ("location", "folder"),
    [
        ("/data/mlruns/1", Path("/data/mlruns/1")),
        ("file:///data/with%20blank", Path("/data/with blank")),
        ("s3://bucket/1", None),
        ("mlflow-artifacts:/1/models", None),
        ("file://elsewhere/data", None),
    ],
)
def test_only_a_folder_of_this_machine_is_local(location: str, folder: Path | None) -> None:
    assert local_folder(location) == folder
