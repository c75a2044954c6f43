"""What a registered model was like after a change, in few characters, to see later changes by."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from itertools import groupby, islice

from mlops_tui.domain.models.model import ModelVersion, RegisteredModel
from mlops_tui.domain.models.registry_event import EventKind, RegistryEvent, shortened
from mlops_tui.domain.models.stage import Stage

LONGEST_STATE = 4_500
"""Characters of a state as text: MLflow before 2.0 kept 5,000 of a tag."""

MOST_VERSIONS = 100_000
"""Versions of a state that are read: a few characters can name any number of them."""

LONGEST_NUMBER = 18
"""Digits of a version."""

MOST_SEEN = 20
"""Changes made elsewhere that are told one by one at a look."""


@dataclass(frozen=True, slots=True)
class ModelState:
    """Stages, aliases and descriptions of a model; versions below ``oldest`` are left out."""

    name: str
    stages: Mapping[int, str] = field(default_factory=dict)
    """Version to stage."""
    aliases: Mapping[str, str] | None = field(default_factory=dict)
    """Alias to version; None where they were too many to be kept."""
    described: Mapping[int, str] = field(default_factory=dict)
    """Version (0 is the model itself) to a digest of its description, unless that is empty."""
    oldest: int = 0

    def holders(self, subject: str) -> tuple[str, ...]:
        """Return the versions in a stage, or (``@alias``) the one that an alias points at."""
        if subject.startswith("@"):
            found = (self.aliases or {}).get(subject[1:])
            return (found,) if found else ()
        return tuple(str(number) for number, stage in self.stages.items() if stage == subject)

    def as_text(self, limit: int = LONGEST_STATE) -> str:
        """Return the state as JSON of at most so many characters; the oldest versions go first."""
        text = _json(self)
        newest = sorted(self.stages, reverse=True)
        kept = len(newest)
        while len(text) > limit and kept:
            kept //= 2
            text = _json(self._since(newest[kept - 1] if kept else _next(newest)))
        if len(text) > limit:
            text = _json(replace(self._since(_next(newest)), aliases=None))
        return text

    def _since(self, oldest: int) -> "ModelState":
        return replace(
            self,
            stages={number: stage for number, stage in self.stages.items() if number >= oldest},
            described={n: digest for n, digest in self.described.items() if n >= oldest or not n},
            oldest=oldest,
        )


def state_of(model: RegisteredModel, versions: Iterable[ModelVersion]) -> ModelState:
    """Return the state of a model with all of its versions."""
    known = list(versions)
    texts = {0: model.description, **{int(one.version): one.description for one in known}}
    return ModelState(
        model.name,
        {int(one.version): one.stage.value for one in known},
        dict(model.aliases),
        {number: digest(text) for number, text in texts.items() if text},
    )


def digest(text: str) -> str:
    """Return a few characters that differ when the text does."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8] if text else ""


def state_from(text: str) -> ModelState | None:
    """Return the state that a text tells, None where it is none of ours."""
    try:
        found = json.loads(text)
        aliases = found["aliases"]
        numbers = ((n, stage) for stage, ns in found["stages"].items() for n in _numbers(ns))
        stages = {n: str(stage) for n, stage in islice(numbers, MOST_VERSIONS)}
        return ModelState(
            str(found["name"]),
            stages,
            None if aliases is None else {str(key): str(int(to)) for key, to in aliases.items()},
            {int(number): str(sign) for number, sign in found["described"].items()},
            int(found["oldest"]),
        )
    except (AttributeError, KeyError, OverflowError, RecursionError, TypeError, ValueError):
        return None


def is_done(event: RegistryEvent, now: ModelState) -> bool | None:
    """Return whether a model is as a change was to make it; None where that cannot be told."""
    number = int(event.version[:LONGEST_NUMBER]) if event.version.isdecimal() else 0
    done: bool | None = None
    match event.kind:
        case EventKind.STAGE:
            done = now.stages.get(number) == event.after and _also_done(event.also, now)
        case EventKind.ALIAS:
            done = (now.aliases or {}).get(event.subject, "") == event.after
        case EventKind.ROLLBACK:
            came_back = set(now.holders(event.subject)) == set(event.after.split(","))
            done = came_back and _also_done(event.also, now)
        case EventKind.DELETED:
            done = bool(number) and number not in now.stages
        case EventKind.RENAMED:
            done = now.name == event.after
        case EventKind.DESCRIPTION if event.after == shortened(event.after):
            done = now.described.get(number, "") == digest(event.after)
    return done


def _also_done(also: str, now: ModelState) -> bool | None:
    """Return whether that was done which was to change along; None where it cannot be told."""
    for part in filter(None, also.split("; ")):
        moved = re.fullmatch(r"v(\d{1,18}): \w+ → (\w+)", part)
        pointed = re.fullmatch(r"@([\w-]+)(?: → v(\d+)| removed)", part)
        if moved:
            done = now.stages.get(int(moved[1])) == moved[2]
        elif pointed:
            done = (now.aliases or {}).get(pointed[1], "") == (pointed[2] or "")
        else:
            return None
        if not done:
            return False
    return True


def changes_between(
    before: ModelState, now: ModelState, texts: Mapping[int, str]
) -> tuple[RegistryEvent, ...]:
    """Return what was changed, one event each; ``texts`` are the descriptions now."""
    found = [*_stage_changes(before, now), *_alias_changes(before, now)]
    oldest = max(before.oldest, now.oldest)
    for number in sorted({*before.described, *now.described}):
        if number and (number < oldest or number not in before.stages or number not in now.stages):
            continue
        if before.described.get(number) != now.described.get(number):
            version, text = str(number or ""), shortened(texts.get(number, ""))
            found.append(RegistryEvent(now.name, EventKind.DESCRIPTION, version, after=text))
    if before.name != now.name:
        renamed = RegistryEvent(now.name, EventKind.RENAMED, before=before.name, after=now.name)
        found.insert(0, renamed)
    return _not_too_many(found)


def _stage_changes(before: ModelState, now: ModelState) -> Iterator[RegistryEvent]:
    oldest = max(before.oldest, now.oldest)
    for number in sorted({*before.stages, *now.stages}):
        was, stage, version = before.stages.get(number), now.stages.get(number), str(number)
        if number < oldest or was == stage:
            continue
        if stage is None:
            yield RegistryEvent(now.name, EventKind.DELETED, version, before=was or "")
            continue
        if was is None:
            yield RegistryEvent(now.name, EventKind.REGISTERED, version)
        if (was or Stage.NONE) != stage:
            yield RegistryEvent(
                now.name, EventKind.STAGE, version, before=was or Stage.NONE, after=stage
            )


def _alias_changes(before: ModelState, now: ModelState) -> Iterator[RegistryEvent]:
    if before.aliases is None or now.aliases is None:
        return
    for alias in sorted({*before.aliases, *now.aliases}):
        was, to = before.aliases.get(alias, ""), now.aliases.get(alias, "")
        if was != to:
            yield RegistryEvent(now.name, EventKind.ALIAS, to or was, alias, was, to)


def _not_too_many(found: Sequence[RegistryEvent]) -> tuple[RegistryEvent, ...]:
    if len(found) <= MOST_SEEN:
        return tuple(found)
    *kept, last = found[:MOST_SEEN]
    more = f"{len(found) - MOST_SEEN:,} more changes seen at the same time"
    return (*kept, replace(last, also="; ".join(filter(None, (last.also, more)))))


def _next(newest: Sequence[int]) -> int:
    return newest[0] + 1 if newest else 1


def _json(state: ModelState) -> str:
    by_stage: dict[str, list[int]] = {}
    for number, stage in sorted(state.stages.items()):
        by_stage.setdefault(stage, []).append(number)
    return json.dumps(
        {
            "name": state.name,
            "stages": {stage: _ranges(numbers) for stage, numbers in by_stage.items()},
            "aliases": state.aliases if state.aliases is None else dict(state.aliases),
            "described": dict(state.described),
            "oldest": state.oldest,
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )


def _ranges(numbers: Sequence[int]) -> str:
    """Return ascending numbers as in "1-3,5"."""
    runs = groupby(enumerate(numbers), lambda pair: pair[1] - pair[0])
    parts = [[number for _, number in run] for _, run in runs]
    return ",".join(str(p[0]) if len(p) == 1 else f"{p[0]}-{p[-1]}" for p in parts)


def _numbers(ranges: str) -> Iterator[int]:
    for part in filter(None, ranges.split(",")):
        first, _, last = part.partition("-")
        yield from range(int(first), int(last or first) + 1)
