"""Hold-out rows: read from CSV, Parquet or the source of a run's data set, sampled if many."""

from __future__ import annotations

import hashlib
import json
import os
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..problem import Problem, in_words, listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mlflow import MlflowClient
    from mlflow.data.dataset import Dataset

PARQUET = (".parquet", ".pq")
DELIMITED = (".csv", ".tsv", ".txt", ".csv.gz", ".tsv.gz", ".csv.bz2", ".csv.xz", ".csv.zip")
AT_ONCE = 50_000
"""Rows that are read at once."""
MOST_ROWS = 100_000
"""Rows that are kept where a rule does not say."""
READ_AT_ONCE = 1024 * 1024
"""Bytes."""


@dataclass(frozen=True)
class HoldOut:
    """Rows with their true values, as far as they have some."""

    name: str
    path: Path
    frame: pd.DataFrame
    """All columns but the target."""
    truth: Any
    """An array, None where no target is asked for."""
    dataset: Dataset
    remark: str = ""
    """What of the file was left out."""

    def __len__(self) -> int:
        return len(self.frame)


def read(values: dict[str, Any], folder: Path, client: MlflowClient, run_id: str) -> HoldOut:
    """Return the hold-out that a rule names. Raises ``Problem``."""
    named = str(values.get("data") or values.get("dataset"))
    path = _file(named, folder) if "data" in values else _of_run(client, run_id, named)
    try:
        frame, total = sampled(
            _chunks(path), int(values.get("rows", MOST_ROWS)), int(values.get("seed", 0))
        )
    except Problem:
        raise
    except Exception as error:  # noqa: BLE001 - pandas and pyarrow raise what they like
        raise Problem(f"{path} cannot be read: {in_words(error)}") from None
    if not len(frame):
        raise Problem(f"{path} has no rows.")
    remark = f"{len(frame):,} of {total:,} rows of {path.name}" if total > len(frame) else ""
    truth, target = None, values.get("target")
    if target is not None:
        if target not in frame.columns:
            raise Problem(
                f"{path.name} has no column {target!r}; it has {listed(map(str, frame.columns))}."
            )
        has_truth = frame[target].notna()
        if not has_truth.all():
            lacking = f"{int((~has_truth).sum()):,} rows without {target} left out"
            remark = "; ".join(filter(None, (remark, lacking)))
            frame = frame[has_truth]
        if not len(frame):
            raise Problem(f"{path.name} has no row with a value of {target}.")
        truth = frame.pop(target).to_numpy()
    dataset = _dataset(named, path, frame.assign(**{target: truth}) if target else frame, target)
    return HoldOut(named, path, frame.reset_index(drop=True), truth, dataset, remark)


def sampled(chunks: Iterable[pd.DataFrame], most: int, seed: int) -> tuple[pd.DataFrame, int]:
    """Return at most so many rows, in order, each as likely as the others, and how many there are.

    Never are more kept than those and one chunk.
    """
    rng = np.random.default_rng(seed)
    kept, drawn, total = None, np.empty(0), 0
    for chunk in chunks:
        chunk.index = pd.RangeIndex(total, total + len(chunk))
        total += len(chunk)
        kept = chunk if kept is None else pd.concat((kept, chunk))
        drawn = np.concatenate((drawn, rng.random(len(chunk))))
        if len(kept) > most:
            chosen = np.sort(np.argpartition(drawn, most)[:most])
            kept, drawn = kept.iloc[chosen], drawn[chosen]
    return (pd.DataFrame() if kept is None else kept.copy()), total


def _chunks(path: Path) -> Iterator[pd.DataFrame]:
    name = path.name.lower()
    if name.endswith(PARQUET):
        import pyarrow.parquet as pq

        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(AT_ONCE):
                yield batch.to_pandas()
    elif name.endswith(DELIMITED):
        separator = "\t" if ".tsv" in name else ","
        with pd.read_csv(path, chunksize=AT_ONCE, sep=separator) as reader:
            yield from reader
    else:
        raise Problem(f"{path.name} is neither CSV nor Parquet by its name.")


def _file(named: str, folder: Path) -> Path:
    if "://" in named or named.startswith(("runs:/", "models:/", "mlflow-artifacts:/")):
        from mlflow.artifacts import download_artifacts

        try:
            return Path(download_artifacts(artifact_uri=named))
        except Exception as error:  # noqa: BLE001 - each kind of storage has its own
            raise Problem(f"{named} cannot be fetched: {in_words(error)}") from None
    # Path.expanduser raises for a user that does not exist.
    path = folder / os.path.expanduser(named)  # noqa: PTH111 - see above
    if not path.is_file():
        raise Problem(f"There is no file {path}.")
    return path


def _of_run(client: MlflowClient, run_id: str, name: str) -> Path:
    """Return the file behind a data set of the version's run."""
    from mlflow.data import get_source

    told = client.get_run(run_id).inputs if run_id else None
    inputs = told.dataset_inputs if told else []
    found = next((each for each in inputs if each.dataset.name == name), None)
    if found is None:
        names = listed(sorted({each.dataset.name for each in inputs}))
        has = f"it has {names}" if names else "it has none"
        raise Problem(f"Run {run_id or '(none)'} has no data set {name!r}; {has}.")
    try:
        if (uri := _uri(found.dataset.source)).startswith("runs:/"):
            return _file(uri, Path())
        loaded = get_source(found).load()
    except Problem:
        raise
    except Exception as error:  # noqa: BLE001 - each kind of source has its own
        raise Problem(f"The source of data set {name} cannot be read: {in_words(error)}") from None
    path = Path(loaded) if isinstance(loaded, (str, Path)) else None
    if path is None or not path.is_file():
        raise Problem(f"The source of data set {name} is no file that can be read here.")
    return path


def _uri(source: str) -> str:
    """Return the address of a source, empty where it has none."""
    try:
        found = json.loads(source)
    except ValueError:
        return ""
    return str(found.get("uri", "")) if isinstance(found, dict) else ""


def _dataset(named: str, path: Path, frame: pd.DataFrame, target: str | None) -> Dataset:
    from mlflow.data.pandas_dataset import from_pandas

    digest = hashlib.md5(usedforsecurity=False)
    with path.open("rb") as file:
        while some := file.read(READ_AT_ONCE):
            digest.update(some)
    name = named if named == Path(named).name else path.name
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of several kinds of source that a path may be
        return from_pandas(
            frame,
            source=str(path),
            targets=target,
            name=name,
            # As DVC and the list of data sets have it: it tells whether the file is the same.
            digest=digest.hexdigest(),
        )
