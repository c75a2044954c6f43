"""The data that a job is given by the parameters of its form."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import PurePath

from mlops_tui.domain.json_text import Json

DETAIL = "data"
"""The detail of a job's record that keeps what it was given."""

SUFFIXES = frozenset(
    {
        *("csv", "tsv", "parquet", "json", "jsonl", "ndjson", "arrow", "feather", "orc", "avro"),
        *("npy", "npz", "h5", "hdf5", "mat", "xlsx", "xls", "txt", "pkl", "pickle", "db", "sqlite"),
        *("tfrecord", "gz", "bz2", "xz", "zip", "tar", "zst"),
    }
)
"""Ends of the names of files that may hold data."""

OUTPUT = re.compile(
    r"out|save|log|checkpoint|ckpt|dest|result|export|write|report|config|cfg|schema|requirements"
    r"|resume|weights|vocab|tokenizer",
    re.IGNORECASE,
)
"""In the name of a parameter: its file is no data to learn from."""

FOLDER = re.compile(r"data|train|test|valid|input|images?|corpus|files|samples|root", re.IGNORECASE)
"""In the name of a parameter: its folder holds data."""

VALIDATION = re.compile(r"val(id|idation)?($|[^a-z])|valid|dev($|[^a-z])", re.IGNORECASE)
TESTING = re.compile(r"test|hold[-_]?out|eval", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class GivenData:
    """A file or folder that a parameter names, with what the system said of it at the launch.

    ``digest`` and what follows are known once all its bytes were read.
    """

    parameter: str
    path: str
    size: int
    modified_ns: int
    is_folder: bool = False
    digest: str = ""
    files: int = 1
    commit: str = ""
    """The commit of Git that the job's folder was at."""
    is_dirty: bool = False
    """Whether a file that Git tracks there was changed since."""
    tracked_by: str = ""
    """The file of DVC that tracks the data."""
    problem: str = ""
    """Why there is no digest."""

    @property
    def name(self) -> str:
        """The name of the data set."""
        return PurePath(self.path).name or self.path

    @property
    def context(self) -> str:
        """What the job does with the data, by the parameter's name."""
        if TESTING.search(self.parameter):
            return "testing"
        return "validation" if VALIDATION.search(self.parameter) else "training"

    def is_same_file(self, size: int, modified_ns: int) -> bool:
        """Return whether the file is as it was at the launch."""
        return self.is_folder or (self.size, self.modified_ns) == (size, modified_ns)


def may_be_file(parameter: str, text: str) -> bool:
    """Return whether a value may name a file of data, by its end and the parameter's name."""
    suffixes = {each.lstrip(".").lower() for each in PurePath(text).suffixes[-2:]}
    return bool(suffixes & SUFFIXES) and not OUTPUT.search(parameter)


def may_be_folder(parameter: str) -> bool:
    """Return whether a parameter may name a folder of data."""
    return bool(FOLDER.search(parameter)) and not OUTPUT.search(parameter)


def to_text(given: Sequence[GivenData]) -> str:
    """Return what a record keeps."""
    return json.dumps([asdict(each) for each in given])


def from_text(text: str) -> tuple[GivenData, ...]:
    """Return what a record kept, nothing where it makes no sense."""
    try:
        found: Json = json.loads(text) if text else []
    except (ValueError, RecursionError):
        return ()
    items = found if isinstance(found, list) else []
    read = (_given(item) for item in items if isinstance(item, Mapping))
    return tuple(each for each in read if each is not None)


def _given(item: Mapping[str, Json]) -> GivenData | None:
    blank = GivenData("", "", 0, 0)
    known = {
        name: item[name]
        for name, default in asdict(blank).items()
        if type(item.get(name)) is type(default)
    }
    made = replace(blank, **known)  # type: ignore[arg-type]
    return made if made.path else None
