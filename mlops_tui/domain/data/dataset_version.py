"""The data sets that runs were given, with their versions."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from mlops_tui.domain.data.dataset import LONGEST, facts_of

if TYPE_CHECKING:
    from mlops_tui.domain.json_text import Json

T = TypeVar("T")

NOT_TRAINED_ON = ("valid", "test", "eval", "batch", "reference")
"""Beginnings of contexts in which a run sees data without learning from them."""

ROWS = ("num_rows", "rows")
"""What MLflow's data sets call their number of rows in a profile."""

PLACES = ("uri", "url", "path", "tags.mlflow.source.name", "sql", "table_name")
"""What MLflow's sources call the place of the data, in the order in which they are looked for."""

Key = tuple[str, str]
"""Name and digest of a version of a data set."""


@dataclass(frozen=True, slots=True)
class TrainedModel:
    """A registered version whose run was given a data set to train on."""

    name: str
    version: str

    def __str__(self) -> str:
        return f"{self.name} v{self.version}"


@dataclass(frozen=True, slots=True)
class DatasetUse:
    """How many runs were given a version in one context. Times are in ms since the epoch."""

    name: str
    digest: str
    source_type: str
    context: str
    runs: int
    first_used_at: int | None
    last_used_at: int | None


@dataclass(frozen=True, slots=True)
class DatasetVersion:
    """A version of a data set: what has its name and its digest, whatever the context.

    ``source``, ``rows`` and ``columns`` are what the newest run that was given it has logged.
    """

    name: str
    digest: str
    contexts: tuple[str, ...]
    source_type: str
    runs: int
    first_used_at: int | None
    last_used_at: int | None
    models: tuple[TrainedModel, ...] = ()
    source: str = ""
    rows: int | None = None
    columns: int | None = None

    @property
    def key(self) -> Key:
        """Name and digest."""
        return self.name, self.digest


@dataclass(frozen=True, slots=True)
class NamedDataset:
    """All versions of one name, counted."""

    name: str
    newest: str
    """The digest of the version that was used last."""
    versions: int
    contexts: tuple[str, ...]
    source_types: tuple[str, ...]
    runs: int
    first_used_at: int | None
    last_used_at: int | None
    models: tuple[TrainedModel, ...] = ()


@dataclass(frozen=True, slots=True)
class DatasetList:
    """The data sets of a store, those used last first; ``remark`` says what was not looked at."""

    datasets: tuple[NamedDataset, ...] = ()
    remark: str = ""


@dataclass(frozen=True, slots=True)
class DatasetVersions:
    """The versions of a data set, those used last first; ``remark`` says what is left out."""

    versions: tuple[DatasetVersion, ...] = ()
    remark: str = ""


def versions_of_uses(
    uses: Iterable[DatasetUse], models: Mapping[Key, Sequence[TrainedModel]]
) -> list[DatasetVersion]:
    """Return the versions that were used, the one used last first."""
    found: dict[Key, list[DatasetUse]] = defaultdict(list)
    for use in uses:
        found[use.name, use.digest].append(use)
    versions = [_version(each, models.get(key, ())) for key, each in found.items()]
    return sorted(versions, key=_by_last_use)


def datasets_of_versions(versions: Iterable[DatasetVersion]) -> tuple[NamedDataset, ...]:
    """Return the data sets by name, the one used last first."""
    found: dict[str, list[DatasetVersion]] = defaultdict(list)
    for version in sorted(versions, key=_by_last_use):
        found[version.name].append(version)
    return tuple(
        NamedDataset(
            name=name,
            newest=each[0].digest,
            versions=len(each),
            contexts=_distinct(context for one in each for context in one.contexts),
            source_types=_distinct(one.source_type for one in each),
            runs=sum(one.runs for one in each),
            first_used_at=_earliest(one.first_used_at for one in each),
            last_used_at=each[0].last_used_at,
            models=_distinct(model for one in each for model in one.models),
        )
        for name, each in found.items()
    )


def is_trained_on(context: str) -> bool:
    """Return whether a run learns from data in this context; one without a word of it does."""
    return not context.strip().casefold().startswith(NOT_TRAINED_ON)


def row_count(profile: str) -> int | None:
    """Return the number of rows that a profile tells, None where it does not."""
    facts = facts_of(profile)
    for name in ROWS:
        text = facts.get(name, "")
        if text.isascii() and text.isdigit():
            return int(text[:18])
    return None


def column_count(schema: str) -> int | None:
    """Return the number of columns, else tensors, of a schema; None where none is told."""
    try:
        found: Json = json.loads(schema) if 0 < len(schema) <= LONGEST else None
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, Mapping):
        return None
    columns = found.get("mlflow_colspec")
    if isinstance(columns, list):
        return len(columns)
    tensors = found.get("mlflow_tensorspec")
    if not isinstance(tensors, Mapping):
        return None
    return sum(1 for part in tensors.values() if part) or None


def source_text(source: str) -> str:
    """Return where the data are, as shortly as a source tells it."""
    facts = facts_of(source)
    return next((facts[name] for name in PLACES if facts.get(name)), next(iter(facts.values()), ""))


def _version(uses: Sequence[DatasetUse], models: Sequence[TrainedModel]) -> DatasetVersion:
    newest = max(uses, key=lambda use: use.last_used_at or 0)
    return DatasetVersion(
        name=newest.name,
        digest=newest.digest,
        contexts=_distinct(use.context for use in uses if use.context),
        source_type=newest.source_type,
        runs=sum(use.runs for use in uses),
        first_used_at=_earliest(use.first_used_at for use in uses),
        last_used_at=newest.last_used_at,
        models=_distinct(models),
    )


def _by_last_use(version: DatasetVersion) -> tuple[int, str, str]:
    return -(version.last_used_at or 0), version.name, version.digest


def _earliest(times: Iterable[int | None]) -> int | None:
    return min((time for time in times if time is not None), default=None)


def _distinct(values: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(values))
