"""Endpoints that others run: their addresses are kept, they are asked whether they are ready."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from mlops_tui.domain.errors import Conflict, InvalidInput, NotFound, ServiceError
from mlops_tui.domain.models.model_info import ModelInfo
from mlops_tui.domain.processes.process import ProcessKind, ProcessRecord, ProcessState
from mlops_tui.domain.serving.model_server import ModelServer, ServerState
from mlops_tui.domain.serving.protocol import Address, Protocol, read_address
from mlops_tui.domain.serving.wire_request import read_metadata
from mlops_tui.services.files.small_files import change_json, read_preference
from mlops_tui.services.processes import records
from mlops_tui.services.serving import scoring
from mlops_tui.services.store.failures import translated
from mlops_tui.services.worker.calls import is_kept

FILE = "endpoints.json"
MOST = 50
PING_TIMEOUT = 0.5
TRUST = 10.0
"""Seconds for which an answer holds: each question is in somebody's log."""

_answers: dict[str, tuple[float, bool]] = {}
"""When an address was asked, and whether it was ready."""


def list_watched(state_dir: Path) -> tuple[ModelServer, ...]:
    """Return the endpoints of others as they are now, by their address; all are asked at once."""
    found = kept(state_dir)
    if not found:
        return ()
    with ThreadPoolExecutor(len(found)) as threads:
        return tuple(threads.map(asked, found))


def kept(state_dir: Path) -> tuple[ProcessRecord, ...]:
    """Return the endpoints of others, by their address, without asking them anything."""
    found = []
    for url, told in sorted(read_preference(state_dir / FILE).items()):
        with suppress(ServiceError):
            found.append(_record(read_address(url), told if isinstance(told, dict) else {}))
    return tuple(found)


def asked(record: ProcessRecord) -> ModelServer:
    """Return an endpoint as it is now."""
    if _is_ready(record.details["url"]):
        return ModelServer(record, ServerState.READY)
    silent = replace(record, reason="It does not answer that it is ready.")
    return ModelServer(silent, ServerState.SILENT)


@is_kept
@translated()
def watch(state_dir: Path, text: str) -> ModelServer:
    """Keep an address; nothing is started. Raises ``ServiceError``."""
    address = read_address(text)
    if "@" in urlsplit(address.url).netloc:
        raise InvalidInput("An address with a login is not kept.", "Leave it out.")

    def add(kept: dict[str, Any]) -> dict[str, Any]:
        if address.url in kept:
            raise Conflict(f"{address.url} is in the list already.")
        if len(kept) >= MOST:
            raise Conflict(f"{MOST} addresses are watched already.", "Remove one.")
        return kept | {address.url: {"added_at": records.now()}}

    told = change_json(state_dir / FILE, add)
    return asked(_record(address, told[address.url]))


@is_kept
@translated()
def forget(state_dir: Path, process_id: str) -> None:
    """Remove an endpoint from the list; it is not touched itself."""

    def without(kept: dict[str, Any]) -> dict[str, Any]:
        left = {url: told for url, told in kept.items() if _id(url) != process_id}
        if left == kept:
            raise NotFound("It is not in the list any more.")
        return left

    change_json(state_dir / FILE, without)


def describe(url: str) -> ModelInfo:
    """Return what an endpoint says of its inputs; only Open Inference says anything."""
    address = read_address(url)
    if address.protocol is not Protocol.OPEN_INFERENCE:
        return ModelInfo(url)
    return ModelInfo(url, signature=read_metadata(scoring.read_json(address.url)))


def _record(address: Address, told: dict[str, Any]) -> ProcessRecord:
    parts = urlsplit(address.url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    added_at = told.get("added_at")
    return ProcessRecord(
        process_id=_id(address.url),
        kind=ProcessKind.SERVER,
        title=f"{address.model or address.protocol} at {parts.netloc}",
        command=(),
        cwd="",
        environment=(),
        store="",
        created_at=added_at if isinstance(added_at, int) else 0,
        state=ProcessState.ELSEWHERE,
        details={
            "model": f"{address.model or address.protocol} at {parts.hostname}",
            "version": address.version,
            "port": str(port),
            "url": address.url,
        },
    )


def _is_ready(url: str) -> bool:
    asked_at, was_ready = _answers.get(url, (0.0, False))
    now = time.monotonic()
    if not asked_at or now - asked_at > TRUST:
        was_ready = scoring.ping(url, PING_TIMEOUT)
        _answers[url] = now, was_ready
    return was_ready


def _id(url: str) -> str:
    return f"watched-{sha256(url.encode()).hexdigest()[:8]}"
