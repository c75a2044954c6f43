"""Decides what of the store is read for the Loop screen, and when."""

from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING

from mlops_tui.services.loop import loop_reading
from mlops_tui.services.store import store as stores
from mlops_tui.tui.kit.control_screen import ControlScreen
from mlops_tui.tui.loop.loop_list import LoopList

if TYPE_CHECKING:
    from mlops_tui.domain.loop.model_facts import ModelFacts

ALL_EVERY = 10.0
"""Seconds between two looks at all the models of a server, which tells nothing of changes."""

REST_AFTER_ALL = 3
"""Times as long as reading all models took, they are not all read again."""


class LoopReader:
    """Reads the models into a list: page by page, and only when the store may have changed."""

    def __init__(self, lines: LoopList, host: ControlScreen, show: Callable[[], None]) -> None:
        self._lines, self._host, self._show = lines, host, show
        self._mark: str | None = None
        self._due = 0.0

    async def read(self, *, anew: bool) -> None:
        """Read what may have changed; raises ``ServiceError``."""
        settings, ask = self._host.shell.settings, self._host.ask
        where = settings.store, settings.state_dir
        mark = await ask(stores.fingerprint, settings.store)
        is_same = bool(mark) and mark == self._mark
        is_due = anew or (monotonic() >= self._due and not is_same)
        local = await ask(loop_reading.local_facts, *where)
        begun = monotonic()
        watched = await ask(loop_reading.watch_facts, *where) if is_due else None
        self._lines.update(local, watched)
        if is_due:
            await self._read_all()
            took = monotonic() - begun
            self._mark = mark
            self._due = monotonic() + (REST_AFTER_ALL * took if mark else ALL_EVERY)
        self._show()

    async def _read_all(self) -> None:
        """Read page by page; at first, each is shown as soon as it was read."""
        lines, store = self._lines, self._host.shell.settings.store
        facts: list[ModelFacts] = []
        token: str | None = None
        while token != "":
            page = await self._host.ask(loop_reading.facts_page, store, token or "")
            facts += page.facts
            token = page.next_token
            if not token or not lines.is_whole:
                lines.is_whole = not token
                lines.confirm(facts)
                self._show()
