"""How an action changes something in a store: one shape for all writes."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from mlops_tui.domain.errors import ServiceError, Unreachable
from mlops_tui.tui.kit.messages import Changed, Topic
from mlops_tui.tui.shell import Shell

R = TypeVar("R")


def _nothing(*_: object) -> None:
    """Do nothing: the default of a hook that a write does not need."""


def _no_words(*_: object) -> str:
    return ""


@dataclass(frozen=True, kw_only=True)
class Write(Generic[R]):
    """An optimistic update with confirmation, rollback and undo.

    ``call`` asks the service. Until it answers, ``optimistic`` shows the expected result;
    ``confirm`` then shows the service's answer, and ``revert`` restores what was shown when the
    service refuses. ``undo`` returns the write that takes this one back, if there is one. ``done``
    says what was done when that depends on the answer, ``remaining`` what was not done, and why.
    ``on_unreachable`` runs when the store could not be reached, so that nothing was done.
    """

    title: str
    topic: Topic
    call: Callable[[], Coroutine[Any, Any, R]]
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
    """Do the write; return the service's answer, or None when it refused."""
    screen.shell.stop_awaiting()
    write.optimistic()
    try:
        answer = await write.call()
    except ServiceError as error:
        write.revert()
        screen.complain(error)
        if isinstance(error, Unreachable):
            write.on_unreachable()
        return None
    write.confirm(answer)
    screen.shell.changed.publish(Changed(write.topic))
    hint = ""
    if write.undo:
        screen.shell.undo_stack.append(write.undo(answer))
        hint = " u undoes it."
    screen.tell(f"{write.done(answer) or write.title + '.'}{hint}")
    if remaining := write.remaining(answer):
        screen.complain(ServiceError(remaining))
    return answer
