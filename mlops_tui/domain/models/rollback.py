"""What was in a stage, or under an alias, before what is there now."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.domain.models.registry_event import EventKind, RegistryEvent
from mlops_tui.domain.models.stage import Stage
from mlops_tui.domain.models.transition import (
    PREVIOUS,
    AliasChange,
    StageChange,
    Transition,
    previous_change,
)

Holders = tuple[str, ...]
"""Versions in a stage, or the one that an alias points at."""


@dataclass(frozen=True, slots=True)
class Held:
    """Which versions a change left in a stage; ``goes_back`` if it was a rollback of that stage."""

    holders: Holders
    event: RegistryEvent
    goes_back: bool = False


@dataclass(frozen=True, slots=True)
class Rollback:
    """Brings back to a stage (``Production``) or an alias (``@champion``) what was there before."""

    model: str
    subject: str
    now: Holders
    before: Holders
    gone: Holders = ()
    """Versions that were there in between, and have been deleted."""
    event: RegistryEvent | None = None
    """The change by which those that come back had come; None where it is not recorded."""
    transition: Transition | None = None
    """What is done, of a stage."""
    alias: AliasChange | None = None
    """The same, of an alias."""

    def describe(self) -> str:
        """Say what will change."""
        if self.transition is not None:
            return self.transition.describe()
        return self.alias.describe() if self.alias else ""


def held_before(history: Iterable[Held], now: Holders) -> list[Held]:
    """Return what was there before, the latest first; ``history`` is told from the first on.

    What a rollback, or an undo, took away does not count: two rollbacks in a row go two steps back.
    """
    stack: list[Held] = []
    for each in history:
        if not each.holders or (stack and stack[-1].holders == each.holders):
            continue
        below = [one.holders for one in stack]
        if each.goes_back and each.holders in below:
            del stack[len(below) - below[::-1].index(each.holders) :]
        elif below[-2:-1] == [each.holders]:
            stack.pop()
        else:
            stack.append(each)
    return [one for one in reversed(stack) if set(one.holders) != set(now)]


def rollback_of(
    versions: Sequence[ModelVersion], model: str, subject: str, history: Iterable[Held]
) -> Rollback | None:
    """Return how what was there before comes back; None where nothing was, or nothing is left.

    What is there now may have been moved elsewhere, without an event: it is the end of the history.
    """
    present = {one.version for one in versions}
    now = holders_of(versions, subject)
    gone: list[str] = []
    known = list(history)
    moved = RegistryEvent(model, EventKind.STAGE)
    present_state = Held(tuple(sorted(now, key=int)), moved)
    for each in held_before([*known, present_state], now):
        kept = tuple(number for number in each.holders if number in present)
        gone += [number for number in each.holders if number not in present]
        if kept and set(kept) != set(now):
            return _planned(versions, model, subject, kept, tuple(gone), each.event)
    previous = holders_of(versions, f"@{PREVIOUS}")
    is_unknown = not any(each.holders for each in known)
    if subject == Stage.PRODUCTION and is_unknown and previous and previous != now:
        return _planned(versions, model, subject, previous, tuple(gone), None)
    return None


def holders_of(versions: Iterable[ModelVersion], subject: str) -> Holders:
    """Return the versions that are in a stage, or under an alias, now."""
    if subject.startswith("@"):
        return tuple(one.version for one in versions if subject[1:] in one.aliases)
    return tuple(one.version for one in versions if one.stage == subject)


def _planned(
    versions: Sequence[ModelVersion],
    model: str,
    subject: str,
    before: Holders,
    gone: Holders,
    event: RegistryEvent | None,
) -> Rollback:
    now = holders_of(versions, subject)
    found = Rollback(model, subject, now, before, gone, event)
    if subject.startswith("@"):
        return replace(found, alias=AliasChange(subject[1:], "".join(now[:1]), before[0]))
    stage = Stage(subject)
    come = [StageChange(v.version, v.stage, stage) for v in versions if v.version in before]
    leave = [StageChange(number, stage, Stage.ARCHIVED) for number in now if number not in before]
    changes = tuple(change for change in (*come, *leave) if change.before != change.after)
    aliases = previous_change(versions, changes) if leave else ()
    return replace(found, transition=Transition(model, changes, aliases))
