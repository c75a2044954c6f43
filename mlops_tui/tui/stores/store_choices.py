"""The stores that can be chosen."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from mlops_tui.domain.store import Store
from mlops_tui.domain.stores.login import without_secrets
from mlops_tui.settings import ADDRESS

if TYPE_CHECKING:
    from mlops_tui.settings import Settings

OPEN, NAMED, RECENT, TYPED = "open now", "config file", "used lately", "typed"


@dataclass(frozen=True, slots=True)
class StoreChoice:
    """A store, and where it is known from."""

    store: Store
    origin: str

    @property
    def name(self) -> str:
        """Its name in the config file, else where it is known from."""
        return self.store.name or f"({self.origin})"


def choices(settings: "Settings", recent: Iterable[Store]) -> tuple[StoreChoice, ...]:
    """Return the open store, those of the config file, those used lately: each once."""
    listed = [
        StoreChoice(settings.store, OPEN),
        *(StoreChoice(store, NAMED) for store in settings.servers.values()),
        # The config file may have given the name to another address since.
        *(StoreChoice(replace(store, name=""), RECENT) for store in recent),
    ]
    unlike: dict[str, StoreChoice] = {}
    for choice in listed:
        unlike.setdefault(without_secrets(choice.store).label, choice)
    return tuple(unlike.values())


def typed_store(text: str, directory: Path) -> Store | None:
    """Return the store of a typed address, None where the text is none."""
    text = text.strip()
    if not text or ("/" not in text and ":" not in text):
        return None
    try:
        return Store(ADDRESS.read(text, directory))
    except ValueError:
        return None
