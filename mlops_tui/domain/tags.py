"""Tags as people type them."""

import json
import re
from collections.abc import Iterator, Mapping

LONGEST_VALUE = 8_000
"""Characters of a tag's value; MLflow cuts off what is longer without a word."""

PAIR = re.compile(r'\s*([^=,"]*?)\s*(?:=\s*("(?:[^"\\]|\\.)*"|[^",][^,]*?|)\s*)?(?:,|$)')
"""A key, maybe with a value; the value in quotes (as in JSON) where it needs them."""

PLAIN = re.compile(r'[^\s",\x00-\x1f\x7f](?:[^,\x00-\x1f\x7f]*[^\s,\x00-\x1f\x7f])?|')
"""A value that is read back as it is without quotes."""


def parse_tags(text: str) -> dict[str, str]:
    """Return the tags of ``key=value, key="a, b"``; raises ``ValueError`` with the reason."""
    tags: dict[str, str] = {}
    for key, value in _pairs(text):
        if not key or value is None:
            raise ValueError(f"A tag is key=value, not {_shown(key, value)!r}.")
        tags[key] = value
    return tags


def parse_tag_changes(text: str) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return the tags to be set by ``key=value`` with those to be removed by ``-key``."""
    changed: dict[str, str] = {}
    removed: list[str] = []
    for key, value in _pairs(text):
        if value is None and key.startswith("-") and key.strip("- "):
            removed.append(key[1:].strip())
        elif key and value is not None:
            changed[key] = value
        else:
            raise ValueError(f"It is key=value or -key, not {_shown(key, value)!r}.")
    return changed, tuple(removed)


def tags_text(tags: Mapping[str, str]) -> str:
    """Return the tags as they can be typed."""
    return ", ".join(f"{key}={_quoted(value)}" for key, value in tags.items())


def tag_changes(
    before: Mapping[str, str], after: Mapping[str, str]
) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return the tags to be set with those to be removed."""
    changed = {key: value for key, value in after.items() if before.get(key) != value}
    return changed, tuple(key for key in before if key not in after)


def _pairs(text: str) -> Iterator[tuple[str, str | None]]:
    """Return each key with its value, None where there is no sign between them."""
    place = 0
    while place < len(text):
        found = PAIR.match(text, place)
        if found is None:
            raise ValueError(f'A tag is key=value or key="a, b", not {text[place:].strip()!r}.')
        place = found.end()
        key, value = found[1], found[2]
        if key or value is not None:
            yield key, _unquoted(value) if value else value


def _quoted(value: str) -> str:
    return value if PLAIN.fullmatch(value) else json.dumps(value, ensure_ascii=False)


def _unquoted(value: str) -> str:
    if not value.startswith('"'):
        return value
    try:
        return str(json.loads(value))
    except ValueError:
        raise ValueError(f"The quotes of {value} do not hold a text.") from None


def _shown(key: str, value: str | None) -> str:
    return key if value is None else f"{key}={value}"
