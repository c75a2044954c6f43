"""The one shape of every write."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from mlops_tui.domain.errors import ServiceError, Unreachable
from mlops_tui.tui.kit.messages import Changed, Topic

if TYPE_CHECKING:
    from mlops_tui.tui.kit.control_screen import ControlScreen

R = TypeVar("R")


def _nothing(*_: object) -> None:
    """Do nothing; the hook of a write that needs none."""


def _no_words(*_: object) -> str:
    return ""


@dataclass(frozen=True, kw_only=True)
class Write(Generic[R]):
    """A change, from the hope on the screen to the truth of the server.

    ``call`` asks the service. ``hope`` shows what is hoped for, ``revert`` takes that back when the
    service refuses, ``truth`` shows what the service answered. ``undo`` makes the write that takes
    this one back, where there is one. ``done`` says what was done where that depends on the
    answer, ``left`` what was not, and why. ``unreached`` is for the case that the store did not
    answer, so that nothing was done.
    """

    title: str
    topic: Topic
    call: Callable[[], Coroutine[Any, Any, R]]
    hope: Callable[[], None] = _nothing
    revert: Callable[[], None] = _nothing
    truth: Callable[[R], None] = _nothing
    undo: Callable[[R], "Write[Any]"] | None = None
    done: Callable[[R], str] = _no_words
    left: Callable[[R], str] = _no_words
    unreached: Callable[[], None] = _nothing


async def carry_out(screen: "ControlScreen", write: Write[R]) -> R | None:
    """Do the write; return what the service answered, None when it refused."""
    screen.shell.stop_awaiting()
    write.hope()
    try:
        answer = await write.call()
    except ServiceError as error:
        write.revert()
        screen.complain(error)
        if isinstance(error, Unreachable):
            write.unreached()
        return None
    write.truth(answer)
    screen.shell.changed.publish(Changed(write.topic))
    hint = ""
    if write.undo:
        screen.shell.undo_stack.append(write.undo(answer))
        hint = " u undoes it."
    screen.tell(f"{write.done(answer) or write.title + '.'}{hint}")
    if left := write.left(answer):
        screen.complain(ServiceError(left))
    return answer
