"""The plan of a new monitor: what a person says, with sensible defaults for the rest."""

import os
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mlops_tui.domain.drift.drift_limits import DriftLimits
from mlops_tui.domain.errors import InvalidInput, NotFound
from mlops_tui.domain.home_path import expanded
from mlops_tui.domain.models.version_choice import STAGES, chosen_version, split_choice
from mlops_tui.domain.monitoring.monitor import ROWS, ChunkSize, MonitorPlan, SourceKind, size_of
from mlops_tui.domain.processes.process import ProcessKind, ProcessRecord
from mlops_tui.domain.serving.endpoint_options import options_of
from mlops_tui.domain.store import Store
from mlops_tui.services.launchers import processes
from mlops_tui.services.models.registry import list_versions
from mlops_tui.services.monitoring import monitor_runs
from mlops_tui.services.processes import child_environment, records
from mlops_tui.services.serving.captures import FOLDER

NAMES = 1_000
"""Titles that are tried."""


@dataclass(frozen=True, slots=True)
class MonitorWish:
    """What a person says of a new monitor; what is empty is chosen for them."""

    watched: str
    """``NAME``, ``NAME/3``, ``NAME/Production`` or ``NAME@alias``; NAME alone is its newest."""
    path: str = ""
    """A folder of files, or a file to which rows are added; empty: captured requests."""
    endpoint: str = ""
    chunk: str = ""
    """``1000``, ``15min``, ``1h``, ``file``."""
    reference: str = ""
    metric: str = ""
    labels: str = ""
    target: str = ""
    prediction: str = ""
    title: str = ""
    columns: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    """``NAME=X``: a measure or a column, with the effect above which it is drift."""
    folder: Path = field(default_factory=Path.cwd)
    """Where paths are looked for."""
    python: str = ""


def plan_monitor(store: Store, state_dir: Path, wish: MonitorWish) -> MonitorPlan:
    """Return the plan of a monitor, nothing created. Raises ``ServiceError``."""
    name, choice = split_choice(wish.watched)
    version = chosen_version(list_versions(store, name), name, choice)
    is_stage = choice.startswith("/") and choice[1:].lower() in STAGES
    source, path = _source(wish)
    if source is SourceKind.CAPTURES:
        _refuse_without_capture(store, state_dir, name, wish.endpoint)
    plan = MonitorPlan(
        monitor_id=records.new_id(),
        title=wish.title.strip() or _free_title(store, f"{name}{choice}"),
        model=name,
        version=version.version,
        follows=choice if choice.startswith("@") or is_stage else "",
        endpoint=wish.endpoint,
        source=source,
        path=path,
        chunk=_chunk(wish.chunk, source),
        columns=wish.columns,
        limits=limits_of(wish.limits),
        reference=_reference(wish.reference, wish.folder),
        metric=wish.metric.strip().lower(),
        labels=str(_path(wish.labels, wish.folder)) if wish.labels else "",
        target=wish.target,
        prediction=wish.prediction or "prediction",
        created_at=int(time.time() * 1000),
        python=wish.python,
    )
    plan.check()
    return plan


def captures_of(state_dir: Path, store: Store, model: str) -> tuple[ProcessRecord, ...]:
    """Return the servers of a model on this machine that capture, or have captured."""
    label = child_environment.absolute(store).label
    found = processes.list_processes(state_dir, ProcessKind.SERVER)
    return tuple(
        each
        for each in found
        if each.details.get("model") == model and each.store == label and _captures(state_dir, each)
    )


def limits_of(words: Iterable[str]) -> DriftLimits:
    """Return the limits that a person types, ``NAME=X`` each. Raises ``InvalidInput``."""
    limits = DriftLimits()
    for each in words:
        limits = limits.with_limit(each)
    return limits


def _captures(state_dir: Path, record: ProcessRecord) -> bool:
    is_asked_for = record.state.is_active and options_of(record.details).capture.share > 0
    folder = state_dir / record.kind / record.process_id / FOLDER
    return is_asked_for or next(folder.glob("capture-*.jsonl"), None) is not None


def _refuse_without_capture(store: Store, state_dir: Path, model: str, endpoint: str) -> None:
    found: Sequence[ProcessRecord] = captures_of(state_dir, store, model)
    if endpoint:
        found = [each for each in found if each.process_id == endpoint]
    if not found:
        which = f"The endpoint {endpoint}" if endpoint else f"No endpoint of {model} here"
        raise NotFound(
            f"{which} captures requests." if not endpoint else f"{which} captures nothing.",
            f"mlops-tui serve {model} --capture 1, or name a folder of files with --from.",
        )


def _source(wish: MonitorWish) -> tuple[SourceKind, str]:
    if not wish.path:
        return SourceKind.CAPTURES, ""
    if wish.endpoint:
        raise InvalidInput("The rows come from an endpoint, or from files: not both.")
    path = _path(wish.path, wish.folder)
    if path.is_dir():
        return SourceKind.FILES, str(path)
    if path.is_file():
        return SourceKind.TABLE, str(path)
    raise NotFound(f"There is neither a folder nor a file {path}.")


def _chunk(words: str, source: SourceKind) -> ChunkSize:
    if not words.strip() and source is SourceKind.CAPTURES:
        return ChunkSize(rows=ROWS)
    return size_of(words)


def _reference(text: str, folder: Path) -> str:
    if not text or text.startswith("runs:/"):
        return text
    path = _path(text, folder)
    if not path.exists():
        raise NotFound(f"There is no file {path} to compare with.")
    return str(path)


def _path(text: str, folder: Path) -> Path:
    """Return a path without ``..``, which would need the folders before it to stay there."""
    return Path(os.path.normpath(folder.absolute() / expanded(text)))


def _free_title(store: Store, title: str) -> str:
    runs = monitor_runs.newest_runs(monitor_runs.list_runs(store)).values()
    taken = {run.plan.title for run in runs if run.state != monitor_runs.REMOVED}
    names = (title, *(f"{title}-{number}" for number in range(2, NAMES)))
    return next((each for each in names if each not in taken), title)
