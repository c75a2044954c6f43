"""Registered models with their versions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

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
    newest: str = ""
    """The newest version of all, empty where there is none."""
    newest_tags: Mapping[str, str] = field(default_factory=dict)
    """The tags of the newest version."""


@dataclass(frozen=True, slots=True)
class ModelVersion:
    """One version of a registered model; ``version`` is a number written as text."""

    name: str
    version: str
    stage: Stage
    aliases: tuple[str, ...] = ()
    status: str = "READY"
    status_message: str = ""
    """Why it is not ready, in the server's words."""
    run_id: str = ""
    source: str = ""
    description: str = ""
    user: str = ""
    created_at: int | None = None
    updated_at: int | None = None
    tags: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_ready(self) -> bool:
        """Whether its files are there."""
        return self.status == "READY"

    @property
    def trouble(self) -> str:
        """Why it is not ready: the status, with the server's words; empty when it is."""
        if self.is_ready:
            return ""
        return ": ".join(filter(None, (self.status, self.status_message)))

    @property
    def uri(self) -> str:
        """The URI that always means this version."""
        return f"models:/{self.name}/{self.version}"

    @property
    def address(self) -> str:
        """A URI that MLflow understands: it takes names as they are, but cuts at some signs."""
        parts = urlsplit(self.uri, allow_fragments=False)
        is_whole = parts.path == f"/{self.name}/{self.version}" and not parts.query
        return self.uri if is_whole else self.source or self.uri
