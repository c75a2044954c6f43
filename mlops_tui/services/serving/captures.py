"""Reads what an endpoint captured back as a table, joined with the labels that came later."""

import csv
import json
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlops_tui.domain.errors import Conflict, InvalidInput, NotFound
from mlops_tui.domain.processes.process import ProcessRecord
from mlops_tui.domain.serving.captured import Captured, Cells, Columns, is_request_id, rows_of
from mlops_tui.services.files.regular_file import PRIVATE, open_to_read
from mlops_tui.services.store.failures import translated

if TYPE_CHECKING:
    import pyarrow as pa

    from mlops_tui.domain.json_text import Json

FOLDER = "captured"
CHUNK = 5_000
"""Rows that are written at once."""

ADD_LABEL = """
INSERT INTO labels VALUES (?, ?, ?) ON CONFLICT DO UPDATE
SET label = excluded.label, at = excluded.at WHERE excluded.at >= at
"""
"""The latest label of a request holds; several processes may have written some."""

Row = Sequence[bool | int | float | str | None]


class CapturedTable:
    """The captured requests of one endpoint; reads its files anew for each look, never whole."""

    def __init__(self, state_dir: Path, record: ProcessRecord) -> None:
        self._folder = state_dir / record.kind / record.process_id / FOLDER
        if not any(self._folder.glob("capture-*.jsonl")):
            raise NotFound(
                f"{record.title} has captured nothing.", "c in the interface, or serve --capture."
            )
        self.columns = Columns()
        self.requests = self.labelled = 0
        for captured in self.exchanges():
            self.requests += 1
            self.labelled += captured.label is not None
            for cells in rows_of(captured):
                self.columns.add(cells)

    def exchanges(self) -> Iterator[Captured]:
        """Return the requests with their answers and labels, in the order of their hours."""
        with self._labels() as label_of:
            for line in _lines(self._folder, "capture"):
                with suppress(KeyError, TypeError, ValueError):
                    yield captured_of(line, _label(line, label_of))

    def rows(self) -> Iterator[Row]:
        """Return the cells of each row, by ``columns.names``."""
        for cells in self.cells():
            yield self.columns.cells(cells)

    def cells(self) -> Iterator[Cells]:
        """Return each row by the names of its columns; what came since the first look is left."""
        for captured in islice(self.exchanges(), self.requests):
            for cells in rows_of(captured):
                yield {name: cells.get(name) for name in self.columns.names}

    @contextmanager
    def _labels(self) -> Iterator[sqlite3.Connection]:
        """Keep the latest label of each request outside of memory."""
        with closing(sqlite3.connect("")) as labels:
            labels.execute("CREATE TABLE labels (request_id TEXT PRIMARY KEY, label TEXT, at REAL)")
            for line in _lines(self._folder, "labels"):
                if is_request_id(line.get("request_id")):
                    at = line.get("taken_at")
                    taken_at = at if isinstance(at, int | float) else 0.0
                    told = (line["request_id"], json.dumps(line.get("label")), taken_at)
                    labels.execute(ADD_LABEL, told)
            yield labels


@translated()
def write_table(table: CapturedTable, path: Path) -> None:
    """Write the table as CSV or Parquet, by the name's ending, readable by its owner alone."""
    write = {".csv": _write_csv, ".parquet": _write_parquet}.get(path.suffix.lower())
    if write is None:
        raise InvalidInput(f"{path.name} ends in neither .csv nor .parquet.")
    if path.exists():
        raise Conflict(f"{path.name} is there already.", "Choose another name.")
    draft = path.with_name(f"{path.name}.draft")
    try:
        os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, PRIVATE))
        write(table, draft)
        draft.replace(path)
    except FileExistsError:
        raise Conflict(f"{draft.name} is in the way.", "Remove it.") from None
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def _write_csv(table: CapturedTable, path: Path) -> None:
    with path.open("w", encoding="utf-8", errors="backslashreplace", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(table.columns.names)
        writer.writerows(table.rows())


def _write_parquet(table: CapturedTable, path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    types = {"bool": pa.bool_(), "int": pa.int64(), "float": pa.float64()}
    kinds = table.columns.kinds
    schema = pa.schema(
        [(each, types.get(kinds[each], pa.string())) for each in table.columns.names]
    )
    rows = table.rows()
    with pq.ParquetWriter(path, schema) as writer:
        while chunk := list(islice(rows, CHUNK)):
            writer.write_batch(_batch(chunk, schema))


def _batch(rows: list[Row], schema: "pa.Schema") -> "pa.RecordBatch":
    import pyarrow as pa

    columns = (list(map(_encodable, column)) for column in zip(*rows, strict=True))
    arrays = [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
    return pa.record_batch(arrays, schema=schema)


def _encodable(value: Any) -> Any:
    """Return a text without halves of surrogate pairs, which JSON can hold and UTF-8 cannot."""
    return value.encode("utf-8", "backslashreplace").decode() if isinstance(value, str) else value


def _lines(folder: Path, kind: str) -> Iterator[dict[str, Any]]:
    """Return the objects in the files of a kind; a broken line, or a file that went, is skipped."""
    for path in sorted(folder.glob(f"{kind}-*.jsonl")):
        with suppress(FileNotFoundError), open_to_read(path) as file:
            for text in file:
                with suppress(ValueError, RecursionError):
                    line = json.loads(text)
                    if isinstance(line, dict):
                        yield line


def _label(line: dict[str, Any], labels: sqlite3.Connection) -> "Json":
    request_id = line["request_id"]
    if not is_request_id(request_id):
        return None
    found = labels.execute("SELECT label FROM labels WHERE request_id = ?", (request_id,))
    label: Json = json.loads((found.fetchone() or ("null",))[0])
    return label


def captured_of(line: dict[str, Any], label: "Json" = None) -> Captured:
    """Return the request that a line of a capture tells of.

    Raises ``KeyError``, ``TypeError`` or ``ValueError`` for a line that no endpoint wrote.
    """
    request_id = line["request_id"]
    if not is_request_id(request_id):
        raise ValueError("no endpoint gives such an id")
    return Captured(
        request_id=request_id,
        at=float(line["at"]),
        seconds=float(line["seconds"]),
        status=int(line["status"]),
        version=str(line.get("version", "")),
        request=_whole(line, "request"),
        response=_whole(line, "response"),
        label=label,
    )


def _whole(line: dict[str, Any], name: str) -> str | None:
    """Return the text of a body, None where it was left out or is no text."""
    text = line.get(name)
    return text if isinstance(text, str) else None
