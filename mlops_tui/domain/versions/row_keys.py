"""Which keys the rows of versions have."""

from collections.abc import Iterable
from dataclasses import dataclass

from mlops_tui.domain.experiments.first_columns import first_columns
from mlops_tui.domain.versions.version_row import VersionRow


@dataclass(frozen=True, slots=True)
class RowKeys:
    """The keys in alphabetical order, with the columns that tell most."""

    metrics: tuple[str, ...] = ()
    params: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    datasets: tuple[str, ...] = ()
    first_columns: tuple[str, ...] = ()


def row_keys(rows: Iterable[VersionRow]) -> RowKeys:
    """Return the keys of some versions' runs, with the tags of the versions."""
    known = list(rows)
    runs = list({row.run.run_id: row.run for row in known if row.run}.values())
    return RowKeys(
        metrics=tuple(sorted({key for run in runs for key in run.metrics})),
        params=tuple(sorted({key for run in runs for key in run.params})),
        tags=tuple(sorted({key for row in known for key in row.version.tags})),
        datasets=tuple(sorted({name for run in runs for name in run.datasets})),
        first_columns=first_columns(runs),
    )
