"""The terminal lent to another program, while the app stands aside."""

from collections.abc import Callable
from typing import Any

from textual.app import App, SuspendNotSupported

from mlops_tui.domain.errors import ServiceError


def lend_terminal(app: App[Any], use: Callable[[], None], what: str = "an editor") -> str:
    """Let ``use`` have the terminal for ``what``; return why that failed, else nothing."""
    failure = ""
    try:
        with app.suspend():
            # An error that left this block would leave the app suspended.
            try:
                use()
            except ServiceError as error:
                failure = str(error)
    except SuspendNotSupported:
        failure = f"This terminal cannot be lent to {what}."
    app.refresh()
    return failure
