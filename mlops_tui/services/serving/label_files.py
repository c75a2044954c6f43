"""Labels of captured requests: read from files, handed to an endpoint or put beside its capture."""

import csv
import json
import os
import time
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path

from mlops_tui.domain.errors import InvalidInput, NotFound
from mlops_tui.domain.json_text import Json
from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.processes.process import ProcessRecord
from mlops_tui.domain.serving.captured import is_request_id
from mlops_tui.domain.serving.model_server import ModelServer
from mlops_tui.services.files.regular_file import open_descriptor, open_to_read
from mlops_tui.services.serving import endpoints
from mlops_tui.services.serving.captures import FOLDER
from mlops_tui.services.store.failures import translated

LABELS_AT_ONCE = 500
FIELDS = ("request_id", "label", "time")


def add_labels(state_dir: Path, server: ModelServer, path: Path) -> int:
    """Hand the labels of a file over; return how many. Raises ``ServiceError``.

    An endpoint that no longer runs gets them beside what it has captured.
    """
    taken = 0
    for labels in read_labels(path):
        if server.figures:
            taken += endpoints.add_labels(state_dir, server.record, labels)
        else:
            taken += _put_beside(state_dir, server.record, labels)
    return taken


@translated()
def _put_beside(state_dir: Path, record: ProcessRecord, labels: list[Json]) -> int:
    folder = state_dir / record.kind / record.process_id / FOLDER
    if not folder.is_dir():
        raise NotFound(f"{record.title} has captured nothing that a label could belong to.")
    now = time.time()
    text = "".join(
        json.dumps({**each, "taken_at": now}) + "\n" for each in labels if isinstance(each, dict)
    )
    name = time.strftime(f"labels-%Y%m%dT%H-{os.getpid()}.jsonl", time.gmtime(now))
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    with os.fdopen(open_descriptor(folder / name, flags), "w", encoding="utf-8") as file:
        file.write(text)
    return len(labels)


def read_labels(path: Path) -> Iterator[list[Json]]:
    """Return the labels of a CSV or JSON lines file, some hundred at a time.

    Raises ``InvalidInput`` with the line that names no request or has no label.
    """
    shown = one_line(str(path), 200)
    try:
        with open_to_read(path) as file:
            text = (line.decode("utf-8-sig") for line in file)
            is_csv = path.suffix.lower() == ".csv"
            labels = _csv_labels(text) if is_csv else map(_json_label, text)
            numbered = enumerate((each for each in labels if each is not None), start=1)
            while chunk := list(islice(numbered, LABELS_AT_ONCE)):
                yield [_checked(number, label) for number, label in chunk]
    except OSError as error:
        raise InvalidInput(f"The labels {shown} cannot be read: {error.strerror}.") from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise InvalidInput(f"The labels {shown} cannot be read: {error}.") from None


def _csv_labels(lines: Iterator[str]) -> Iterator[Json]:
    for row in csv.DictReader(lines):
        label: dict[str, Json] = {name: row[name] for name in FIELDS if row.get(name) is not None}
        with suppress(ValueError, TypeError):
            # A number stays a number.
            label["label"] = json.loads(str(row.get("label")))
        yield label


def _json_label(line: str) -> Json:
    try:
        return json.loads(line) if line.strip() else None
    except (ValueError, RecursionError):
        return {}


def _checked(number: int, label: Json) -> Json:
    if isinstance(label, dict) and is_request_id(label.get("request_id")) and "label" in label:
        return label
    raise InvalidInput(
        f"Label {number} has no label, or no request_id that a request can have; "
        "those before it may have been taken.",
        "A CSV file has the columns request_id, label; JSON lines have them as keys.",
    )
