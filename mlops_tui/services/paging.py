"""Answers that MLflow gives page by page."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, TypeVar

from mlops_tui.services.gc_pause import gc_paused

if TYPE_CHECKING:
    from mlflow.store.entities import PagedList

Item = TypeVar("Item")


def token_text(page: "PagedList[Item]") -> str:
    """Return the token of the next page, empty on the last one: bytes on SQLite, text on HTTP."""
    token = page.token or ""
    return token.decode() if isinstance(token, bytes) else token


def every_page(read: "Callable[[str | None], PagedList[Item]]") -> Iterator[Item]:
    """Yield what is on all pages."""
    token: str | None = None
    while token != "":
        with gc_paused():
            page = read(token)
        yield from page
        token = token_text(page)
