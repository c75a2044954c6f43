"""What every screen has in common."""

from collections.abc import Callable, Coroutine, Iterable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, ParamSpec, TypeVar

from textual import work
from textual.app import ComposeResult
from textual.screen import Screen
from textual.timer import Timer
from textual.widget import Widget

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.plain_text import one_line
from mlops_tui.tui.freshness import Freshness
from mlops_tui.tui.keys.places import bindings, write_actions
from mlops_tui.tui.messages import Changed, Topic
from mlops_tui.tui.room import ask, room_of
from mlops_tui.tui.widgets.banner import Banner
from mlops_tui.tui.widgets.key_bar import KeyBar
from mlops_tui.tui.widgets.status_bar import StatusBar
from mlops_tui.tui.widgets.table import Table
from mlops_tui.tui.working import is_working

if TYPE_CHECKING:
    from mlops_tui.tui.app import ControlRoom
    from mlops_tui.tui.write import Write

P = ParamSpec("P")
R = TypeVar("R")

WRITES = write_actions()


class ControlScreen(Screen[None]):
    """A screen that reads its data in the service process, again and again while it is shown.

    A subclass composes its body in ``compose_body``, reads in ``load``, and names the topics whose
    changes it wants to see at once. A failed read keeps what is shown and says so.
    """

    BINDINGS = bindings("screen")
    MODE: ClassVar[str] = ""
    WHAT: ClassVar[str] = ""
    """What it reads where that is not the store's."""
    TOPICS: ClassVar[frozenset[Topic]] = frozenset()
    HORIZONTAL_BREAKPOINTS = [(110, "-wide"), (150, "-widest")]
    AUTO_FOCUS = "Table"

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

    def on_mount(self) -> None:
        """Begin to read, once the first frame stands: naming the services takes time."""
        for table in self.query(Table):
            table.say("reading…")
        bar = self.query_one(StatusBar)
        bar.active = self.MODE
        bar.store = self.room.settings.store.label
        bar.read_only = self.room.settings.read_only
        self._freshness = Freshness(self.room.settings.refresh_interval, self.WHAT)
        self._ticking = self.set_interval(self.room.settings.refresh_interval, self._tick)
        self._aging = self.set_interval(1.0, self._show_freshness)
        self._show_freshness()
        self.room.changed.subscribe(self, self._on_changed)
        self.call_after_refresh(self.action_refresh_data)

    def on_screen_suspend(self) -> None:
        """Rest while hidden."""
        for timer in filter(None, (self._ticking, self._aging)):
            timer.pause()

    def on_screen_resume(self) -> None:
        """Catch up, then go on."""
        for timer in filter(None, (self._ticking, self._aging)):
            timer.resume()
        if self._ticking is not None:
            self._tick()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Take the write keys away in read-only mode."""
        if self.room.settings.read_only and action in WRITES:
            return False
        if action == "back":
            return self.has_way_back()
        return super().check_action(action, parameters)

    def has_way_back(self) -> bool:
        """Return whether escape leads anywhere."""
        return len(self.room.screen_stack) > 1

    def action_refresh_data(self) -> None:
        """Read everything anew, now."""
        self._freshness.hurry()
        self._tick()

    def action_reread(self) -> None:
        """Read everything anew, also what is taken for settled."""
        self.action_refresh_data()

    def action_undo(self) -> None:
        """Take back the last change made here, once the person has seen which."""
        if self.room.undo_stack:
            self.begin(self._undo())
        else:
            self.why_not("There is nothing to undo.")

    async def _undo(self) -> None:
        from mlops_tui.tui.dialogs.confirm import ConfirmDialog

        last = self.room.undo_stack[-1]
        question = ConfirmDialog("Undo the last change?", f"{last.title.rstrip('.')}.")
        if await self.room.push_screen_wait(question):
            stack = self.room.undo_stack
            stack.remove(last)
            await self.write(replace(last, unreached=partial(stack.append, last)))

    def action_back(self) -> None:
        """Leave a screen that was opened from another."""
        if len(self.room.screen_stack) > 1:
            self.room.pop_screen()

    def action_copy(self) -> None:
        """Copy what is under the cursor."""
        text = self.copyable()
        if not text:
            self.tell("There is nothing to copy here.")
            return
        self.room.copy_to_clipboard(text)
        self.tell(f"Copied {one_line(text, 60)}")

    def copyable(self) -> str:
        """Return the id, URI or value under the cursor."""
        return ""

    def tell(self, sentence: str) -> None:
        """Show a sentence for a moment."""
        self.notify(one_line(sentence, 400), markup=False)

    def complain(self, error: ServiceError) -> None:
        """Show why something was not done."""
        self.notify(one_line(str(error), 600), severity="error", markup=False, timeout=10)

    def why_not(self, reason: str) -> None:
        """Say why a key does nothing here."""
        self.notify(one_line(reason, 400), severity="warning", markup=False)

    async def ask(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Call a service function; raises its ``ServiceError``."""
        return await ask(self, function, *args, **kwargs)

    async def write(self, write: "Write[R]") -> R | None:
        """Carry out a write, then read the truth anew."""
        from mlops_tui.tui.write import carry_out

        answer = await carry_out(self, write)
        self.action_refresh_data()
        return answer

    def begin(self, action: Coroutine[Any, Any, None], *, opens: bool = True) -> None:
        """Run the coroutine of an action, telling the person when a service refuses.

        Keys wait for the dialog of an action that ``opens`` one.
        """
        if opens:
            self.room.await_opening(action)
        self._act(action)

    @work(group="action")
    async def _act(self, action: Coroutine[Any, Any, None]) -> None:
        try:
            await action
        except ServiceError as error:
            self.complain(error)
        finally:
            self.room.end_opening(action)

    def _on_changed(self, changed: Changed) -> None:
        if changed.topic in self.TOPICS and self.is_current:
            self.action_refresh_data()

    def _tick(self) -> None:
        if self.is_current and self._freshness.is_due and not is_working(self, "load"):
            self._load()

    @work(group="load")
    async def _load(self) -> None:
        banner = self.query_one(Banner)
        try:
            await self.load()
        except ServiceError as error:
            self._freshness.failed()
            banner.show_failure(error)
            for table in self.query(Table):
                if not table.keys:
                    table.say("not read")
        else:
            self._freshness.succeeded()
            banner.clear()
        self._show_freshness()
        self.call_after_refresh(self.room.watch_jobs)

    def _show_freshness(self) -> None:
        self.query_one(StatusBar).freshness = self._freshness.word(self.room.loading_word)
