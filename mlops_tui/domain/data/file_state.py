"""Whether the file that a version of a data set came from is still the same."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from mlops_tui.domain.data.dataset import LONGEST

if TYPE_CHECKING:
    from mlops_tui.domain.json_text import Json

WHOLE = re.compile(r"[0-9a-f]{32}(\.dir)?")
"""A digest that covers all bytes: ours, and that of DVC."""


class FileState(StrEnum):
    """What stands where the data came from."""

    SAME = "the same bytes"
    CHANGED = "changed: other bytes under its name"
    GONE = "gone"
    UNKNOWN = "here; whether it has changed is not known"
    ELSEWHERE = "not on this machine"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """The file or folder of a version here. ``dvc`` is the file of DVC that tracks these bytes."""

    path: str
    state: FileState
    why: str = ""
    dvc: str = ""


def local_path(source: str) -> str:
    """Return the path of a source that is a file of some machine, empty for any other."""
    try:
        found: Json = json.loads(source) if len(source) <= LONGEST else None
    except (ValueError, RecursionError):
        return ""
    uri = found.get("uri") if isinstance(found, Mapping) else None
    if not isinstance(uri, str) or "\0" in uri:
        return ""
    if uri.startswith("file:"):
        return unquote(urlsplit(uri).path)
    return "" if "://" in uri else uri


def covers_all_bytes(digest: str) -> bool:
    """Return whether a digest is one of all bytes: MLflow's own see 10,000 rows."""
    return WHOLE.fullmatch(digest) is not None
