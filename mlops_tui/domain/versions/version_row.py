"""A version of a registered model with its run and files, as a row of a table."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from mlops_tui.domain.experiments.run_column import RunColumn, Source
from mlops_tui.domain.experiments.run_column import reader as reader_of_run
from mlops_tui.domain.experiments.run_order import sorted_by_value
from mlops_tui.domain.experiments.run_view import SortKey
from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.domain.moment import seconds_between
from mlops_tui.domain.runs.run import Run, RunStatus
from mlops_tui.domain.runs.run_filter import RunTest

Value = str | float | None


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """What the files of a model say: its flavors, its bytes (None where they do not say)."""

    flavors: tuple[str, ...] = ()
    size: int | None = None


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version; run and files are None as long as they were not read, or are gone."""

    version: ModelVersion
    run: Run | None = None
    files: ModelFiles | None = None
    gate: str = ""
    """Where it stands before the gate that counts for it; empty where nobody says."""

    @property
    def flavor(self) -> str:
        """The flavors of its model."""
        return ", ".join(self.files.flavors) if self.files else ""

    def as_run(self) -> Run:
        """Return the run that a filter of runs looks at.

        It has the metrics and params of the version's run, with the tags, the age and the author of
        the version; ``stage``, ``alias``, ``gate`` and ``flavor`` are among the tags.
        """
        version = self.version
        of_version = {
            "stage": version.stage.value,
            "alias": " ".join(version.aliases),
            "gate": self.gate,
            "flavor": self.flavor,
            "description": version.description,
            "trouble": version.trouble,
        }
        tags = {**version.tags, **{key: text for key, text in of_version.items() if text}}
        return Run(
            run_id=version.run_id,
            experiment_id="",
            name=f"v{version.version}",
            status=self._status,
            started_at=version.created_at,
            ended_at=None,
            metrics=self.run.metrics if self.run else {},
            params=self.run.params if self.run else {},
            tags=tags,
            user=version.user,
            datasets=self.run.datasets if self.run else {},
        )

    @property
    def _status(self) -> RunStatus:
        if self.version.is_ready:
            return self.run.status if self.run else RunStatus.FINISHED
        is_failed = "FAILED" in self.version.status
        return RunStatus.FAILED if is_failed else RunStatus.RUNNING


def reader(column: RunColumn, now: float) -> Callable[[VersionRow], Value]:
    """Return what reads a column of a row, None where it has nothing there, or NaN.

    ``now`` is in seconds of the epoch; ages are in seconds.
    """
    if column.source is Source.VERSION:
        read = OF_VERSION.get(column.key, _nothing)
        return lambda row: read(row, now)
    if column.source is Source.TAG:
        return lambda row: row.version.tags.get(column.key)
    of_run = reader_of_run(column, now)
    return lambda row: of_run(row.run) if row.run else None


def arranged(
    rows: Iterable[VersionRow],
    order: Sequence[SortKey],
    now: float,
    passes: RunTest | None = None,
) -> list[VersionRow]:
    """Return the rows that pass, newest first, or sorted by the first key, then by the next."""
    found = [row for row in rows if passes is None or passes(row.as_run())]
    found.sort(key=lambda row: int(row.version.version), reverse=True)
    for key in reversed(order):
        read = reader(key.column, now)
        found = sorted_by_value(found, read, greatest_first=key.greatest_first)
    return found


def _nothing(_row: VersionRow, _now: float) -> Value:
    return None


def _age(row: VersionRow, now: float) -> Value:
    created = row.version.created_at
    return None if created is None else seconds_between(created, now * 1000)


OF_VERSION: Mapping[str, Callable[[VersionRow, float], Value]] = {
    "number": lambda row, _now: float(row.version.version),
    "stage": lambda row, _now: row.version.stage.value,
    "aliases": lambda row, _now: " ".join(row.version.aliases) or None,
    "gate": lambda row, _now: row.gate or None,
    "age": _age,
    "size": lambda row, _now: (
        None if not row.files or row.files.size is None else float(row.files.size)
    ),
    "flavor": lambda row, _now: row.flavor or None,
    "status": lambda row, _now: row.version.status,
    "run": lambda row, _now: row.run.name if row.run else None,
    "user": lambda row, _now: row.version.user or None,
    "description": lambda row, _now: row.version.description or None,
}
"""What a version itself has, by the keys of its columns."""
