"""The stores that were opened lately, in the state directory: addresses, never a secret."""

from contextlib import suppress
from pathlib import Path
from typing import Any

from mlops_tui.domain.store import Store
from mlops_tui.domain.stores.login import without_secrets
from mlops_tui.services.files import small_files
from mlops_tui.services.worker.calls import is_kept

FILE = "stores.json"
MOST = 20
"""Stores that are remembered."""
STORES = "stores"
FIELDS = ("tracking_uri", "registry_uri", "artifact_root", "name", "ssh")


def read(state_dir: Path) -> tuple[Store, ...]:
    """Return the stores that were opened, the latest first."""
    listed = small_files.read_preference(state_dir / FILE).get(STORES)
    found = [_store(each) for each in listed] if isinstance(listed, list) else []
    return tuple(store for store in found if store is not None)


@is_kept
def remember(state_dir: Path, store: Store) -> None:
    """Put a store in front of those that were opened before."""
    present = without_secrets(store)

    def change(data: dict[str, Any]) -> dict[str, Any]:
        known = data.get(STORES)
        others = [_store(each) for each in known] if isinstance(known, list) else []
        kept = [present, *(each for each in others if each and each.label != present.label)]
        return {STORES: [{name: getattr(each, name) for name in FIELDS} for each in kept[:MOST]]}

    with suppress(OSError):  # it only makes a list shorter
        small_files.change_json(state_dir / FILE, change)


def _store(written: object) -> Store | None:
    if not isinstance(written, dict) or not isinstance(written.get("tracking_uri"), str):
        return None
    fields = {name: written.get(name, "") for name in FIELDS}
    return Store(**fields) if all(isinstance(each, str) for each in fields.values()) else None
