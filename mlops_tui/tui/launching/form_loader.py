"""How the form of something that can be launched is read anew."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from mlops_tui.domain.jobs.filled_form import FilledForm
from mlops_tui.domain.jobs.launchable import Launchable


@dataclass(frozen=True, slots=True)
class Asking:
    """How a form is read anew: from the program's answer to ``--help``, of another command."""

    help: Callable[[Launchable], Awaitable[Launchable]]
    command: Callable[[Launchable, str], Awaitable[FilledForm]]
