"""Which of the loaded things a typed filter lets through."""

from collections.abc import Callable, Iterable


def matches(text: str, haystack: Iterable[str]) -> bool:
    """Return whether each word of ``text`` occurs in one of the strings, whatever its case.

    A ``|`` between words separates alternatives of which one has to occur.
    """
    return finder(text)(searchable(haystack))


def searchable(haystack: Iterable[str]) -> str:
    """Return strings as a ``finder`` looks through them: one text is searched fastest."""
    return "\n".join(haystack).casefold()


def finder(text: str) -> Callable[[str], bool]:
    """Return the test for ``searchable`` strings in which each word of ``text`` occurs."""
    alternatives = [words.split() for words in f" {text.casefold()} ".split(" | ")]
    wanted = [words for words in alternatives if words]
    return lambda known: not wanted or any(all(map(known.__contains__, w)) for w in wanted)
