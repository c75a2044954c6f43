"""How an action changes something in a store: one shape for all writes."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from mlops_tui.domain.errors import ServiceError, Unreachable
from mlops_tui.tui.kit.messages import Changed, Topic
from mlops_tui.tui.kit.workers import outlive
from mlops_tui.tui.shell import ServiceCalls, Shell

R = TypeVar("R")


def _nothing(*_: object) -> None:
    """Do nothing: the default of a hook that a write does not need."""


def _no_words(*_: object) -> str:
    return ""


@dataclass(frozen=True, kw_only=True)
class Write(Generic[R]):
    """An optimistic update with confirmation, rollback and undo.

    ``call`` asks the service, through what it is given: the screen that asks may be gone before
    the answer comes. Until then, ``optimistic`` shows the expected result; ``confirm`` then shows
    the service's answer, and ``revert`` restores what was shown when the service refuses. ``undo``
    returns the write that takes this one back, if there is one; that cannot be undone in turn.
    ``done`` says what was done when that depends on the answer, ``remaining`` what was not done,
    and why. ``on_unreachable`` runs when the store did not answer, so that it may be tried again.
    """

    title: str
    topic: Topic
    call: Callable[[ServiceCalls], Coroutine[Any, Any, R]]
    optimistic: Callable[[], None] = _nothing
    revert: Callable[[], None] = _nothing
    confirm: Callable[[R], None] = _nothing
    undo: Callable[[R], "Write[Any]"] | None = None
    done: Callable[[R], str] = _no_words
    remaining: Callable[[R], str] = _no_words
    on_unreachable: Callable[[], None] = _nothing


class Writer(Protocol):
    """The screen that a write is made on."""

    @property
    def shell(self) -> Shell:
        """The app around it."""

    def tell(self, sentence: str) -> None:
        """Show a sentence for a moment."""

    def complain(self, error: ServiceError) -> None:
        """Show why something was not done."""


async def carry_out(screen: Writer, write: Write[R]) -> R | None:
    """Do the write; return the service's answer, or None when it refused.

    It is also done, told and kept for undo when the screen is left before the answer.
    """
    screen.shell.stop_awaiting()
    write.optimistic()
    work = _carry_out(screen, write)
    return await outlive(screen.shell, work)


async def _carry_out(screen: Writer, write: Write[R]) -> R | None:
    try:
        answer = await write.call(screen.shell.backend)
    except ServiceError as error:
        if screen.shell.is_running:
            write.revert()
        screen.complain(error)
        if isinstance(error, Unreachable):
            write.on_unreachable()
        return None
    hint = ""
    if write.undo:
        screen.shell.undo_stack.append(write.undo(answer))
        hint = " u undoes it."
    if screen.shell.is_running:
        write.confirm(answer)
    screen.shell.changed.publish(Changed(write.topic))
    screen.tell(f"{write.done(answer) or write.title + '.'}{hint}")
    if remaining := write.remaining(answer):
        screen.complain(ServiceError(remaining))
    return answer
