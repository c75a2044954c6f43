"""The captured requests of endpoints as they come in, read on from a position.

An endpoint writes files ``capture-HOUR-PROCESS-NUMBER.jsonl``, one after the other: the number
grows whatever the clock does. Each process of an endpoint is a stream; streams are merged by time.
"""

import heapq
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mlops_tui.domain.monitoring.chunking import Piece
from mlops_tui.domain.serving.captured import Cells, rows_of
from mlops_tui.services.files.regular_file import open_to_read
from mlops_tui.services.serving.captures import captured_of

NAME = re.compile(r"capture-\w+-(\d+)-(\d+)\.jsonl")
LATEST = 253_402_300_799_000
"""The end of the calendar in ms; a clock may say anything."""

Streams = Mapping[str, list[int]]
"""Of each stream the number of its file, and the bytes of it that were read."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a stream."""

    at: int
    stream: str
    place: list[int]
    told: dict[str, Any]


class CaptureSource:
    """Captured requests that were answered well, as pieces of rows."""

    def __init__(self, folders: Callable[[], Sequence[Path]], model: str) -> None:
        self._folders = folders
        self._model = model
        self.lost = 0
        """Files that were removed before all of them was read."""

    def pieces(self, position: object) -> Iterator[Piece]:
        """Yield the requests behind a position, in the order in which they came."""
        places = _places(position)
        streams = self._streams()
        read = [self._lines(name, files, places.get(name)) for name, files in streams.items()]
        after = {name: place for name, place in places.items() if name in streams}
        for line in heapq.merge(*read, key=lambda each: each.at):
            after = {**after, line.stream: line.place}
            rows = self._rows(line)
            if rows:
                version = str(line.told.get("version", ""))
                yield Piece(rows, len(rows), line.at, after, version)

    def _rows(self, line: Line) -> list[Cells]:
        if line.told.get("model") not in (self._model, None):
            return []
        rows: list[Cells] = []
        with suppress(KeyError, TypeError, ValueError):
            rows = list(rows_of(captured_of(line.told)))
        # One that was no table, or was answered with an error, is of no chunk.
        return [cells for cells in rows if cells.get("row") is not None]

    def _streams(self) -> dict[str, list[tuple[int, Path]]]:
        """Return the files of each stream in the order in which they were written."""
        found: dict[str, list[tuple[int, Path]]] = {}
        for folder in self._folders():
            for path in folder.glob("capture-*.jsonl"):
                if name := NAME.fullmatch(path.name):
                    stream = f"{folder.parent.name}/{name[1]}"
                    found.setdefault(stream, []).append((int(name[2]), path))
        return {stream: sorted(files) for stream, files in sorted(found.items())}

    def _lines(
        self, stream: str, files: list[tuple[int, Path]], place: list[int] | None
    ) -> Iterator[Line]:
        number, offset = place or (0, 0)
        if place and offset and number not in {each for each, _ in files}:
            self.lost += 1
        for at, path in files:
            if at >= number:
                yield from _lines_of(path, stream, at, offset if at == number else 0)


def _lines_of(path: Path, stream: str, number: int, offset: int) -> Iterator[Line]:
    """Yield the whole lines of a file; the last one may still be written."""
    with suppress(FileNotFoundError), open_to_read(path) as file:
        file.seek(offset)
        for text in file:
            if not text.endswith(b"\n"):
                return
            offset += len(text)
            with suppress(ValueError, RecursionError):
                told = json.loads(text)
                if isinstance(told, dict):
                    yield Line(_time(told.get("at")), stream, [number, offset], told)


def _time(seconds: object) -> int:
    """Return a time in ms; 0 for what is none."""
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return 0
    return int(seconds * 1000) if 0 <= seconds <= LATEST / 1000 else 0


def _places(position: object) -> dict[str, list[int]]:
    if not isinstance(position, dict):
        return {}
    return {
        str(stream): [place[0], place[1]]
        for stream, place in position.items()
        if isinstance(place, list) and len(place) == 2 and all(type(n) is int for n in place)  # noqa: PLR2004
    }
