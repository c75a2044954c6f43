"""Suspends the app while another program uses the terminal."""

from collections.abc import Callable
from typing import Any

from textual.app import App, SuspendNotSupported

from mlops_tui.domain.errors import ServiceError


def lend_terminal(app: App[Any], use: Callable[[], None], what: str = "an editor") -> str:
    """Run ``use`` with the app suspended; return why that failed, else an empty text."""
    failure = ""
    try:
        with app.suspend():
            # An error that left this block would leave the app suspended.
            try:
                use()
            except ServiceError as error:
                failure = str(error)
    except SuspendNotSupported:
        failure = f"This terminal cannot be given to {what}."
    app.refresh()
    return failure
