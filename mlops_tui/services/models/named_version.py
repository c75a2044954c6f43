"""The registered version that a URI means."""

import re

from mlops_tui.domain.errors import Conflict
from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.domain.models.version_choice import SCHEME, chosen_version, split_choice
from mlops_tui.domain.store import Store, is_http
from mlops_tui.services.models.registry import list_versions
from mlops_tui.services.store.store import reach

LOGGED = re.compile(r"models:/m-[0-9a-f]{32}")
"""The URI of a logged model, which need not be registered."""
LATEST = "/latest"


def named_version(store: Store, uri: str) -> ModelVersion | None:
    """Return the registered version that a URI means now, None for a model that is none.

    Raises ``NotFound``, and ``Conflict`` for a version that is not ready.
    """
    if is_http(store.tracking_uri):
        reach(store)
    if not uri.startswith(SCHEME) or LOGGED.fullmatch(uri):
        return None
    name, choice = split_choice(uri)
    newest = choice.casefold() == LATEST
    version = chosen_version(list_versions(store, name), name, "" if newest else choice)
    if not version.is_ready:
        raise Conflict(f"{version.name} v{version.version} is not ready: {version.trouble}.")
    return version
