"""What a monitor is set up to watch."""

import json
import re
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any

from mlops_tui.domain.drift.drift_limits import DriftLimits
from mlops_tui.domain.errors import InvalidInput
from mlops_tui.domain.monitoring.plain_values import text, texts, whole

LONGEST = 5_000
"""Characters of a plan: what every MLflow keeps in a tag of a run."""
ROWS = 1_000
"""Rows of a chunk of captured requests where nobody says."""
FEWEST_ROWS, FEWEST_SECONDS = 1, 10
UNITS = {"s": 1, "m": 60, "min": 60, "h": 3_600, "d": 86_400}
SIZE = re.compile(r"(\d{1,12})\s*(rows?|s|m|min|h|d)?")
METRICS = ("accuracy", "f1", "rmse", "mae")
"""What can be worked out of labels; rmse and mae are better when lower."""
LOWER_IS_BETTER = frozenset({"rmse", "mae"})


class SourceKind(StrEnum):
    """Where the rows of a monitor come from."""

    CAPTURES = "captures"
    """The captured requests of an endpoint of this machine."""
    FILES = "files"
    """A folder to which CSV, Parquet or JSON lines files are added."""
    TABLE = "table"
    """One file to which rows are added, such as the output of batch scoring."""


@dataclass(frozen=True, slots=True)
class ChunkSize:
    """When a chunk is whole: after so many rows, or at the end of a stretch of so many seconds.

    Both 0: of a folder each file is a chunk, of a table each time that it has grown.
    """

    rows: int = 0
    seconds: int = 0

    def __str__(self) -> str:
        if self.rows:
            return f"{self.rows:,} rows"
        for unit, seconds in (("d", 86_400), ("h", 3_600), ("min", 60)):
            if self.seconds and self.seconds % seconds == 0:
                return f"{self.seconds // seconds} {unit}"
        return f"{self.seconds} s" if self.seconds else "each file"


def size_of(words: str) -> ChunkSize:
    """Return the size that a person writes: ``1000``, ``1000 rows``, ``1h``, ``file``.

    Raises ``InvalidInput``.
    """
    found = SIZE.fullmatch(words.strip().lower())
    if words.strip().lower() in ("file", "each file", ""):
        return ChunkSize()
    if found is None:
        raise InvalidInput(
            f"{words[:40]!r} is no size of a chunk.", "Write 1000 rows, 15min, 1h, 1d, or file."
        )
    number, unit = int(found[1]), found[2] or "rows"
    if unit.startswith("row"):
        if number < FEWEST_ROWS:
            raise InvalidInput("A chunk has at least one row.")
        return ChunkSize(rows=number)
    seconds = number * UNITS[unit]
    if not FEWEST_SECONDS <= seconds <= 366 * 86_400:
        raise InvalidInput("A chunk is 10 seconds to a year long.")
    return ChunkSize(seconds=seconds)


@dataclass(frozen=True, slots=True)
class MonitorPlan:
    """A monitor of one model: what it watches, what it compares with, from when on it alarms."""

    monitor_id: str
    title: str
    """What a person calls it; one name is used once in a store."""
    model: str
    version: str
    """The number of the version that is watched; where it follows, the one it began with."""
    follows: str = ""
    """``@alias`` or ``/Stage``: the version that has it is watched; empty for one version."""
    endpoint: str = ""
    """The id of the server whose captured requests are read; empty: all of the model here."""
    source: SourceKind = SourceKind.CAPTURES
    path: str = ""
    """The folder or the file, absolute."""
    chunk: ChunkSize = field(default_factory=ChunkSize)
    columns: tuple[str, ...] = ()
    """The columns that are watched; none means all of the reference."""
    limits: DriftLimits = field(default_factory=DriftLimits)
    reference: str = ""
    """A file, or ``runs:/RUN/ARTIFACT``; empty: what the gate kept for the version."""
    metric: str = ""
    """One of ``METRICS``; empty where nothing is known of the labels."""
    labels: str = ""
    """A CSV, Parquet or JSON lines file with request_id and label; may grow."""
    target: str = ""
    """The column of the label, in the reference and perhaps in the source."""
    prediction: str = "prediction"
    """The column of the predictions in files and tables."""
    created_at: int = 0
    """Milliseconds since the epoch."""
    python: str = ""
    """The interpreter that can load the model, where predictions have to be computed."""

    @property
    def lower_is_better(self) -> bool:
        """Whether its metric is an error."""
        return self.metric in LOWER_IS_BETTER

    @property
    def watched(self) -> str:
        """What it watches, as one writes it: ``NAME@alias``, ``NAME/3``."""
        return f"{self.model}{self.follows or f'/{self.version}'}"

    def check(self) -> None:
        """Raise ``InvalidInput`` with what is wrong with it."""
        if not self.model or not self.version:
            raise InvalidInput("A monitor watches a version of a registered model.")
        if self.source is not SourceKind.CAPTURES and not self.path:
            raise InvalidInput("No folder or file is named from which the rows come.")
        if self.chunk.rows and self.chunk.seconds:
            raise InvalidInput("A chunk is so many rows, or so long: not both.")
        if self.source is SourceKind.CAPTURES and self.chunk == ChunkSize():
            raise InvalidInput("Captured requests need a size of chunks, such as 1000 rows or 1h.")
        if self.metric and self.metric not in METRICS:
            raise InvalidInput(
                f"There is no metric {self.metric[:40]!r} for monitors.",
                f"Take one of {', '.join(METRICS)}.",
            )
        if (length := len(self.as_json())) > LONGEST:
            raise InvalidInput(
                f"The plan of the monitor has {length:,} characters; MLflow keeps {LONGEST:,}.",
                "Name fewer columns and limits.",
            )

    def as_dict(self) -> dict[str, Any]:
        """Return it for JSON."""
        told = {name: getattr(self, name) for name in TEXTS}
        return told | {
            "source": self.source.value,
            "chunk": {"rows": self.chunk.rows, "seconds": self.chunk.seconds},
            "columns": list(self.columns),
            "limits": self.limits.to_dict(),
            "created_at": self.created_at,
        }

    def as_json(self) -> str:
        """Return the text of its tag."""
        return json.dumps(self.as_dict(), ensure_ascii=False)


TEXTS = tuple(each.name for each in fields(MonitorPlan) if each.type in (str, "str"))


def plan_of(words: str) -> MonitorPlan:
    """Return the plan in a tag. Raises ``InvalidInput`` where it is none."""
    try:
        found = json.loads(words)
        chunk = found["chunk"]
        told = {name: text(found.get(name, "")) for name in TEXTS}
        return MonitorPlan(
            **told,
            source=SourceKind(found["source"]),
            chunk=ChunkSize(whole(chunk["rows"]), whole(chunk["seconds"])),
            columns=texts(found.get("columns", [])),
            limits=DriftLimits.from_dict(found.get("limits", {})),
            created_at=whole(found.get("created_at", 0)),
        )
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        raise InvalidInput("What MLflow holds of the monitor is no plan of one.") from None
