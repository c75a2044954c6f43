"""Artifacts written to this machine's disk."""

import os
import shutil
import signal
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from mlops_tui.domain.artifacts.artifact import ArtifactRef
from mlops_tui.domain.artifacts.download import Amount
from mlops_tui.domain.errors import Conflict, InvalidInput, NotFound, ServiceError
from mlops_tui.domain.store import Store
from mlops_tui.services.artifacts import downloads
from mlops_tui.services.artifacts.downloads import (
    cancel_download,
    download_progress,
    plan_download,
    start_download,
)
from mlops_tui.services.store.store import client
from tests.making import log_model, make_run
from tests.mlflow_version import MODEL_FILE
from tests.patience import PATIENCE


@pytest.fixture(autouse=True)
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Go to a working directory of the test's own."""
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def with_files(store: Store) -> str:
    """Make a run with three files, return its id."""
    run_id = make_run(store)
    client(store).log_text(run_id, "one", "data/a.txt")
    client(store).log_text(run_id, "three", "data/deep/[b] c.txt")
    client(store).log_text(run_id, "", "empty.csv")
    return run_id


def download(store: Store, ref: ArtifactRef, typed: str) -> Path:
    """Fetch to the end, return the path."""
    download_id, target = start_download(store, ref, typed, plan_download(store, ref).total)
    end = time.monotonic() + PATIENCE
    while not download_progress(download_id).is_done:
        assert time.monotonic() < end
        time.sleep(0.02)
    return target


def files_in(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): path.read_text()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def left_in(work: Path) -> list[str]:
    """Return what stands in the working directory, besides the artifacts themselves."""
    return sorted(path.name for path in work.iterdir() if path.name != "mlruns")


def test_a_file_a_folder_and_a_model_are_written(any_store: Store, work: Path) -> None:
    run_id = with_files(any_store)
    model = log_model(any_store, run_id)
    file, folder = ArtifactRef(run_id, "data/deep/[b] c.txt"), ArtifactRef(run_id, "data")
    whole = ArtifactRef(run_id, "", model.model_id, model.name)
    assert download(any_store, file, "mine.txt").read_text() == "three"
    assert files_in(download(any_store, folder, "copy")) == {
        "a.txt": "one",
        "deep/[b] c.txt": "three",
    }
    assert {"MLmodel", MODEL_FILE} <= {
        path.name for path in download(any_store, whole, "./").iterdir()
    }
    assert left_in(work) == ["copy", "mine.txt", "random_forest_model"]


def test_the_address_shown_is_one_that_mlflow_fetches(any_store: Store, work: Path) -> None:
    import mlflow

    run_id = make_run(any_store)
    model = log_model(any_store, run_id)
    for path in ("MLmodel", ""):
        uri = ArtifactRef(run_id, path, model.model_id, model.name).uri
        fetched = mlflow.artifacts.download_artifacts(artifact_uri=uri, dst_path=str(work / "x"))
        assert Path(fetched).exists()


def test_it_is_planned_with_a_free_name(sqlite_store: Store, work: Path) -> None:
    run_id = with_files(sqlite_store)
    file, folder = ArtifactRef(run_id, "data/a.txt"), ArtifactRef(run_id, "data")
    assert plan_download(sqlite_store, folder).total == Amount(files=2, size=8)
    assert plan_download(sqlite_store, file).suggested == "a.txt"
    (work / "a.txt").touch()
    (work / "a-2.txt").mkdir()
    assert plan_download(sqlite_store, file).suggested == "a-3.txt"


def test_what_is_not_there_is_not_planned(sqlite_store: Store) -> None:
    run_id = with_files(sqlite_store)
    with pytest.raises(NotFound, match="no artifact nothing"):
        plan_download(sqlite_store, ArtifactRef(run_id, "nothing"))
    with pytest.raises(InvalidInput, match="leads out"):
        plan_download(sqlite_store, ArtifactRef(run_id, "../x"))


def test_nothing_is_ever_replaced(sqlite_store: Store, work: Path) -> None:
    ref = ArtifactRef(with_files(sqlite_store), "data/a.txt")
    (work / "kept").write_text("mine")
    (work / "folder").mkdir()
    (work / "gone").symlink_to("nowhere")
    for name in ("kept", "folder", "gone"):
        with pytest.raises(Conflict, match=f"{name} is there already"):
            start_download(sqlite_store, ref, name, Amount())
    with pytest.raises(Conflict, match="end it with /"):
        start_download(sqlite_store, ref, "folder", Amount())
    assert (work / "kept").read_text() == "mine"
    assert download(sqlite_store, ref, "folder/") == work / "folder" / "a.txt"


def test_what_came_to_be_meanwhile_stays(sqlite_store: Store, work: Path) -> None:
    ref = ArtifactRef(with_files(sqlite_store), "data/a.txt")
    download_id, target = start_download(sqlite_store, ref, "x", Amount())
    target.write_text("mine")
    with pytest.raises(Conflict, match="came to be meanwhile"):
        finish(download_id)
    assert left_in(work) == ["x"]
    assert target.read_text() == "mine"


def finish(download_id: str) -> None:
    end = time.monotonic() + PATIENCE
    while not download_progress(download_id).is_done and time.monotonic() < end:
        time.sleep(0.02)


def test_a_cancelled_download_leaves_nothing(sqlite_store: Store, work: Path) -> None:
    ref = ArtifactRef(with_files(sqlite_store), "data")
    download_id, _target = start_download(sqlite_store, ref, "x", Amount())
    fetcher = downloads._RUNNING[download_id].fetcher
    os.kill(fetcher.pid, signal.SIGSTOP)
    assert not download_progress(download_id).is_done
    cancel_download(download_id)
    assert fetcher.poll() == -signal.SIGKILL
    assert left_in(work) == []
    cancel_download(download_id)
    with pytest.raises(NotFound, match="has ended"):
        download_progress(download_id)


def test_what_is_there_so_far_is_counted(sqlite_store: Store) -> None:
    ref = ArtifactRef(with_files(sqlite_store), "data")
    download_id, _target = start_download(sqlite_store, ref, "x", Amount())
    download = downloads._RUNNING[download_id]
    os.kill(download.fetcher.pid, signal.SIGSTOP)
    (download.folder / "sub").mkdir(exist_ok=True)
    (download.folder / "sub" / "more").write_text("12345")
    before = download_progress(download_id).done
    assert before.files >= 1
    assert before.size >= 5
    cancel_download(download_id)


def test_a_fetcher_that_fails_is_quoted(sqlite_store: Store, work: Path) -> None:
    run_id = with_files(sqlite_store)
    download_id, _target = start_download(
        sqlite_store, ArtifactRef(run_id, "nothing.txt"), "x", Amount()
    )
    with pytest.raises(ServiceError, match=r"Nothing was written: .*No such file"):
        finish(download_id)
    assert left_in(work) == []


def test_a_fetcher_that_is_killed_is_told(sqlite_store: Store, work: Path) -> None:
    ref = ArtifactRef(with_files(sqlite_store), "data")
    download_id, _target = start_download(sqlite_store, ref, "x", Amount())
    fetcher = downloads._RUNNING[download_id].fetcher
    os.kill(fetcher.pid, signal.SIGSTOP)
    fetcher.kill()
    fetcher.wait()
    with pytest.raises(ServiceError, match="ended unexpectedly"):
        download_progress(download_id)
    assert left_in(work) == []


def test_a_place_that_does_not_do_is_told(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    ref = ArtifactRef(with_files(sqlite_store), "data")
    with pytest.raises(NotFound, match=r"no folder .*nowhere"):
        start_download(sqlite_store, ref, "nowhere/x", Amount())
    usage = SimpleNamespace(free=7)
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "disk_usage", lambda _place: usage)
        with pytest.raises(InvalidInput, match=r"8 bytes do not fit in .* 7 left"):
            start_download(sqlite_store, ref, "x", Amount(2, 8))

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(ServiceError, match=r"Cannot write in .*: Permission denied"):
        start_download(sqlite_store, ref, "x", Amount())
