"""Runs put into the rows of a view."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from statistics import fmean

from mlops_tui.domain.experiments.run_column import RunColumn, reader
from mlops_tui.domain.experiments.run_group import Group, Measure
from mlops_tui.domain.experiments.run_order import sorted_by
from mlops_tui.domain.experiments.run_view import RunView
from mlops_tui.domain.runs.run import Run

NOWHERE = "(none)"
"""The name of the group of runs that have nothing to be grouped by."""


@dataclass(frozen=True, slots=True)
class Rows:
    """The keys of rows in their order: run ids, or the keys of ``groups``.

    ``depths`` holds how deep a row is nested, where it is; ``children`` how many a parent has.
    """

    keys: Sequence[str]
    count: int
    """How many runs passed, shown or folded away."""
    groups: Mapping[str, Group] = field(default_factory=dict)
    depths: Mapping[str, int] = field(default_factory=dict)
    children: Mapping[str, int] = field(default_factory=dict)


def arranged(
    runs: Iterable[Run],
    view: RunView,
    now: float,
    *,
    context: Mapping[str, Run] | None = None,
    passes: Callable[[Run], bool] | None = None,
) -> Rows:
    """Return the rows of runs, given newest first; the pinned ones come first.

    ``passes`` is the test of the view's words. ``context`` holds parents that are not among the
    runs. When runs are nested, their parents are shown above them, whether these pass or not.
    """
    seen = [run for run in runs if run.run_id not in view.hidden]
    passing = seen if passes is None else [run for run in seen if passes(run)]
    found = sorted_by(passing, view.order, now)
    if view.pinned:
        found.sort(key=lambda run: run.run_id not in view.pinned)
    if view.group is not None:
        return _grouped(found, view, now)
    if view.nested:
        beyond = {k: run for k, run in (context or {}).items() if k not in view.hidden}
        return _nested(found, view, beyond | {run.run_id: run for run in seen})
    return Rows([run.run_id for run in found], len(found))


def group_key(column: RunColumn, value: str | None) -> str:
    """Return the key of a group's row: as long as a run's id, the same at each look."""
    text = f"{column}\0{'' if value is None else f'={value}'}"
    return blake2b(text.encode("utf-8", "replace"), digest_size=16).hexdigest()


def _grouped(runs: Sequence[Run], view: RunView, now: float) -> Rows:
    column = view.group
    assert column is not None  # noqa: S101 - for the type checker
    read = reader(column, now)
    members: dict[str | None, list[Run]] = {}
    for run in runs:
        value = read(run)
        members.setdefault(None if value is None else str(value), []).append(run)
    keys: list[str] = []
    groups: dict[str, Group] = {}
    depths: dict[str, int] = {}
    for name, of_group in members.items():
        key = group_key(column, name)
        keys.append(key)
        measures = {each: measure(of_group, each, now) for each in view.measures}
        groups[key] = Group(
            NOWHERE if name is None else name,
            len(of_group),
            {each: found for each, found in measures.items() if found},
        )
        if key not in view.folded:
            keys += (run.run_id for run in of_group)
            depths |= dict.fromkeys((run.run_id for run in of_group), 1)
    return Rows(keys, len(runs), groups, depths)


def measure(runs: Iterable[Run], column: RunColumn, now: float) -> Measure | None:
    """Return what the values of a column come to, None where no run has a number there."""
    read = reader(column, now)
    values = [value for run in runs if isinstance(value := read(run), int | float)]
    if not values:
        return None
    return Measure(len(values), min(values), fmean(values), max(values))


def _nested(runs: Sequence[Run], view: RunView, context: Mapping[str, Run]) -> Rows:
    known = dict.fromkeys(run.run_id for run in runs)
    children, tops = _families(runs, known, context)
    keys: list[str] = []
    depths: dict[str, int] = {}
    seen: set[str] = set()
    # Runs that are each other's parents have no top: they come last.
    for top in (*tops, *known):
        pending = [(top, 0)]
        while pending:
            key, depth = pending.pop()
            if key in seen:
                continue
            seen.add(key)
            keys.append(key)
            if depth:
                depths[key] = depth
            below = children.get(key, ())
            if key in view.folded:
                seen.update(_descendants(key, children))
            else:
                pending += ((child, depth + 1) for child in reversed(below))
    counts = {key: len(of_parent) for key, of_parent in children.items()}
    return Rows(keys, len(runs), depths=depths, children=counts)


def _families(
    runs: Sequence[Run], known: Iterable[str], context: Mapping[str, Run]
) -> tuple[Mapping[str, Sequence[str]], Sequence[str]]:
    """Return the children of each parent, then the runs that have no parent here.

    ``known`` are the ids of the runs. Of the context only what is above one of them is taken.
    """
    children: dict[str, list[str]] = {}
    tops: list[str] = []
    pending, taken = [*reversed(runs)], set(known)
    while pending:
        run = pending.pop()
        parent = context.get(run.parent_id or "")
        if parent is None:
            tops.append(run.run_id)
            continue
        children.setdefault(parent.run_id, []).append(run.run_id)
        if parent.run_id not in taken:
            taken.add(parent.run_id)
            pending.append(parent)
    return children, tops


def _descendants(key: str, children: Mapping[str, Sequence[str]]) -> set[str]:
    found: set[str] = set()
    pending = list(children.get(key, ()))
    while pending:
        each = pending.pop()
        if each not in found:
            found.add(each)
            pending += children.get(each, ())
    return found
