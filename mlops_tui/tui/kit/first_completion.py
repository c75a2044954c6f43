"""Suggests the first completion behind the cursor of a text field."""

from collections.abc import Callable, Sequence

from textual.suggester import Suggester

from mlops_tui.domain.plain_text import visible
from mlops_tui.domain.runs.run_filter import Completion

Completer = Callable[[str], Sequence[Completion]]
"""Returns the completions of a text, the likeliest first."""


def one_of(names: Sequence[str]) -> Completer:
    """Return what offers names that exist."""
    return lambda text: [Completion(name, name) for name in names if name.startswith(text)]


class FirstCompletion(Suggester):
    """Suggests the first completion; → takes it."""

    def __init__(self, completer: Completer) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._completer = completer

    async def get_suggestion(self, value: str) -> str | None:
        """Return the first completion that starts with the text and has no invisible characters."""
        texts = (completion.text for completion in self._completer(value))
        drawable = (text for text in texts if visible(text) == text)
        return next((text for text in drawable if text.startswith(value)), None)
