"""The labelled rows of a monitor's source, as frames with the columns of the training data."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlops_tui.domain.errors import InvalidInput, NotFound, ServiceError
from mlops_tui.domain.monitoring.monitor import MonitorPlan, SourceKind
from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.serving.captured import LABEL
from mlops_tui.domain.store import Store
from mlops_tui.services.monitoring import monitor_folder
from mlops_tui.services.monitoring.chunk_table import ID
from mlops_tui.services.monitoring.label_book import LabelBook
from mlops_tui.services.monitoring.monitor_setup import captures_of
from mlops_tui.services.serving.captures import CapturedTable

if TYPE_CHECKING:
    import pandas as pd

AT_ONCE = 20_000
"""Rows that are held at once."""
PARQUET = (".parquet", ".pq")
READABLE = (*PARQUET, ".csv", ".jsonl", ".ndjson")


def labelled_rows(
    store: Store, state_dir: Path, plan: MonitorPlan, columns: Sequence[str], target: str
) -> "Iterator[pd.DataFrame]":
    """Yield the rows of a monitor that have a label: their ``columns``, the label as ``target``.

    Labels that came later, by request, hold before those beside the rows. Rows that lack a column
    are left out. Raises ``ServiceError`` where they cannot be read.
    """
    book = LabelBook()
    book.read_captured([monitor_folder.folder_of(state_dir, plan.monitor_id)])
    if plan.labels:
        book.read_file(Path(plan.labels))
    if plan.source is SourceKind.CAPTURES:
        frames = _captured(store, state_dir, plan, columns)
    else:
        frames = (frame for path in _files(plan) for frame in frames_of(path))
    for frame in frames:
        beside = next((each for each in (plan.target, target, LABEL) if each in frame), "")
        labels = frame[beside] if beside else None
        yield from _chosen(frame, columns, target, _labels(frame, labels, book))


def frames_of(path: Path) -> "Iterator[pd.DataFrame]":
    """Yield the rows of a CSV, Parquet or JSON lines file. Raises ``InvalidInput``."""
    import pandas as pd

    suffix = path.suffix.lower()
    if suffix not in READABLE:
        raise InvalidInput(f"{path.name} is neither CSV, Parquet nor JSON lines by its name.")
    try:
        if suffix in PARQUET:
            import pyarrow.parquet as pq

            with pq.ParquetFile(path) as file:
                for batch in file.iter_batches(AT_ONCE):
                    yield batch.to_pandas()
        elif suffix == ".csv":
            with pd.read_csv(path, chunksize=AT_ONCE) as reader:
                yield from reader
        else:
            with pd.read_json(path, lines=True, chunksize=AT_ONCE) as reader:
                yield from reader
    except FileNotFoundError:
        raise InvalidInput(f"There is no file {path}.") from None
    except ServiceError:
        raise
    except Exception as error:  # noqa: BLE001 - pandas and pyarrow raise what they like
        raise InvalidInput(f"{path} cannot be read: {one_line(str(error), 200)}.") from None


def _files(plan: MonitorPlan) -> list[Path]:
    path = Path(plan.path)
    if path.is_dir():
        return sorted(each for each in path.iterdir() if each.suffix.lower() in READABLE)
    return [path]


def _captured(
    store: Store, state_dir: Path, plan: MonitorPlan, columns: Sequence[str]
) -> "Iterator[pd.DataFrame]":
    """Yield what the endpoints captured that the monitor reads."""
    import pandas as pd

    records = captures_of(state_dir, store, plan.model)
    wanted = [each for each in records if plan.endpoint in ("", each.process_id)]
    if not wanted:
        raise NotFound(f"The captured requests of {one_line(plan.title, 100)} are gone.")
    for record in wanted:
        with suppress(NotFound):  # it has captured nothing yet
            rows = (_row(cells, columns) for cells in CapturedTable(state_dir, record).cells())
            while chunk := list(islice(rows, AT_ONCE)):
                yield pd.DataFrame(chunk)


def _row(cells: Mapping[str, Any], columns: Sequence[str]) -> dict[str, Any]:
    # A column whose name tells of the request stands under another one in the capture.
    row = {name: cells.get(f"input_{name}", cells.get(name)) for name in columns}
    return {**row, ID: cells.get(ID), LABEL: cells.get(LABEL)}


def _labels(frame: "pd.DataFrame", beside: "pd.Series | None", book: LabelBook) -> list[Any]:
    """Return the label of each row, None where it has none yet."""
    found = [None] * len(frame) if beside is None else beside.where(beside.notna(), None).tolist()
    if ID not in frame:
        return found
    ids = [str(each) for each in frame[ID]]
    later, several, seen = book.labels_of(ids), Counter(ids), Counter[str]()
    for place, key in enumerate(ids):
        if key in later:
            label = later[key]
            if isinstance(label, list) and len(label) == several[key]:
                label = label[seen[key]]
            found[place] = label
            seen[key] += 1
    return found


def _chosen(
    frame: "pd.DataFrame", columns: Sequence[str], target: str, labels: Sequence[Any]
) -> "Iterator[pd.DataFrame]":
    if not all(name in frame for name in columns):
        return
    chosen = frame[list(columns)].assign(**{target: labels})
    chosen = chosen[chosen[target].notna()]
    if len(chosen):
        yield chosen.reset_index(drop=True).infer_objects()
