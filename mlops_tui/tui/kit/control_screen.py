"""What every screen has in common."""

from collections.abc import Callable, Coroutine
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from textual import work
from textual.worker import get_current_worker

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.plain_text import one_line
from mlops_tui.tui.kit.app_access import ask
from mlops_tui.tui.kit.backend import acting
from mlops_tui.tui.kit.key import bindings, is_write_action
from mlops_tui.tui.kit.keys import SCREEN
from mlops_tui.tui.kit.live_screen import LiveScreen

if TYPE_CHECKING:
    from mlops_tui.tui.kit.write import Write

P = ParamSpec("P")
R = TypeVar("R")


class ControlScreen(LiveScreen):
    """A live screen with the keys that work on each; it says what they came to."""

    BINDINGS = bindings(SCREEN)
    HORIZONTAL_BREAKPOINTS = [(110, "-wide"), (150, "-widest")]
    AUTO_FOCUS = "Table"

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Take the write keys away in read-only mode."""
        if self.room.settings.read_only and is_write_action(action):
            return False
        if action == "back":
            return self.has_way_back()
        return super().check_action(action, parameters)

    def why_unavailable(self, action: str) -> str:
        """Return why an action is taken away at this moment; nothing where that is not known."""
        if self.room.settings.read_only and is_write_action(action):
            return "Read-only mode changes nothing."
        return "There is nothing to go back to." if action == "back" else ""

    def has_way_back(self) -> bool:
        """Return whether escape leads anywhere."""
        return len(self.room.screen_stack) > 1

    def action_undo(self) -> None:
        """Take back the last change made here, once the person has seen which."""
        if self.room.undo_stack:
            self.begin(self._undo())
        else:
            self.why_not("There is nothing to undo.")

    async def _undo(self) -> None:
        from mlops_tui.tui.kit.confirm import ConfirmDialog

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
        from mlops_tui.tui.kit.write import carry_out

        answer = await carry_out(self, write)
        self.action_refresh_data()
        return answer

    def begin(self, action: Coroutine[Any, Any, None], *, opens: bool = True) -> None:
        """Run the coroutine of an action, telling the person when a service refuses.

        Keys wait for the dialog of an action that ``opens`` one.
        """
        worker = self._act(action)
        if opens:
            self.room.await_opening(worker)

    @work(group="action")
    async def _act(self, action: Coroutine[Any, Any, None]) -> None:
        acting.set(True)
        failed = True
        try:
            await action
            failed = False
        except ServiceError as error:
            self.complain(error)
        finally:
            self.room.end_opening(get_current_worker(), failed=failed)
