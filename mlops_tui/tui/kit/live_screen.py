"""What is read again and again while a screen is shown."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.screen import Screen
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets._toast import ToastRack

from mlops_tui.domain.errors import ServiceError
from mlops_tui.tui.kit.app_access import room_of
from mlops_tui.tui.kit.banner import Banner
from mlops_tui.tui.kit.freshness import Freshness
from mlops_tui.tui.kit.key_bar import KeyBar
from mlops_tui.tui.kit.messages import Changed, Topic
from mlops_tui.tui.kit.status_bar import StatusBar
from mlops_tui.tui.kit.table import Table
from mlops_tui.tui.kit.workers import is_working

if TYPE_CHECKING:
    from mlops_tui.tui.app import ControlRoom

LOW = 30
"""Rows below which nothing may lie over what is shown."""


class LiveScreen(Screen[None]):
    """A screen that reads its data in the service process, again and again while it is shown.

    A subclass composes its body in ``compose_body``, reads in ``load``, and names the topics whose
    changes it wants to see at once. A failed read keeps what is shown and says so.
    """

    MODE: ClassVar[str] = ""
    VERTICAL_BREAKPOINTS = [(0, "-low"), (LOW, "-high")]
    WHAT: ClassVar[str] = ""
    """What it reads where that is not the store's."""
    TOPICS: ClassVar[frozenset[Topic]] = frozenset()

    _missed = False
    """Whether something changed while the screen was hidden."""

    _ticking: Timer | None = None
    _aging: Timer | None = None

    @property
    def room(self) -> "ControlRoom":
        """The app, with its own type."""
        return room_of(self)

    def compose(self) -> ComposeResult:
        """Frame the body with the status bar above, the keys below."""
        yield StatusBar(self.room.places())
        yield Banner()
        yield from self.compose_body()
        yield KeyBar()

    def compose_body(self) -> Iterable[Widget]:
        """Return the widgets between the bars."""
        return ()

    async def load(self) -> None:
        """Read what the screen shows; raises ``ServiceError``."""

    @property
    def rests(self) -> bool:
        """Whether what was read is expected to stay as it is: then it is read more slowly."""
        return False

    def on_mount(self) -> None:
        """Show what is known beforehand."""
        self.move_child(self.query_one(ToastRack), before=self.query_one(KeyBar))
        for table in self.query(Table):
            table.say("reading…")
        bar = self.query_one(StatusBar)
        bar.active = self.MODE
        bar.store = self.room.settings.store.label
        bar.read_only = self.room.settings.read_only
        self._freshness = Freshness(self.room.settings.refresh_interval, self.WHAT)
        self._show_freshness()
        self.room.changed.subscribe(self, self._on_changed)
        self.call_after_refresh(self._begin)

    def on_unmount(self) -> None:
        """Hear no more of changes: the app would keep the whole screen for it."""
        self.room.changed.unsubscribe(self)

    def _begin(self) -> None:
        """Begin to read, now that the first frame stands: naming the services takes time."""
        self._ticking = self.set_interval(self.room.settings.refresh_interval, self._tick)
        self._aging = self.set_interval(1.0, self._show_freshness)
        self.action_refresh_data()

    def on_screen_suspend(self) -> None:
        """Rest while hidden."""
        for timer in filter(None, (self._ticking, self._aging)):
            timer.pause()

    def on_screen_resume(self) -> None:
        """Catch up, then go on."""
        for timer in filter(None, (self._ticking, self._aging)):
            timer.resume()
        if self._ticking is not None:
            missed, self._missed = self._missed, False
            self.action_refresh_data() if missed else self._tick()

    def action_refresh_data(self) -> None:
        """Read everything anew, now."""
        self.room.backend.start_now()
        self.hurry()

    def hurry(self) -> None:
        """Read as soon as can be, whatever the last tries came to."""
        if self._ticking is not None:
            self._freshness.hurry()
            self._tick()

    def action_reread(self) -> None:
        """Read everything anew, also what is taken for settled."""
        self.action_refresh_data()

    def _on_changed(self, changed: Changed) -> None:
        if changed.topic not in self.TOPICS:
            return
        if self.is_current:
            self.action_refresh_data()
        else:
            self._missed = True

    def _tick(self) -> None:
        if self.is_current and self._freshness.is_due and not is_working(self, "load"):
            self._load()

    @work(group="load")
    async def _load(self) -> None:
        banner = self.query_one(Banner)
        try:
            await self.load()
        except ServiceError as error:
            self._say_not_read(error)
        except Exception as error:  # noqa: BLE001 - a fault of ours; the next read may do better
            self.room.contain(error)
            said = f"What was read cannot be shown ({type(error).__name__})."
            self._say_not_read(ServiceError(said))
        else:
            self._freshness.succeeded(rests=self.rests)
            banner.clear()
        self._show_freshness()
        self.call_after_refresh(self.room.watch_jobs)

    def _say_not_read(self, error: ServiceError) -> None:
        self._freshness.failed(error)
        self.query_one(Banner).show_failure(error)
        for table in self.query(Table):
            if not table.keys:
                table.say("not read")

    def _show_freshness(self) -> None:
        slower = " · slower" if self.room.losses else ""
        word = self.room.backend.trouble or self._freshness.word(self.room.loading_word)
        self.query_one(StatusBar).freshness = f"{word}{slower}"
