"""Tags as people type them."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping

from mlops_tui.domain.plain_text import one_line

LONGEST_VALUE = 8_000
"""Characters of a tag's value; MLflow cuts off what is longer without a word."""

SHOWN = 60
"""Characters of a tag in a sentence."""

PAIR = re.compile(
    r'[^\S\n]*([^=,"\n]*?)[^\S\n]*'
    r'(?:=[^\S\n]*("(?:[^"\\]|\\.)*"|[^",\n][^,\n]*?|)[^\S\n]*)?(?:[,\n]|\Z)'
)
"""A key, maybe with a value; the value in quotes (as in JSON) where it needs them."""

PLAIN = re.compile(
    r'[^\s",\x00-\x1f\x7f](?:[^,\x00-\x1f\x7f\x85\u2028\u2029]*[^\s,\x00-\x1f\x7f])?|'
)
"""A value that is read back as it is without quotes."""

LINE_ENDS = {ord(end): f"\\u{ord(end):04x}" for end in "\x7f\x85\u2028\u2029"}
"""What a text field takes for the end of a line, as JSON writes it."""

KEPT = ("mlflow.", "mlops_tui.")
"""How the keys begin which MLflow and this app keep themselves."""


def own_tags(tags: Mapping[str, str]) -> dict[str, str]:
    """Return the tags that people set, without MLflow's and the app's."""
    return {key: value for key, value in tags.items() if not key.startswith(KEPT)}


def parse_tags(text: str) -> dict[str, str]:
    """Return the tags of ``key=value``, one a line or with commas between them.

    Raises ``ValueError`` with the reason.
    """
    tags: dict[str, str] = {}
    for key, value in _pairs(text):
        if not key or value is None:
            raise ValueError(f"A tag is key=value, not {_shown(key, value)!r}.")
        if tags.get(key, value) != value:
            raise ValueError(f"{key} stands there twice, with two values.")
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
    return ", ".join(_pair_texts(tags))


def tag_lines(tags: Mapping[str, str]) -> str:
    """Return the tags as they can be typed, one a line, with an empty line for the next."""
    return "".join(f"{pair}\n" for pair in _pair_texts(tags))


def kept_problem(keys: Iterable[str], removed: Iterable[str]) -> str:
    """Say which tag is not the person's to set, or to remove; nothing when all are."""
    ours = next((key for key in keys if key.startswith("mlops_tui.")), None)
    if ours:
        return f"{ours} is kept by mlops-tui: it cannot be changed here."
    theirs = next((key for key in removed if key.startswith(KEPT)), None)
    return f"{theirs} is not removed: MLflow needs it." if theirs else ""


def describe_tag_changes(
    before: Mapping[str, str], changed: Mapping[str, str], removed: Iterable[str]
) -> str:
    """Say which tags are removed and which are set; nothing when none is."""
    lost = {key: before.get(key, "") for key in removed}
    parts = [f"Removes {', '.join(_named(lost))}."] if lost else []
    parts += [f"Sets {', '.join(_named(changed))}."] if changed else []
    return " ".join(parts)


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


def _pair_texts(tags: Mapping[str, str]) -> Iterator[str]:
    return (f"{key}={_quoted(value)}" for key, value in tags.items())


def _named(tags: Mapping[str, str]) -> Iterator[str]:
    return (one_line(f"{key}={value}" if value else key, SHOWN) for key, value in tags.items())


def _quoted(value: str) -> str:
    if PLAIN.fullmatch(value):
        return value
    return json.dumps(value, ensure_ascii=False).translate(LINE_ENDS)


def _unquoted(value: str) -> str:
    if not value.startswith('"'):
        return value
    try:
        return str(json.loads(value))
    except ValueError:
        raise ValueError(f"The quotes of {value} do not hold a text.") from None


def _shown(key: str, value: str | None) -> str:
    return key if value is None else f"{key}={value}"
