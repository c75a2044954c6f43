"""Why something could not be evaluated."""

LONGEST = 300
"""Characters of what a library says that are passed on."""


class Problem(Exception):  # noqa: N818 - it is no fault of the program
    """A sentence for a person: what was wrong, with what, what to do."""


def in_words(error: BaseException) -> str:
    """Return what an exception says, on one line."""
    words = " ".join(str(error).split())
    name = type(error).__name__
    return f"{name}: {words}"[:LONGEST] if words else name
