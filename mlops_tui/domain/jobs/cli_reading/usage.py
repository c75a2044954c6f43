"""What the usage of a program names beyond the fields that were read, as docopt's does."""

import re
from collections.abc import Sequence

USAGE = re.compile(r"^usage:(?P<rest>.*(?:\n(?!\s*\n).*)*)", re.IGNORECASE | re.MULTILINE)
PLACE = re.compile(r"(?<![=\w])<([\w\- ]+)>")
WORD = re.compile(r"(?<![\w<\-=.])[a-z][\w\-]*(?![\w>=\-.])")
FLAGS = re.compile(r"--?[\w\-]+(?:[ =](?:<[^>]+>|[A-Z_]+))?")

MOST = 8


def unread_usage(text: str, names: Sequence[str], commands: Sequence[str]) -> str:
    """Say which words of a usage are no fields; nothing where it is not written as docopt's is."""
    found = USAGE.search(text)
    if found is None:
        return ""
    patterns = [line.split() for line in found["rest"].splitlines() if line.strip()]
    is_docopt = "<" in found["rest"] or len({each[0] for each in patterns}) < len(patterns)
    if not patterns or not is_docopt:
        return ""
    known = {name.replace("-", "_").lower() for name in (*names, *commands, "options")}
    words: list[str] = []
    for pattern in patterns:
        line = FLAGS.sub(" ", " ".join(pattern[1:]))
        words += [f"<{each}>" for each in PLACE.findall(line)]
        words += WORD.findall(PLACE.sub(" ", line))
    left = [
        word
        for word in dict.fromkeys(words)
        if word.strip("<>").replace("-", "_").lower() not in known
    ]
    if not left:
        return ""
    more = " …" if len(left) > MOST else ""
    return f"Its usage names more, for the free arguments: {' '.join(left[:MOST])}{more}."
