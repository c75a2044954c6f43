"""The file to train on: the old rows and the new ones, without those to validate on."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlops_tui.domain.errors import InvalidInput, ServiceError
from mlops_tui.domain.plain_text import one_line
from mlops_tui.services.data.file_digest import digest_of
from mlops_tui.services.data.row_hashes import hash_rows
from mlops_tui.services.retraining.row_sources import PARQUET, frames_of
from mlops_tui.services.store.failures import translated

if TYPE_CHECKING:
    import pandas as pd

MARK = "-retraining"
"""What the name of such a file ends with."""


@dataclass(frozen=True, slots=True)
class TrainingData:
    """A file that was written. ``digest`` is the MD5 of its bytes."""

    path: Path
    digest: str
    rows: int
    new_rows: int
    left_out: int
    """Rows that are among those to validate on."""


def columns_of(base: Path, target: str) -> list[str]:
    """Return the columns of a file but the target. Raises ``InvalidInput`` where it lacks that."""
    first = next(frames_of(base), None)
    if first is None or target not in first:
        names = one_line(", ".join(map(str, first)), 200) if first is not None else "no rows"
        raise InvalidInput(f"{base.name} has no column {target!r} to train on; it has {names}.")
    return [str(name) for name in first if name != target]


@translated()
def write_training_data(
    base: Path,
    target: str,
    new: "Iterable[pd.DataFrame]",
    holdouts: Sequence[Path],
    folder: Path,
) -> TrainingData:
    """Write the rows of ``base``, then the ``new`` ones, in base's format; return the file.

    Rows that are in a hold-out, by all columns that the two have in common, are left out. Never are
    more than some ten thousand rows held at once. Raises ``ServiceError``.
    """
    suffix = base.suffix.lower()
    if suffix not in (*PARQUET, ".csv"):
        raise InvalidInput(
            f"{base.name} is neither CSV nor Parquet: no new rows can be added to it."
        )
    columns = columns_of(base, target)
    sieve = _Sieve([*columns, target], holdouts)
    path = folder / f"{base.stem.removesuffix(MARK)}{MARK}{base.suffix}"
    draft = path.with_name(f"{path.name}.draft")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    writer = _ParquetWriter(base, draft) if suffix in PARQUET else _CsvWriter(draft)
    counts = [0, 0]
    try:
        for place, frames in enumerate((frames_of(base), new)):
            for frame in frames:
                kept = sieve.kept(frame[[*columns, target]])
                counts[place] += len(kept)
                writer.write(kept)
    finally:
        writer.close()
    draft.replace(path)
    return TrainingData(path, digest_of(path).digest, sum(counts), counts[1], sieve.left_out)


class _Sieve:
    """Leaves out the rows of hold-outs, which it keeps as numbers of 64 bits."""

    def __init__(self, columns: Sequence[str], holdouts: Sequence[Path]) -> None:
        self._known: list[tuple[list[str], set[int]]] = []
        self.left_out = 0
        for path in holdouts:
            for frame in _frames_of_holdout(path):
                common = [name for name in columns if name in frame]
                self._of(common).update(_hashes(frame[common]))

    def _of(self, columns: list[str]) -> set[int]:
        for known, hashes in self._known:
            if known == columns:
                return hashes
        self._known.append((columns, set()))
        return self._known[-1][1]

    def kept(self, frame: "pd.DataFrame") -> "pd.DataFrame":
        """Return the rows of a frame that are in no hold-out."""
        for columns, hashes in self._known:
            if columns and hashes:
                is_known = [each in hashes for each in _hashes(frame[columns])]
                self.left_out += sum(is_known)
                frame = frame[[not known for known in is_known]]
        return frame


def _frames_of_holdout(path: Path) -> "Iterator[pd.DataFrame]":
    try:
        yield from frames_of(path)
    except ServiceError as error:
        raise InvalidInput(
            f"The rows to validate on cannot be kept out of the training: {error.message}"
        ) from None


def _hashes(frame: "pd.DataFrame") -> list[int]:
    """Return a number for each row, which is the same whatever file the row was read from."""
    import pyarrow as pa

    plain = {
        str(name): column if column.dtype != object else column.map(str, na_action="ignore")
        for name, column in frame.items()
    }
    table = pa.table({name: pa.Array.from_pandas(column) for name, column in plain.items()})
    return [int(each) for each in hash_rows(table, list(plain))]


class _CsvWriter:
    """Writes frames one after the other as CSV."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("w", encoding="utf-8", newline="")
        self._is_first = True

    def write(self, frame: "pd.DataFrame") -> None:
        """Write the rows; the names of the columns before the first ones."""
        frame.to_csv(self._file, index=False, header=self._is_first)
        self._is_first = False

    def close(self) -> None:
        """Write what is left."""
        self._file.close()


class _ParquetWriter:
    """Writes frames one after the other as Parquet, with the types of another file."""

    def __init__(self, base: Path, path: Path) -> None:
        import pyarrow.parquet as pq

        self._schema = pq.read_schema(base).remove_metadata()
        self._base = base
        self._path = path
        self._writer: Any = None

    def write(self, frame: "pd.DataFrame") -> None:
        """Write the rows. Raises ``InvalidInput`` where a value does not fit its column."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        fields = [self._schema.field(str(name)) for name in frame]
        try:
            table = pa.Table.from_pandas(frame, pa.schema(fields), preserve_index=False, safe=False)
        except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError) as error:
            reason = one_line(str(error), 200)
            raise InvalidInput(
                f"A new row does not fit the columns of {self._base.name}: {reason}."
            ) from None
        if self._writer is None:
            self._writer = pq.ParquetWriter(self._path, table.schema)
        self._writer.write_table(table)

    def close(self) -> None:
        """Write what is left."""
        if self._writer is not None:
            self._writer.close()
