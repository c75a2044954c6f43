"""A web page in the person's browser."""

import os
import subprocess
import sys
import threading
from collections.abc import Mapping

from mlops_tui.domain.errors import InvalidInput
from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.store import is_http

REMOTE = ("SSH_CONNECTION", "SSH_TTY")
"""Variables that say that the person sits at another machine."""

SCREENS = ("DISPLAY", "WAYLAND_DISPLAY")
"""Variables that say that there is a screen to draw on, on a Unix without its own."""


def has_browser(environment: Mapping[str, str], platform: str = sys.platform) -> bool:
    """Return whether a browser would appear before the person's eyes."""
    if any(environment.get(name) for name in REMOTE):
        return False
    return platform == "darwin" or any(environment.get(name) for name in SCREENS)


def open_page(address: str) -> bool:
    """Ask for a page to be opened, return False where there is no browser to do so.

    It is asked for by a process without a terminal: a browser of text could take ours, and any may
    write into it or not return. Raises ``InvalidInput`` for what is no address of the web.
    """
    if not is_http(address):
        raise InvalidInput(f"{one_line(address, 60)} is no address of the web.")
    if not has_browser(os.environ):
        return False
    child = subprocess.Popen(  # noqa: S603 - Python's own module, never through a shell
        [sys.executable, "-m", "webbrowser", address],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    threading.Thread(target=child.wait, daemon=True).start()
    return True
