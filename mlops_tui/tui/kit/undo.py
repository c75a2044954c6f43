"""Taking back the last change."""

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from mlops_tui.tui.kit.confirm import ConfirmDialog

if TYPE_CHECKING:
    from mlops_tui.tui.kit.control_screen import ControlScreen


async def undo_last(screen: "ControlScreen") -> None:
    """Take back the last change, once the person has seen which."""
    shell = screen.shell
    last = shell.undo_stack[-1]
    question = ConfirmDialog("Undo the last change?", f"{last.title.rstrip('.')}.")
    if await shell.push_screen_wait(question):
        stack = shell.undo_stack
        stack.remove(last)
        await screen.write(replace(last, on_unreachable=partial(stack.append, last)))
