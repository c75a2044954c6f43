"""Writes down what an endpoint was asked and what it answered, as far as it was told to."""

import base64
import json
import queue
import random
import threading
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from .figures import ERROR
from .record_files import MIB, RecordFiles
from .redaction import Redaction
from .watched import VALID_ID

KIB = 1024
QUEUE = 1_000
"""Records that wait for the disk; the next one is dropped, and counted."""

QUEUE_BYTES = 16 * MIB
"""Of all that waits; what is larger by itself waits alone."""

LARGEST_CAP_KIB = 16 * KIB
LONGEST_LABEL = 4_000

RECORDS, LABELS = "capture", "labels"
"""How the names of the two kinds of files begin."""


@dataclass(frozen=True)
class Exchange:
    """One request with its answer; the bodies are cut at the cap, ``sizes`` are the whole ones."""

    request_id: str
    at: float
    """Seconds since the epoch."""
    seconds: float
    status: int
    model: tuple[str, str]
    """Name and version."""
    media_type: str
    request: bytes
    response: bytes
    sizes: tuple[int, int]


@dataclass(frozen=True)
class Choice:
    """What is captured: nothing until a share is given."""

    share: float = 0.0
    """Of the requests, 0 to 1."""
    cap_kib: int = 64
    """Of each body."""
    limit_mib: int = 1_024
    """Of all files together; the oldest go first."""
    days: float = 30.0
    columns: Mapping[str, str] = field(default_factory=dict)
    """What happens to which column: drop, hash or replace."""

    def changed(self, what: Mapping[str, Any]) -> "Choice":
        """Return this with some fields changed; raises ``ValueError`` for what cannot be meant."""
        asked = replace(self, **what)
        choice = replace(
            asked,
            share=float(asked.share),
            cap_kib=int(float(asked.cap_kib)),
            limit_mib=int(float(asked.limit_mib)),
            days=float(asked.days),
        )
        if not 0 <= choice.share <= 1:
            raise ValueError("the share goes from 0 to 1")
        if not 1 <= choice.cap_kib <= LARGEST_CAP_KIB:
            raise ValueError(f"the cap of a body goes from 1 to {LARGEST_CAP_KIB} KiB")
        if not choice.limit_mib >= 1 or not choice.days > 0:
            raise ValueError("the limits are positive: limit_mib and days")
        return choice


class Capture:
    """Takes exchanges without waiting; a thread writes them as JSON lines into ``folder``.

    What finds the queue full, or no room
    on the disk, is dropped and counted: the answer to a client never waits for it.
    """

    def __init__(self, folder: Path, key: bytes, choice: "Choice | None" = None) -> None:
        self.folder = folder
        self._files = RecordFiles(folder)
        self.choice = choice or Choice()
        self._key = key
        self._redaction = Redaction(self.choice.columns, key)
        self._queue: queue.Queue[tuple[str, bytes]] = queue.Queue(QUEUE)
        self._lock = threading.Lock()
        self._waiting = 0
        """Bytes in the queue, and of what is being written."""
        self._counts: Counter[str] = Counter()
        self._last_problem = ""
        self._writer: threading.Thread | None = None

    @property
    def cap(self) -> int:
        """The bytes of a body that are kept."""
        return self.choice.cap_kib * KIB

    def wants(self) -> bool:
        """Return whether the next request is to be captured: decided before anything is kept."""
        share = self.choice.share
        return share > 0 and (share >= 1 or random.random() < share)  # noqa: S311 - a sample

    def set(self, what: Mapping[str, Any]) -> None:
        """Change what is captured from now on; raises ``ValueError`` and changes nothing."""
        choice = self.choice.changed(what)
        redaction = Redaction(choice.columns, self._key)
        self.choice, self._redaction = choice, redaction

    def take(self, exchange: Exchange) -> None:
        """Queue an exchange to be written."""
        request: bytes | None = exchange.request
        response: bytes | None = exchange.response
        if self._redaction:
            whole = exchange.sizes[0] <= len(exchange.request)
            request = (
                self._redaction.applied(exchange.request, exchange.media_type) if whole else None
            )
            # The text of an error may repeat the row that it is about.
            told = exchange.status < ERROR and exchange.sizes[1] <= len(exchange.response)
            response = self._redaction.applied(exchange.response, "json") if told else None
        left_out = [
            name for name, body in (("request", request), ("response", response)) if body is None
        ]
        record = {
            "request_id": exchange.request_id,
            "at": exchange.at,
            "seconds": round(exchange.seconds, 6),
            "status": exchange.status,
            "model": exchange.model[0],
            "version": exchange.model[1],
            "share": self.choice.share,
            "media_type": exchange.media_type[:200],
            "request_bytes": exchange.sizes[0],
            "response_bytes": exchange.sizes[1],
            **_text("request", request),
            **_text("response", response),
            **({"left_out": left_out} if left_out else {}),
        }
        self._put(RECORDS, [record])

    def take_labels(self, labels: Any) -> int:
        """Queue labels that belong to earlier requests; return how many there were.

        Each has ``request_id`` and ``label`` (a list where the request had many rows), perhaps
        ``time``. Raises ``ValueError`` or ``TypeError``, and takes none, where one is something
        else.
        """
        if isinstance(labels, dict):
            labels = [labels]
        if not isinstance(labels, list):
            raise TypeError("a list of labels is expected")
        lines = [_label(number, each) for number, each in enumerate(labels, start=1)]
        if not self._put(LABELS, lines):
            raise ValueError("the disk is behind; send them again")
        return len(lines)

    def counts(self) -> dict[str, int]:
        """Return how many records were written, and dropped by reason."""
        return dict(self._counts)

    def state(self) -> dict[str, object]:
        """Return what is captured, where it is and how much."""
        files = self._files.found()
        return {
            "share": self.choice.share,
            "cap_kib": self.choice.cap_kib,
            "limit_mib": self.choice.limit_mib,
            "days": self.choice.days,
            "columns": dict(self.choice.columns),
            "folder": str(self.folder),
            "bytes": sum(size for _, size, _ in files),
            "files": len(files),
            "counts": self.counts(),
            "waiting": self._queue.qsize(),
            "problem": self._last_problem,
        }

    def close(self, seconds: float = 5.0) -> None:
        """Write what waits, for at most so long."""
        end = time.monotonic() + seconds
        while self._queue.unfinished_tasks and time.monotonic() < end:
            self._keep_writing()
            time.sleep(0.01)

    def _put(self, kind: str, lines: Sequence[Mapping[str, object]]) -> bool:
        text = b"".join(json.dumps(line).encode() + b"\n" for line in lines)
        with self._lock:
            is_full = self._waiting > 0 and self._waiting + len(text) > QUEUE_BYTES
            if is_full or self._queue.full():
                self._counts["dropped: queue full"] += len(lines)
                return False
            self._waiting += len(text)
            self._queue.put_nowait((kind, text))
        self._keep_writing()
        return True

    def _keep_writing(self) -> None:
        if self._writer is None or not self._writer.is_alive():
            self._writer = threading.Thread(target=self._write_all, name="capture", daemon=True)
            self._writer.start()

    def _write_all(self) -> None:
        while True:
            kind, text = self._queue.get()
            number = text.count(b"\n")
            try:
                self._write(kind, text)
            except BaseException as error:
                self._counts["dropped: not written"] += number
                self._last_problem = str(getattr(error, "strerror", "") or error)
                if not isinstance(error, OSError):
                    raise  # another thread is begun with the next record
            else:
                self._counts["written" if kind == RECORDS else "labels"] += number
                self._last_problem = ""
            finally:
                with self._lock:
                    self._waiting -= len(text)
                self._queue.task_done()

    def _write(self, kind: str, text: bytes) -> None:
        self._files.write(kind, text, self.choice.limit_mib * MIB, self.choice.days)


def _text(name: str, body: "bytes | None") -> dict[str, str]:
    """Return a body as text, as base64 where it is none."""
    if body is None:
        return {}
    try:
        return {name: body.decode()}
    except UnicodeDecodeError as error:
        # The cap may have cut a character in half.
        if error.start >= len(body) - 3:
            return {name: body[: error.start].decode()}
        return {f"{name}_base64": base64.b64encode(body).decode()}


def _label(number: int, label: Any) -> dict[str, object]:
    if not isinstance(label, dict) or not isinstance(label.get("request_id"), str):
        raise TypeError(f"label {number} names no request_id")
    if not VALID_ID.fullmatch(label["request_id"]):
        raise ValueError(f"label {number} names no request_id that a request can have")
    if "label" not in label:
        raise ValueError(f"label {number} has no label")
    kept = {key: label[key] for key in ("request_id", "label", "time") if key in label}
    if len(json.dumps(kept)) > LONGEST_LABEL:
        raise ValueError(f"label {number} is longer than {LONGEST_LABEL} characters")
    return {**kept, "taken_at": time.time()}
