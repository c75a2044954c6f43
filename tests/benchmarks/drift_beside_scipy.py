"""Compares two files: ``python -m tests.benchmarks.drift_beside_scipy WHAT FOLDER``.

Prints the CPU seconds after all imports, and the most memory in MiB.
"""

import json
import resource
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

ROWS, COLUMNS = 1_000_000, 20
MANY, AT_ONCE = 4_000_000, 65_536
NAMES = ("reference", "current")


def make(folder: Path) -> None:
    """Write both files, of numbers."""
    for seed, name in enumerate(NAMES):
        rng = np.random.default_rng(seed)
        columns = {f"c{number}": rng.normal(size=ROWS) for number in range(COLUMNS)}
        pq.write_table(pa.table(columns), folder / f"{name}.parquet")


def read(folder: Path) -> list[pa.Table]:
    """Return both tables, in memory."""
    return [pq.read_table(folder / f"{name}.parquet").combine_chunks() for name in NAMES]


def scipy(folder: Path) -> Callable[[], object]:
    """Return what compares column by column, as a person would write it."""
    from scipy.stats import ks_2samp, wasserstein_distance

    ours, theirs = read(folder)

    def work() -> object:
        found = []
        for name in ours.column_names:
            pair = ours[name].to_numpy(), theirs[name].to_numpy()
            found.append((ks_2samp(*pair), wasserstein_distance(*pair)))
        return found

    return work


def full(folder: Path, *, is_full: bool = True) -> Callable[[], object]:
    """Return what compares the same in memory, all rows."""
    from mlops_tui.services.drift.comparison import compare
    from mlops_tui.services.drift.tables import summarise

    ours, theirs = (table.to_batches(max_chunksize=AT_ONCE) for table in read(folder))

    def work() -> object:
        reference = summarise(ours, full=is_full, expected_rows=ROWS)
        return compare(
            reference, summarise(theirs, like=reference, full=is_full, expected_rows=ROWS)
        )

    return work


def sampled(folder: Path) -> Callable[[], object]:
    """Return what compares samples of the same."""
    return full(folder, is_full=False)


def files(folder: Path, *, is_full: bool = True) -> Callable[[], object]:
    """Return what ``mlops-tui drift`` does, reading included."""
    from mlops_tui.services.drift.comparison import compare
    from mlops_tui.services.drift.tables import summarise_files

    def work() -> object:
        reference = summarise_files("reference.parquet", folder, full=is_full)
        return compare(
            reference, summarise_files("current.parquet", folder, like=reference, full=is_full)
        )

    return work


def files_sampled(folder: Path) -> Callable[[], object]:
    """Return the same with samples."""
    return files(folder, is_full=False)


def endless(_folder: Path, *, is_full: bool = True) -> Callable[[], object]:
    """Return what summarises more rows than are kept."""
    from mlops_tui.services.drift.tables import summarise

    def batches() -> Iterator[pa.RecordBatch]:
        rng = np.random.default_rng(0)
        for _ in range(MANY // AT_ONCE):
            columns = {f"c{number}": rng.random(AT_ONCE) for number in range(COLUMNS)}
            yield pa.RecordBatch.from_pydict(columns)

    return lambda: summarise(batches(), full=is_full)


def endless_sampled(folder: Path) -> Callable[[], object]:
    """Return what samples as many."""
    return endless(folder, is_full=False)


WAYS: Mapping[str, Callable[[Path], Callable[[], object]]] = {
    each.__name__: each
    for each in (scipy, full, sampled, files, files_sampled, endless, endless_sampled)
}


def main(what: str, folder: Path) -> None:
    """Do it once; print what it needed."""
    if what == make.__name__:
        make(folder)
        return
    work = WAYS[what](folder)
    begun = time.process_time()
    work()
    cpu = time.process_time() - begun
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"cpu": cpu, "memory": memory}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
