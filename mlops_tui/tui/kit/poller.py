"""Polls the data of a screen while it is shown."""

from typing import TYPE_CHECKING, Any

from mlops_tui.domain.errors import ServiceError
from mlops_tui.tui.kit.banner import Banner
from mlops_tui.tui.kit.freshness import Freshness
from mlops_tui.tui.kit.status_bar import StatusBar
from mlops_tui.tui.kit.table import Table
from mlops_tui.tui.kit.workers import is_working
from mlops_tui.tui.shell import shell_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from textual.screen import Screen
    from textual.timer import Timer

GROUP = "load"


class Poller:
    """Calls ``load`` of a screen at the refresh interval, and shows how old the data are.

    Polling pauses while the screen is hidden. After a failure the old data stay, the banner shows
    the reason, and the next read waits longer.
    """

    def __init__(
        self,
        screen: "Screen[Any]",
        load: "Callable[[], Awaitable[bool]]",
        reread: "Callable[[], None]",
    ) -> None:
        """Call ``load``, and ``reread`` where everything is to be read anew.

        ``load`` returns whether what it read is expected to stay as it is: then it is read more
        slowly. It raises ``ServiceError``.
        """
        self._screen = screen
        self._load_data = load
        self._reread = reread
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
        self._reread()

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
            self._reread() if missed else self.tick()

    def hurry(self) -> None:
        """Read now, even after failures."""
        if self.has_begun:
            self._freshness.hurry()
            self.tick()

    def changed(self) -> None:
        """Read after a change: now, or when the screen is shown again."""
        if self._screen.is_current:
            self._reread()
        else:
            self._missed = True

    def tick(self) -> None:
        """Read if a read is due."""
        is_due = self._screen.is_current and self._freshness.is_due
        if is_due and not is_working(self._screen, GROUP):
            self._screen.run_worker(self._load(), group=GROUP)

    async def _load(self) -> None:
        shell = shell_of(self._screen)
        try:
            rests = await self._load_data()
        except ServiceError as error:
            self._show_failure(error)
        except Exception as error:  # noqa: BLE001 - a fault of ours; the next read may do better
            shell.contain(error)
            said = f"The data cannot be shown ({type(error).__name__})."
            self._show_failure(ServiceError(said))
        else:
            self._freshness.succeeded(rests=rests)
            self._screen.query_one(Banner).clear()
        self.show_freshness()
        self._screen.call_after_refresh(shell.watch_jobs)

    def _show_failure(self, error: ServiceError) -> None:
        self._freshness.failed(error)
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
