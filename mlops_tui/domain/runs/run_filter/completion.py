"""How a filter that is being typed may go on."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from mlops_tui.domain.runs.run_attributes import NAMES, attribute_name
from mlops_tui.domain.runs.run_filter.expression import Kind
from mlops_tui.domain.runs.run_filter.vocabulary import Vocabulary

LAST_TERM = re.compile(r"(?:^|[\s(|])-?(?P<term>(?:\"[^\"]*\"|[^\s|(\"])*)$")
"""What stands after the last blank that is not in quotes."""

KEY = re.compile(
    r"(?P<has>has:)?(?:(?P<kind>metric|param|tag|attribute)s?:)?(?P<key>[^=<>!~:\"]*)",
    re.IGNORECASE,
)
VALUE = re.compile(
    r"(?:(?P<kind>metric|param|tag|attribute)s?:)?(?:\"(?P<quoted>[^\"]*)\"|(?P<key>[^=<>!~:\"]+))"
    r"(?:!=|==|=|:)(?:[^,]*,)*(?P<value>[^,]*)",
    re.IGNORECASE,
)

PREFIXES = ("status:", "name:", "user:", "has:", "param:", "metric:", "tag:")

BARE = re.compile(r"[^\s=<>!~:|()\"',/*?-][^\s=<>!~:|()\"',*?]*")
"""What needs no quotes."""

MOST = 20

LONGEST = 2_000
"""Characters; nothing is offered for a longer text, which would be looked through at each key."""


@dataclass(frozen=True, slots=True)
class Completion:
    """A key or value, with what the whole text becomes by it."""

    term: str
    text: str


def completions(text: str, known: Vocabulary) -> tuple[Completion, ...]:
    """Return what a text may become, the likeliest first."""
    found = LAST_TERM.search(text) if len(text) <= LONGEST else None
    if not found or not found["term"]:
        return ()
    term, start = found["term"], found.start("term")
    as_key, as_value = KEY.fullmatch(term), VALUE.fullmatch(term)
    if as_key:
        candidates = tuple(_keys(known, _kind(as_key["kind"]), is_first=not as_key["has"]))
        typed, before = as_key["key"], start + as_key.start("key")
    elif as_value:
        key = as_value["quoted"] or attribute_name(as_value["key"]) or as_value["key"]
        candidates = known.values_of(key, _kind(as_value["kind"]))
        typed, before = as_value["value"], start + as_value.start("value")
    else:
        return ()
    fitting = islice(_fitting(typed, candidates), MOST)
    return tuple(Completion(each, text[:before] + each) for each in fitting)


def _kind(name: str | None) -> Kind | None:
    return Kind(name.lower()) if name else None


def _keys(known: Vocabulary, kind: Kind | None, *, is_first: bool) -> Iterator[str]:
    """Yield what a key may be; ``is_first`` where prefixes may stand, too."""
    kinds = (Kind.METRIC, Kind.PARAM, Kind.TAG) if kind is None else (kind,)
    for each in kinds:
        yield from known.keys.get(each, ())
    if kind is None and is_first:
        yield from PREFIXES
        yield from (name for name in NAMES if f"{name}:" not in PREFIXES)


def _fitting(typed: str, candidates: Iterable[str]) -> Iterator[str]:
    """Yield the candidates that begin with what is typed, then those that contain it."""
    wanted = typed.casefold()
    known = list(dict.fromkeys(candidates))
    begin = [each for each in known if each.casefold().startswith(wanted) and each != typed]
    contain = [each for each in known if wanted in each.casefold()[1:] and each not in begin]
    for each in (*begin, *contain) if wanted else begin:
        if each in PREFIXES or BARE.fullmatch(each):
            yield each
        elif '"' not in each:
            yield f'"{each}"'
