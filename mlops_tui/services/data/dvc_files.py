"""What DVC knows of a file or folder, read from its files: DVC itself is not needed."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mlops_tui.domain.errors import InvalidInput, NotFound, ServiceError
from mlops_tui.services.files import small_files
from mlops_tui.services.processes.brief_command import answer_of

LOCK, SUFFIX, ROOT = "dvc.lock", ".dvc", ".dvc"
DIGEST = re.compile(r"[0-9a-f]{32}(\.dir)?")
MOST_BYTES = 200_000_000
"""Bytes of a ``.dir``: 100,000 files take ten megabytes."""

ACTIONS = ("add", "push", "checkout")
"""What is offered of DVC."""
LIMIT = 3_600
"""Seconds that DVC may take."""


@dataclass(frozen=True, slots=True)
class DvcOutput:
    """A file or folder that DVC tracks. ``defined_in`` is the ``.dvc`` or ``dvc.lock``."""

    path: Path
    md5: str
    defined_in: Path
    size: int | None = None
    files: int | None = None

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder."""
        return self.md5.endswith(".dir")


def tracked(path: Path) -> DvcOutput | None:
    """Return what DVC has recorded of a file or folder, None where it tracks neither.

    Raises ``ServiceError`` for a record that cannot be read.
    """
    path = path.absolute()
    own = path.with_name(path.name + SUFFIX)
    for record in (own, *(above / LOCK for above in path.parents)):
        if record.is_file():
            for each in outputs(record):
                if each.path == path:
                    return each
        if record.name == LOCK and (record.parent / ROOT).is_dir():
            break
    return None


def outputs(record: Path) -> Iterator[DvcOutput]:
    """Yield the outputs, and what the stages depend on, that a ``.dvc`` or ``dvc.lock`` names."""
    import yaml

    try:
        # It makes texts of all: a digest may look like a number.
        found = yaml.load(small_files.read_bytes(record), yaml.BaseLoader)  # noqa: S506 - as safe
    except OSError as error:
        raise ServiceError(f"{record} cannot be read: {error.strerror}.") from None
    except (yaml.YAMLError, ValueError, RecursionError):
        raise ServiceError(f"{record} is no YAML.", "dvc commit writes it anew.") from None
    if not isinstance(found, Mapping):
        return
    stages = found.get("stages")
    named = list(stages.values()) if isinstance(stages, Mapping) else [found]
    for stage in named:
        if isinstance(stage, Mapping):
            folder = record.parent / str(found.get("wdir") or ".")
            for each in (*_items(stage, "outs"), *_items(stage, "deps")):
                if output := _output(each, folder, record):
                    yield output


def folder_entries(root: Path, md5: str) -> dict[str, str]:
    """Return relative path to md5 of the files of a tracked folder, from the cache of DVC.

    Raises ``NotFound`` where the cache below ``root`` lacks its list.
    """
    if not DIGEST.fullmatch(md5):
        raise InvalidInput(f"{md5!r} is no digest of DVC.")
    cache = root / ROOT / "cache"
    places = (cache / "files" / "md5" / md5[:2] / md5[2:], cache / md5[:2] / md5[2:])
    for place in places:
        if place.is_file():
            return _entries(place)
    raise NotFound(f"The cache of DVC has no list of {md5}.", "dvc fetch brings it.")


def root_of(path: Path) -> Path | None:
    """Return the folder that DVC was set up in, None outside of one."""
    above = (path.absolute(), *path.absolute().parents)
    return next((each for each in above if (each / ROOT).is_dir()), None)


def is_installed() -> bool:
    """Return whether the command ``dvc`` is there."""
    return shutil.which("dvc") is not None


def command(action: str, path: Path) -> tuple[str, ...]:
    """Return the command that adds, pushes or checks out a file or folder."""
    if action not in ACTIONS:
        raise InvalidInput(f"dvc {action} is not offered; {', '.join(ACTIONS)} are.")
    return ("dvc", action, "--", str(path.absolute()))


def run(action: str, path: Path) -> str:
    """Let DVC do it; return what it said. Raises ``ServiceError`` with its last words."""
    wanted = command(action, path)
    if not is_installed():
        raise NotFound("There is no command dvc on the PATH.", "pip install dvc.")
    root = root_of(path.parent)
    if root is None:
        raise NotFound(f"{path} lies in no project of DVC.", "dvc init makes one.")
    try:
        done = answer_of(wanted, limit=LIMIT, folder=root)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ServiceError(f"dvc {action} did not run: {error}.") from None
    said = (done.stdout.strip() or done.stderr.strip()).splitlines()
    if done.returncode:
        words = (done.stderr.strip() or done.stdout.strip()).splitlines() or ["no reason"]
        raise ServiceError(f"dvc {action} failed: {words[-1]}.")
    return said[-1] if said else ""


def _items(stage: Mapping[Any, Any], name: str) -> list[Any]:
    found = stage.get(name)
    return found if isinstance(found, list) else []


def _output(item: object, folder: Path, record: Path) -> DvcOutput | None:
    if not isinstance(item, Mapping):
        return None
    path, md5 = item.get("path"), item.get("md5")
    if not isinstance(path, str) or not isinstance(md5, str) or not DIGEST.fullmatch(md5):
        return None
    size, files = item.get("size"), item.get("nfiles")
    return DvcOutput(
        Path(folder, path).absolute(),
        md5,
        record,
        _count(size),
        _count(files),
    )


def _count(text: object) -> int | None:
    is_number = isinstance(text, str) and text.isascii() and text.isdigit()
    return int(str(text)[:18]) if is_number else None


def _entries(place: Path) -> dict[str, str]:
    try:
        found = json.loads(small_files.read_bytes(place, MOST_BYTES))
        return {str(each["relpath"]): str(each["md5"]) for each in found}
    except OSError as error:
        raise ServiceError(f"{place} cannot be read: {error.strerror}.") from None
    except (ValueError, TypeError, KeyError, RecursionError):
        raise ServiceError(f"{place} is no list of files of DVC.") from None
