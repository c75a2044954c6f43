"""Writing artifacts to this machine's disk."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from mlops_tui.domain.artifacts.artifact import Artifact, ArtifactRef, check_path
from mlops_tui.domain.artifacts.download import Amount, DownloadPlan, DownloadProgress, target_path
from mlops_tui.domain.errors import Conflict, InvalidInput, NotFound, ServiceError
from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.store import Store
from mlops_tui.services.artifacts.artifacts import find_artifact, listed, location_of
from mlops_tui.services.store.failures import translated
from mlops_tui.services.worker.calls import LONG, is_kept, may_take

FETCHER = "mlops_tui.services.artifacts.artifact_fetcher"


@dataclass(frozen=True, slots=True)
class _Download:
    """A fetcher at work: it fills ``folder``, of which ``path`` then goes to ``target``."""

    fetcher: "subprocess.Popen[str]"
    folder: Path
    path: str
    target: Path


_RUNNING: dict[str, _Download] = {}
"""The downloads that this process has begun, by an id of ours."""


@may_take(LONG)
@translated()
def plan_download(store: Store, ref: ArtifactRef) -> DownloadPlan:
    """Return how much would be fetched, with a free path in the working directory."""
    check_path(ref.path)
    sizes = [found.size or 0 for found in _files(store, ref)]
    return DownloadPlan(Amount(len(sizes), sum(sizes)), _free(ref.name))


@is_kept
@translated()
def start_download(store: Store, ref: ArtifactRef, typed: str, total: Amount) -> tuple[str, Path]:
    """Begin to fetch to a typed path; return the id of the download with the path meant.

    Nothing is ever replaced. Until all of it is there, it stands in a folder beside the path.
    """
    check_path(ref.path)
    target = target_path(typed, ref.name, Path.cwd())
    _check_place(target, total)
    location = location_of(store, ref)
    folder = target.parent / f".{target.name[:100]}.part-{uuid4().hex[:8]}"
    try:
        folder.mkdir()
    except OSError as error:
        raise ServiceError(
            f"Cannot write in {target.parent}: {error.strerror}.", "Choose another place."
        ) from None
    order = {
        "location": location,
        "path": ref.path,
        "folder": str(folder),
        "tracking_uri": store.tracking_uri,
    }
    download_id = uuid4().hex
    _RUNNING[download_id] = _Download(_spawn(order), folder, ref.path, target)
    return download_id, target


@may_take(LONG)
@translated()
def download_progress(download_id: str) -> DownloadProgress:
    """Return how far it is; at its end put it in place, or raise why it failed."""
    download = _running(download_id)
    # Asked first: what is counted afterwards is then never too little.
    code = download.fetcher.poll()
    if code is None:
        return DownloadProgress(_amount(download.folder))
    del _RUNNING[download_id]
    answer = _ended(download)
    try:
        if code:
            raise _failure(answer)
        done = _amount(download.folder)
        _put_in_place(download)
    finally:
        shutil.rmtree(download.folder, ignore_errors=True)
    return DownloadProgress(done, is_done=True)


@is_kept
@translated()
def cancel_download(download_id: str) -> None:
    """End it, remove what was fetched; nothing happens to one that has ended."""
    download = _RUNNING.pop(download_id, None)
    if download is not None:
        download.fetcher.kill()
        _ended(download)
        shutil.rmtree(download.folder, ignore_errors=True)


def _files(store: Store, ref: ArtifactRef) -> list[Artifact]:
    whole = Artifact("", is_dir=True) if not ref.path else find_artifact(store, ref)
    if whole is None:
        raise NotFound(f"There is no artifact {ref.path}, or no longer.")
    return list(_below(store, ref, whole)) if whole.is_dir else [whole]


def _below(store: Store, ref: ArtifactRef, folder: Artifact) -> Iterator[Artifact]:
    for found in listed(store, ref, folder.path):
        if found.path == folder.path:
            continue  # some stores list a folder in itself
        if found.is_dir:
            yield from _below(store, ref, found)
        else:
            yield found


def _free(name: str) -> str:
    stem, dot, end = (one_line(name, 100).replace("/", "_") or "artifact").partition(".")
    taken, number = f"{stem}{dot}{end}", 1
    while Path(taken).exists():
        number += 1
        taken = f"{stem}-{number}{dot}{end}"
    return taken


def _check_place(target: Path, total: Amount) -> None:
    if os.path.lexists(target):
        into = "To write into that folder, end it with /." if target.is_dir() else ""
        raise Conflict(f"{target} is there already.", into or "Choose another name.")
    if not target.parent.is_dir():
        raise NotFound(f"There is no folder {target.parent}.", "Choose another place.")
    free = shutil.disk_usage(target.parent).free
    if total.size > free:
        raise InvalidInput(
            f"{total.size:,} bytes do not fit in {target.parent}, which has {free:,} left.",
            "Choose another place.",
        )


def _spawn(order: dict[str, str]) -> "subprocess.Popen[str]":
    fetcher = subprocess.Popen(  # noqa: S603 - our own module by our own interpreter
        [sys.executable, "-P", "-m", FETCHER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert fetcher.stdin  # noqa: S101 - asked for above
    # What may hold a password goes this way, where no list of processes shows it.
    fetcher.stdin.write(json.dumps(order) + "\n")
    fetcher.stdin.flush()
    return fetcher


def _running(download_id: str) -> _Download:
    try:
        return _RUNNING[download_id]
    except KeyError:
        raise NotFound("The download has ended.", "Begin it again.") from None


def _amount(folder: Path) -> Amount:
    sizes = []
    for place, _folders, names in os.walk(folder):
        for name in names:
            with suppress(FileNotFoundError):  # renamed by its writer meanwhile
                sizes.append(Path(place, name).lstat().st_size)
    return Amount(len(sizes), sum(sizes))


def _ended(download: _Download) -> str:
    """Return what the fetcher said last."""
    fetcher = download.fetcher
    assert fetcher.stdin, fetcher.stdout  # noqa: S101 - asked for at its start
    fetcher.stdin.close()
    fetcher.stdin = None
    return fetcher.communicate()[0]


def _failure(answer: str) -> ServiceError:
    if not answer:
        return ServiceError("The download ended unexpectedly.", "Try again.")
    message, hint = json.loads(answer)
    return ServiceError(f"Nothing was written: {message}", hint)


def _put_in_place(download: _Download) -> None:
    target = download.target
    if os.path.lexists(target):
        raise Conflict(f"{target} came to be meanwhile.", "Choose another name.")
    (download.folder / download.path).rename(target)
