"""What of a job's command is kept out of its record."""

import shlex
from collections.abc import Mapping, Sequence

from mlops_tui.domain.jobs.recipe import Parameter, Value, words
from mlops_tui.domain.processes.running_process import without_secrets
from mlops_tui.domain.secrets import HIDDEN

COMMAND = "MLOPS_TUI_COMMAND"
"""The variable that hands a command with secrets to the job's supervisor, as JSON."""


def hidden_values(
    parameters: Sequence[Parameter], values: Mapping[str, Value | None]
) -> dict[str, Value | None]:
    """Return the values without those that may be secrets."""
    known = {each.name: each for each in parameters}
    return {
        name: HIDDEN if name in known and known[name].hides(value) else value
        for name, value in values.items()
    }


def hidden_words(free: str) -> str:
    """Return the words of a command line, as they were typed where none may be a secret."""
    typed = words(free)
    shown = list(without_secrets(typed))
    return free if shown == typed else shlex.join(shown)
