"""The base class of every screen."""

from collections.abc import Callable, Coroutine, Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, ParamSpec, TypeVar

from textual.app import ComposeResult
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets._toast import ToastRack
from textual.worker import get_current_worker

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.plain_text import one_line
from mlops_tui.tui.kit.backend import acting
from mlops_tui.tui.kit.banner import Banner
from mlops_tui.tui.kit.key import bindings, why_read_only
from mlops_tui.tui.kit.key_bar import KeyBar
from mlops_tui.tui.kit.keys import SCREEN
from mlops_tui.tui.kit.messages import Changed, Topic
from mlops_tui.tui.kit.poller import Extent, Poller
from mlops_tui.tui.kit.service_call import ask
from mlops_tui.tui.kit.status_bar import StatusBar
from mlops_tui.tui.kit.table import Table
from mlops_tui.tui.shell import Shell, shell_of

if TYPE_CHECKING:
    from mlops_tui.tui.kit.list_filter import ListFilter
    from mlops_tui.tui.kit.write import Write

P = ParamSpec("P")
R = TypeVar("R")

LOW = 30
"""Rows of a screen below which notices do not cover its content."""


class ControlScreen(Screen[None]):
    """A screen with status bar and key bar that polls its data.

    A subclass composes its body in ``compose_body``, reads in ``load``, and names the ``TOPICS``
    whose changes make it read at once. After a failed read the old data stay, with the reason.
    """

    BINDINGS = bindings(SCREEN)
    HORIZONTAL_BREAKPOINTS = [(110, "-wide"), (150, "-widest")]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (LOW, "-high")]
    AUTO_FOCUS = "Table"
    MODE: ClassVar[str] = ""
    """The mode that the status bar highlights."""
    WHAT: ClassVar[str] = ""
    """What it reads, if that is not from the store; for the status bar."""
    TOPICS: ClassVar[frozenset[Topic]] = frozenset()

    def __init__(self) -> None:
        super().__init__()
        self.poller = Poller(self, self._load)
        self.filters: Sequence[ListFilter] = ()
        """The filters that escape drops: that of the list with the focus, else the first."""

    @property
    def shell(self) -> Shell:
        """The app around it."""
        return shell_of(self)

    def compose(self) -> ComposeResult:
        """Frame the body with the status bar above, the keys below."""
        yield StatusBar(self.shell.places())
        yield Banner()
        yield from self.compose_body()
        yield KeyBar()

    def compose_body(self) -> Iterable[Widget]:
        """Return the widgets between the bars."""
        return ()

    async def load(self) -> None:
        """Read what the screen shows, as much as ``poller.extent``; raises ``ServiceError``."""

    async def _load(self) -> bool:
        await self.load()
        return self.rests

    @property
    def reads_anew(self) -> bool:
        """Whether the present read covers all that is shown, whatever the store tells."""
        return self.poller.extent >= Extent.ANEW

    @property
    def rests(self) -> bool:
        """Whether the data are not expected to change: then they are polled less often."""
        return False

    def on_mount(self) -> None:
        """Fill the status bar; start polling after the first frame."""
        self.move_child(self.query_one(ToastRack), before=self.query_one(KeyBar))
        for table in self.query(Table):
            table.say("reading…")
        bar, settings = self.query_one(StatusBar), self.shell.settings
        bar.active, bar.read_only = self.MODE, settings.read_only
        bar.store, bar.store_name = settings.store.label, settings.store.name
        self.poller.prepare(self.WHAT)
        self.shell.changed.subscribe(self, self._on_changed)
        # Naming the services takes time.
        self.call_after_refresh(self.poller.begin)

    def on_unmount(self) -> None:
        """Unsubscribe from changes; else the app would keep the screen in memory."""
        self.shell.changed.unsubscribe(self)

    def on_screen_suspend(self) -> None:
        """Pause polling while hidden."""
        self.poller.rest()

    def on_screen_resume(self) -> None:
        """Read at once, then go on polling."""
        self.poller.resume()

    def _on_changed(self, changed: Changed) -> None:
        if changed.topic in self.TOPICS:
            self.poller.changed()

    def action_refresh_data(self) -> None:
        """Read the data again, now."""
        self.poller.request(Extent.ANEW)

    def action_reread(self) -> None:
        """Read everything again, also what is not expected to change."""
        self.poller.request(Extent.ALL)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Disable the write keys in read-only mode."""
        if why_read_only(self, action):
            return False
        if action == "back":
            return self.has_way_back()
        return super().check_action(action, parameters)

    def why_unavailable(self, action: str) -> str:
        """Return why an action is disabled now, empty if unknown."""
        if why := why_read_only(self, action):
            return why
        return "There is nothing to go back to." if action == "back" else ""

    def has_way_back(self) -> bool:
        """Return whether escape does anything."""
        return self._kept_filter is not None or len(self.shell.screen_stack) > 1

    def action_back(self) -> None:
        """Drop a filter, else leave a screen that was opened from another."""
        if kept := self._kept_filter:
            kept.drop()
        elif len(self.shell.screen_stack) > 1:
            self.shell.pop_screen()

    @property
    def _kept_filter(self) -> "ListFilter | None":
        kept = [each for each in self.filters if each.words]
        return next((each for each in kept if each.has_focus), kept[0] if kept else None)

    def action_undo(self) -> None:
        """Undo the last change, after asking."""
        if self.shell.undo_stack:
            self.begin(self._undo())
        else:
            self.why_not("There is nothing to undo.")

    async def _undo(self) -> None:
        from mlops_tui.tui.kit.confirm import ConfirmDialog

        stack = self.shell.undo_stack
        last = stack[-1]
        question = ConfirmDialog("Undo the last change?", f"{last.title.rstrip('.')}.")
        if await self.shell.push_screen_wait(question):
            stack.remove(last)
            await self.write(replace(last, undo=None, on_unreachable=partial(stack.append, last)))

    def action_copy(self) -> None:
        """Copy what is under the cursor."""
        text = self.copyable()
        if not text:
            self.tell("There is nothing to copy here.")
            return
        self.shell.copy_to_clipboard(text)
        self.tell(f"Copied {one_line(text, 60)}")

    def copyable(self) -> str:
        """Return the id, URI or value under the cursor."""
        return ""

    def tell(self, sentence: str) -> None:
        """Show a notice."""
        self.notify(one_line(sentence, 400), markup=False)

    def expect(self, sentence: str) -> None:
        """Show what is being started; an empty text removes that.

        A screen with a list of jobs keeps it in view until the job is listed.
        """
        if sentence:
            self.tell(sentence)

    def complain(self, error: ServiceError) -> None:
        """Show why something failed."""
        self.notify(one_line(str(error), 600), severity="error", markup=False, timeout=10)

    def why_not(self, reason: str) -> None:
        """Show why a key does nothing here."""
        self.notify(one_line(reason, 400), severity="warning", markup=False)

    async def ask(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Call a service function; raises its ``ServiceError``."""
        return await ask(self, function, *args, **kwargs)

    async def write(self, write: "Write[R]") -> R | None:
        """Do a write, then read the data again; return the answer, None when it was refused."""
        from mlops_tui.tui.kit.write import carry_out

        answer = await carry_out(self, write)
        self.action_refresh_data()
        return answer

    def begin(self, action: Coroutine[Any, Any, None], *, opens: bool = True) -> None:
        """Run the coroutine of an action; show its ``ServiceError``.

        If it ``opens`` a dialog, further keys wait for that.
        """
        worker = self.run_worker(self._act(action), group="action")
        if opens:
            self.shell.await_opening(worker)

    async def _act(self, action: Coroutine[Any, Any, None]) -> None:
        acting.set(True)
        failed = True
        try:
            await action
            failed = False
        except ServiceError as error:
            self.complain(error)
        finally:
            self.shell.end_opening(get_current_worker(), failed=failed)
