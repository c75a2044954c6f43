"""Paths that may begin with ``~``."""

import os
from pathlib import Path


def expanded(path: Path | str) -> Path:
    """Return a path with ``~`` and ``~user`` as a shell reads them: one it does not know stays."""
    # Path.expanduser raises for a user that does not exist.
    return Path(os.path.expanduser(path))  # noqa: PTH111 - see above
