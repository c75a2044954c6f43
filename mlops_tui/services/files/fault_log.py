"""The file that the interface writes its own faults to."""

import os
import time
from pathlib import Path

from mlops_tui.domain.plain_text import visible
from mlops_tui.domain.secrets import without_named
from mlops_tui.services.files import state_directory
from mlops_tui.services.files.regular_file import open_descriptor

MOST_BYTES = 1_000_000
"""A longer file begins anew."""


def append(path: Path, text: str) -> None:
    """Write a text with the time to the end of the log. Raise ``OSError`` or ``ServiceError``."""
    state_directory.make(path.parent)
    descriptor = open_descriptor(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND)
    with os.fdopen(descriptor, "ab") as log:
        if log.tell() > MOST_BYTES:
            log.truncate(0)
        harmless = "\n".join(map(visible, without_named(text).split("\n")))
        log.write(f"{time.strftime('%Y-%m-%d %H:%M:%S')} {harmless}\n".encode(errors="replace"))
