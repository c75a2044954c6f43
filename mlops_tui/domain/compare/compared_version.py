"""Versions of a registered model as runs that can be compared."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.domain.runs.run import Run, RunStatus

REQUIREMENT = re.compile(r"([A-Za-z0-9][\w.-]*(?:\[[^\]]*\])?)\s*(.*)")
MOST_REQUIREMENTS = 500

ALONE = "/"
"""In the id of what has no run of its own: it has no curves."""


def compared_ids(versions: Sequence[ModelVersion]) -> tuple[str, ...]:
    """Return an id for each version: that of its run, unless another version has that already."""
    seen: set[str] = set()
    found = []
    for version in versions:
        is_first = version.run_id and version.run_id not in seen
        found.append(version.run_id if is_first else f"{version.run_id}{ALONE}{version.version}")
        seen.add(version.run_id)
    return tuple(found)


def as_compared(versions: Sequence[ModelVersion], runs: Mapping[str, Run]) -> tuple[Run, ...]:
    """Return a run for each version, named by its number, with the tags of the version."""
    unknown = Run("", "", "", RunStatus.FINISHED, None, None)
    return tuple(
        replace(
            runs.get(version.run_id, unknown),
            run_id=compared_id,
            name=f"v{version.version}",
            tags=version.tags,
        )
        for version, compared_id in zip(versions, compared_ids(versions), strict=True)
    )


def has_curves(run_id: str) -> bool:
    """Return whether an id is that of a run, whose histories can be read."""
    return ALONE not in run_id


def requirements(text: str) -> dict[str, str]:
    """Return the packages of a ``requirements.txt`` with what it says of their versions."""
    lines = (line.partition("#")[0].strip() for line in text.splitlines()[:MOST_REQUIREMENTS])
    found = (REQUIREMENT.fullmatch(line) for line in lines)
    return {each[1]: each[2] or "any" for each in found if each}
