"""Polls the data of a screen while it is shown."""

from enum import IntEnum
from typing import TYPE_CHECKING, Any

from mlops_tui.domain.errors import LoginMissing, LoginRefused, ServiceError
from mlops_tui.tui.kit.banner import Banner
from mlops_tui.tui.kit.freshness import Freshness
from mlops_tui.tui.kit.service_call import is_leaving
from mlops_tui.tui.kit.status_bar import StatusBar
from mlops_tui.tui.kit.table import Table
from mlops_tui.tui.kit.workers import is_working
from mlops_tui.tui.shell import shell_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from textual.screen import Screen
    from textual.timer import Timer

GROUP = "load"

LOGIN_HINT = "Or press @, then enter, to log in here."


class Extent(IntEnum):
    """How much of its data a screen reads."""

    CHANGES = 0
    """What may have changed, as far as the store tells."""
    ANEW = 1
    """All that is shown, whatever the store tells."""
    ALL = 2
    """Also what is cached because it is not expected to change."""


class Poller:
    """Calls ``load`` of a screen at the refresh interval, and shows how old the data are.

    Polling pauses while the screen is hidden. After a failure the old data stay, the banner shows
    the reason, and the next read waits longer. What is requested during a read is read after it.
    """

    def __init__(
        self,
        screen: "Screen[Any]",
        load: "Callable[[], Awaitable[bool]]",
    ) -> None:
        """Call ``load``, which looks at ``extent``.

        ``load`` returns whether what it read is expected to stay as it is: then it is read more
        slowly. It raises ``ServiceError``.
        """
        self._screen = screen
        self._load_data = load
        self.extent = Extent.CHANGES
        """How much the present read covers; what a failed read did not cover stays in it."""
        self._requested: Extent | None = None
        """How much was requested since the present read began."""
        self._timers: tuple[Timer, ...] = ()
        self._missed = False
        """Whether something changed while the screen was hidden."""

    @property
    def has_begun(self) -> bool:
        """Whether polling has started."""
        return bool(self._timers)

    def prepare(self, what: str) -> None:
        """Show that nothing was read yet; the screen is in its app now.

        ``what`` names what is read where that is not the store's.
        """
        self._interval = shell_of(self._screen).settings.refresh_interval
        self._freshness = Freshness(self._interval, what)
        self.show_freshness()

    def begin(self) -> None:
        """Start polling."""
        tick = self._screen.set_interval(self._interval, self.tick)
        self._timers = tick, self._screen.set_interval(1.0, self.show_freshness)
        self.request(Extent.ANEW)

    def rest(self) -> None:
        """Pause polling while the screen is hidden."""
        for timer in self._timers:
            timer.pause()

    def resume(self) -> None:
        """Read at once, then go on polling."""
        for timer in self._timers:
            timer.resume()
        if self.has_begun:
            missed, self._missed = self._missed, False
            if self._freshness.has_failed:
                self._freshness.hurry()  # the reason may have passed meanwhile
            self.request(Extent.ANEW) if missed else self.tick()

    def request(self, extent: Extent) -> None:
        """Read at least so much, now or directly after the present read."""
        shell_of(self._screen).backend.start_now()
        self._requested = max(extent, self._requested or extent)
        self.retry()

    def retry(self) -> None:
        """Read now, even after failures, unless a read is going on."""
        if self.has_begun:
            self._freshness.hurry()
            self.tick()

    def changed(self) -> None:
        """Read after a change: now, or when the screen is shown again."""
        if self._screen.is_current:
            self.request(Extent.ANEW)
        else:
            self._missed = True

    def tick(self) -> None:
        """Read if a read is due."""
        is_due = self._screen.is_current and self._freshness.is_due
        if is_due and not is_working(self._screen, GROUP):
            self._screen.run_worker(self._load(), group=GROUP)

    async def _load(self) -> None:
        await self._read()
        while self._requested is not None and self._screen.is_current:
            await self._read()
        if self._requested is not None:
            self._freshness.hurry()

    async def _read(self) -> None:
        shell = shell_of(self._screen)
        self.extent, self._requested = max(self.extent, self._requested or self.extent), None
        failure: ServiceError | None = None
        rests = False
        try:
            rests = await self._load_data()
        except ServiceError as error:
            failure = error
        except Exception as error:  # noqa: BLE001 - a fault of ours; the next read may do better
            if not is_leaving(self._screen):
                shell.contain(error)
            failure = ServiceError(f"The data cannot be shown ({type(error).__name__}).")
        if is_leaving(self._screen):
            return
        if failure:
            self._show_failure(failure)
        else:
            self.extent = Extent.CHANGES
            self._freshness.succeeded(rests=rests)
            self._screen.query_one(Banner).clear()
        self.show_freshness()
        self._screen.call_after_refresh(shell.watch_jobs)

    def _show_failure(self, error: ServiceError) -> None:
        self._freshness.failed(error)
        if isinstance(error, LoginMissing | LoginRefused):
            error = ServiceError(error.message, f"{error.hint} {LOGIN_HINT}".strip())
        self._screen.query_one(Banner).show_failure(error)
        for table in self._screen.query(Table):
            if not table.keys:
                table.say("not read")

    def show_freshness(self) -> None:
        """Show in the status bar how old the data are."""
        shell = shell_of(self._screen)
        slower = " · slower" if shell.losses else ""
        word = shell.backend.trouble or self._freshness.word(shell.loading_word)
        self._screen.query_one(StatusBar).freshness = f"{word}{slower}"
