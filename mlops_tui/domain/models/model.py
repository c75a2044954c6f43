"""Registered models with their versions."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from mlops_tui.domain.models.stage import Stage


@dataclass(frozen=True, slots=True)
class RegisteredModel:
    """A named model of the registry. Times are milliseconds since the epoch."""

    name: str
    description: str = ""
    created_at: int | None = None
    updated_at: int | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=dict)
    """Alias to version."""
    latest: Mapping[str, str] = field(default_factory=dict)
    """Stage to the newest version in it."""


@dataclass(frozen=True, slots=True)
class ModelVersion:
    """One version of a registered model; ``version`` is a number written as text."""

    name: str
    version: str
    stage: Stage
    aliases: tuple[str, ...] = ()
    status: str = "READY"
    run_id: str = ""
    source: str = ""
    description: str = ""
    user: str = ""
    created_at: int | None = None
    updated_at: int | None = None
    tags: Mapping[str, str] = field(default_factory=dict)

    @property
    def uri(self) -> str:
        """The URI that always means this version."""
        return f"models:/{self.name}/{self.version}"
