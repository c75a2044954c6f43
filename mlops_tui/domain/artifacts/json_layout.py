"""JSON laid out for reading, also where only its beginning is there."""

import re
from collections.abc import Iterator, Sequence

WORD = re.compile(r'"(?:[^"\\]|\\.)*"?|[\[\]{}:,]|[^\s\[\]{}:,"]+')
"""A string (the last one may lack its end), a sign, or a literal."""

WIDTH = 76
"""A list or an object that fits into so many characters stays on its line."""

DEEPEST = 30
"""Levels that are indented; whatever is nested deeper stands below those."""

CLOSING = {"[": "]", "{": "}"}


def lay_out(text: str) -> str:
    """Return the text with line ends and indentation of its own.

    Nothing is parsed, so that every number, name and ``NaN`` stays as it was written.
    """
    return "".join(_pieces(WORD.findall(text)))


def _pieces(words: Sequence[str]) -> Iterator[str]:
    depth = place = 0
    while place < len(words):
        word = words[place]
        if word in CLOSING:
            length = _length_on_a_line(words, place)
            if length:
                yield _on_a_line(words[place : place + length])
                place += length
                continue
            if word == "[" and _is_flat(words, place):
                length, filled = _filled(words, place, depth + 1)
                yield filled
                place += length
                continue
            depth += 1
            yield word + _new_line(depth)
        elif word in CLOSING.values():
            depth = max(0, depth - 1)
            yield _new_line(depth) + word
        elif word == ",":
            yield word + _new_line(depth)
        else:
            yield ": " if word == ":" else word
        place += 1


def _length_on_a_line(words: Sequence[str], start: int) -> int:
    """Return how many words a short list or object has that holds no other, 0 for a longer one."""
    width = 0
    for place in range(start + 1, len(words)):
        word = words[place]
        width += len(word) + (word in ",:")
        if word == CLOSING[words[start]]:
            return place - start + 1
        if width > WIDTH or word in CLOSING:
            break
    return 0


def _is_flat(words: Sequence[str], start: int) -> bool:
    """Return whether a list holds neither a list nor an object."""
    for place in range(start + 1, len(words)):
        if words[place] in CLOSING or words[place] == "]":
            return words[place] == "]"
    return True


def _filled(words: Sequence[str], start: int, depth: int) -> tuple[int, str]:
    """Return how many words a long flat list has, with its text: as much as fits on each line."""
    margin = _new_line(depth)
    lines, line = ["["], ""
    place = start + 1
    while place < len(words) and words[place] != "]":
        if words[place] != "," and len(line) + len(words[place]) > WIDTH:
            lines.append(line.rstrip())
            line = ""
        line += f"{words[place]} " if words[place] == "," else words[place]
        place += 1
    lines.append(line.rstrip())
    ending = f"{_new_line(depth - 1)}]" if place < len(words) else ""
    return place - start + 1, margin.join(lines) + ending


def _on_a_line(words: Sequence[str]) -> str:
    return "".join(f"{word} " if word in (",", ":") else word for word in words)


def _new_line(depth: int) -> str:
    return "\n" + "  " * min(depth, DEEPEST)
