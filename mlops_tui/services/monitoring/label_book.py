"""The labels of requests as they come: late, in part, twice, out of order."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.json_text import Json
from mlops_tui.domain.serving.captured import is_request_id
from mlops_tui.services.files.regular_file import open_to_read
from mlops_tui.services.monitoring.reference_rows import as_label
from mlops_tui.services.serving.label_files import read_labels

if TYPE_CHECKING:
    import pyarrow as pa

ADD = """
INSERT INTO labels VALUES (:id, :label, :at) ON CONFLICT DO UPDATE
SET label = excluded.label, at = excluded.at WHERE excluded.at >= at AND excluded.label != label
"""
"""The latest label of a request holds; the same one again changes nothing."""
AT_ONCE = 500
"""Ids that are asked for together."""


class LabelBook:
    """The latest label of each request, outside of memory; remembers which ids are new."""

    def __init__(self) -> None:
        self._labels = sqlite3.connect("")
        self._labels.execute("CREATE TABLE labels (id TEXT PRIMARY KEY, label TEXT, at REAL)")
        self._labels.execute("CREATE TABLE chunks (id TEXT PRIMARY KEY, version TEXT, number INT)")
        self._read: dict[Path, int] = {}
        self._stamps: dict[Path, tuple[int, int]] = {}
        self.problem = ""
        """Why a file of labels cannot be read."""

    def read_captured(self, folders: Iterable[Path]) -> set[str]:
        """Take the labels that endpoints have written since; return the ids that are new."""
        new: set[str] = set()
        for folder in folders:
            for path in sorted(folder.glob("labels-*.jsonl")):
                new |= self._add(self._lines(path), 0.0)
        return new

    def read_file(self, path: Path) -> set[str]:
        """Take the labels of a person's file where it has changed; return the ids that are new."""
        self.problem = ""
        try:
            status = path.stat()
            stamp = status.st_size, status.st_mtime_ns
            if self._stamps.get(path) == stamp:
                return set()
            new = set()
            for labels in read_labels(path):
                known = (each for each in labels if isinstance(each, dict))
                new |= self._add(known, status.st_mtime)
            self._stamps[path] = stamp
        except OSError as error:
            self.problem = f"The labels {path} cannot be read: {error.strerror}."
        except ServiceError as error:
            self.problem = str(error)
        else:
            return new
        return set()

    def labels_of(self, ids: Iterable[str]) -> dict[str, Json]:
        """Return the labels of requests by id; those without one are left out."""
        wanted = sorted(set(ids))
        found: dict[str, str] = {}
        for start in range(0, len(wanted), AT_ONCE):
            some = wanted[start : start + AT_ONCE]
            marks = ", ".join("?" * len(some))
            query = f"SELECT id, label FROM labels WHERE id IN ({marks})"  # noqa: S608 - marks alone
            found.update(self._labels.execute(query, some))
        return {request_id: json.loads(label) for request_id, label in found.items()}

    def note_rows(self, version: str, number: int, ids: Iterable[str]) -> None:
        """Remember in which chunk requests are."""
        rows = ((request_id, version, number) for request_id in set(ids))
        self._labels.executemany("INSERT OR REPLACE INTO chunks VALUES (?, ?, ?)", rows)
        self._labels.commit()

    def chunks_of(self, ids: Iterable[str]) -> list[tuple[str, int]]:
        """Return versions and numbers of the chunks in which requests are."""
        wanted = sorted(ids)
        found: set[tuple[str, int]] = set()
        for start in range(0, len(wanted), AT_ONCE):
            some = wanted[start : start + AT_ONCE]
            marks = ", ".join("?" * len(some))
            query = f"SELECT DISTINCT version, number FROM chunks WHERE id IN ({marks})"  # noqa: S608 - marks alone
            found.update(self._labels.execute(query, some))
        return sorted(found)

    def _add(self, labels: Iterable[Mapping[str, Json]], otherwise: float) -> set[str]:
        """Take labels; those that do not say when they were taken were so ``otherwise``."""
        new: set[str] = set()
        for each in labels:
            request_id, at = each.get("request_id"), each.get("taken_at")
            if not is_request_id(request_id) or "label" not in each:
                continue
            row = {
                "id": request_id,
                "label": json.dumps(each["label"]),
                "at": _number(at, otherwise),
            }
            if self._labels.execute(ADD, row).rowcount:
                new.add(str(request_id))
        self._labels.commit()
        return new

    def _lines(self, path: Path) -> Iterator[Mapping[str, Json]]:
        with suppress(FileNotFoundError), open_to_read(path) as file:
            file.seek(self._read.get(path, 0))
            for text in file:
                if not text.endswith(b"\n"):
                    return
                self._read[path] = self._read.get(path, 0) + len(text)
                with suppress(ValueError, RecursionError):
                    line = json.loads(text)
                    if isinstance(line, dict):
                        yield line


def _number(value: object, otherwise: float) -> float:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number else otherwise  # type: ignore[arg-type]


def label_column(
    ids: Sequence[str], places: Sequence[int], sizes: Sequence[int], labels: Mapping[str, Json]
) -> "pa.Array":
    """Return the label of each row; a request of many rows has a list, or one label for all."""
    import pyarrow as pa

    found = []
    for request_id, place, size in zip(ids, places, sizes, strict=True):
        label = labels.get(request_id)
        if isinstance(label, list) and len(label) == size and place < size:
            label = label[place]
        found.append(None if label is None or isinstance(label, list | dict) else as_label(label))
    return pa.array(found, pa.string())
