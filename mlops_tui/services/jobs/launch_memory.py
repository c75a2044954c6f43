"""What was launched last, with the values that it had."""

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.jobs.job_options import without_secrets
from mlops_tui.domain.jobs.job_spec import JobSpec
from mlops_tui.domain.jobs.launchable import Target, TargetKind
from mlops_tui.services.files.small_files import change_json, read_preference
from mlops_tui.services.processes import records

FILE = "launches.json"
MOST = 50
"""Targets that are remembered, the latest."""


def remember(state_dir: Path, spec: JobSpec) -> None:
    """Keep the values of a launch for the next one; a disk that takes nothing is no failure."""
    entry = {
        "kind": spec.target.kind.value,
        "name": spec.target.name,
        "entry_point": spec.target.entry_point,
        "at": records.now(),
        "texts": without_secrets(spec.parameters),
        "options": dict(spec.options),
    }

    def add(kept: dict[str, Any]) -> dict[str, Any]:
        kept = kept | {_key(spec.target): entry}
        latest = sorted(kept, key=lambda key: _at(kept[key]), reverse=True)[:MOST]
        return {key: kept[key] for key in latest}

    with suppress(OSError, ServiceError):
        change_json(state_dir / FILE, add)


def recent(state_dir: Path) -> tuple[Target, ...]:
    """Return what was launched, the latest first."""
    kept = read_preference(state_dir / FILE)
    found = [_target(kept[key]) for key in sorted(kept, key=lambda k: _at(kept[k]), reverse=True)]
    return tuple(filter(None, found))


def with_last_command(state_dir: Path, target: Target) -> Target:
    """Return the target with the sub-command of its last launch, unless it names one."""
    if target.entry_point or target.kind not in (TargetKind.SCRIPT, TargetKind.MODULE):
        return target
    same = (e for e in recent(state_dir) if (e.kind, e.name) == (target.kind, target.name))
    return next(same, target)


def last_values(state_dir: Path, target: Target) -> tuple[dict[str, str], dict[str, str]]:
    """Return the texts of parameters with those of the other fields, as they were last."""
    entry = read_preference(state_dir / FILE).get(_key(target))
    if not isinstance(entry, dict):
        return {}, {}
    return _texts(entry.get("texts")), _texts(entry.get("options"))


def _key(target: Target) -> str:
    return f"{target.kind} {target.name} {target.entry_point}"


def _at(entry: Any) -> float:
    at = entry.get("at") if isinstance(entry, Mapping) else 0
    return at if isinstance(at, int | float) else 0


def _target(entry: Any) -> Target | None:
    try:
        return Target(
            TargetKind(entry["kind"]), str(entry["name"]), str(entry.get("entry_point", ""))
        )
    except (TypeError, KeyError, ValueError):
        return None


def _texts(found: object) -> dict[str, str]:
    return {str(k): str(v) for k, v in found.items()} if isinstance(found, dict) else {}
