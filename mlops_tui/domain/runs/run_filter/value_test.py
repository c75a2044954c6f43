"""Whether a text or a number is the one looked for."""

import re
from collections.abc import Callable

from mlops_tui.domain.runs.run_filter.amount import number, same
from mlops_tui.domain.runs.run_filter.expression import Form, Value
from mlops_tui.domain.runs.run_filter.timed_pattern import Allowance, compiled

TextTest = Callable[[str], bool]
Found = str | float
"""What a run holds: metrics are numbers, all else is text."""

LONGEST = 2_000
"""Characters that a pattern looks at: some take much longer for a longer text."""

WILD = {"*": ".*", "?": "."}
SEVERAL = re.compile(r"\*+")


def text_test(value: Value, allowance: Allowance, *, whole: bool) -> TextTest:
    """Return a test for texts that are the value, or else contain it. Case never matters.

    It raises ``InvalidInput`` once the patterns have used up their allowance of time.
    """
    if value.form in (Form.PLAIN, Form.QUOTED):
        wanted = value.text.casefold()
        if whole:
            return lambda text: text.casefold() == wanted
        return lambda text: wanted in text.casefold()
    if value.form is Form.REGEX:
        pattern = compiled(value.text)
        return lambda text: allowance.finds(pattern, text[:LONGEST])
    glob = compiled(glob_pattern(value.text), across_lines=True)
    return lambda text: allowance.finds(glob, text[:LONGEST], whole=whole)


def glob_pattern(text: str) -> str:
    """Return the regular expression of a text with ``*`` or ``?`` for anything."""
    text = SEVERAL.sub("*", text)
    return "".join(WILD.get(character) or re.escape(character) for character in text)


def value_test(
    value: Value, allowance: Allowance, *, whole: bool, numeric: bool = True
) -> Callable[[Found], bool]:
    """Return a test for texts or numbers; ``5``, ``5.0``, ``5e0`` are one where ``numeric``."""
    as_text = text_test(value, allowance, whole=whole)
    is_number = numeric and whole and value.form is Form.PLAIN
    wanted = number(value.text) if is_number else None

    def test(found: Found) -> bool:
        if isinstance(found, str):
            if as_text(found):
                return True
            is_one = None if wanted is None else number(found)
            return wanted is not None and is_one is not None and same(is_one, wanted)
        if wanted is not None:
            return same(found, wanted)
        return any(map(as_text, number_texts(found)))

    return test


def number_texts(found: float) -> set[str]:
    """Return how a number is written: short, in full."""
    return {f"{found:g}", repr(found)}
