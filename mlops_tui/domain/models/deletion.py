"""What stands against deleting versions of a model."""

from collections.abc import Mapping, Sequence

from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.domain.models.stage import Stage

Served = Mapping[str, Sequence[str]]
"""Version to the addresses at which it is served."""


def uses(version: ModelVersion, served: Served) -> tuple[str, ...]:
    """Return what a version is used for: its stage, its aliases, where it is served."""
    in_use = version.stage in (Stage.PRODUCTION, Stage.STAGING)
    return (
        *([f"in {version.stage}"] if in_use else []),
        *(f"@{alias}" for alias in version.aliases),
        *(f"served at {address}" for address in served.get(version.version, ())),
    )


def uses_lines(versions: Sequence[ModelVersion], served: Served) -> list[str]:
    """Return a line for each version that is in use, with what it is used for."""
    found = ((version, uses(version, served)) for version in versions)
    return [f"v{version.version}: {', '.join(used)}" for version, used in found if used]


def changed_since(shown: ModelVersion, now: ModelVersion | None) -> str:
    """Say how a version differs from what was shown of it, empty where it does not."""
    if now is None:
        return f"v{shown.version} is gone: somebody deleted it meanwhile."
    if now.stage != shown.stage:
        return f"v{shown.version} is in {now.stage} now, not {shown.stage}."
    if added := sorted({*now.aliases} - {*shown.aliases}):
        return f"v{shown.version} has the alias {added[0]} now."
    return ""
