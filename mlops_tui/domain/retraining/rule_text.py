"""A rule as the TOML text that MLflow keeps in a tag of the registered model."""

import json
import tomllib
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from math import isfinite

from mlops_tui.domain.errors import InvalidInput
from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.retraining.retraining_rule import (
    BAND,
    Arrow,
    Conditions,
    Floor,
    Launch,
    Paused,
    RetrainingRule,
)
from mlops_tui.domain.retraining.schedule import Schedule, parse_schedule

LONGEST = 5_000
"""Characters: what MLflow promises to keep in a tag of a registered model."""
LARGEST = 2**53
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)
Check = Callable[[object], object]


def _whole(least: int, most: int) -> Check:
    def check(value: object) -> int:
        is_whole = isinstance(value, int) and not isinstance(value, bool)
        if not is_whole or not least <= int(str(value)) <= most:
            raise ValueError(f"must be a whole number from {least:,} to {most:,}")
        return int(str(value))

    return check


def _number(least: float, most: float) -> Check:
    def check(value: object) -> float:
        found = number_of(value)
        if found is None or not least <= found <= most:
            raise ValueError(f"must be a number from {least:g} to {most:g}")
        return found

    return check


def number_of(value: object) -> float | None:
    """Return a finite number, None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return float(value) if isfinite(value) else None
    except OverflowError:
        return None


def _floor(value: object) -> Floor:
    found = number_of(value)
    if value != BAND and found is None:
        raise ValueError(f'must be a number or "{BAND}"')
    return BAND if found is None else found


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("must be a text that is not empty")
    return value.strip()


def _schedule(value: object) -> Schedule:
    return parse_schedule(_text(value))


def _time(value: object) -> int:
    """Return a time in ms since the epoch; a number is one already."""
    if isinstance(value, datetime) and value.tzinfo is not None:
        value = (value - EPOCH) // MILLISECOND
    try:
        return int(str(_whole(0, LARGEST)(value)))
    except ValueError:
        raise ValueError("must be a time after 1970 such as 2026-01-31T18:00:00Z") from None


def _arrows(value: object) -> frozenset[Arrow]:
    known = [arrow.value for arrow in Arrow]
    if not isinstance(value, list) or any(each not in known for each in value):
        raise ValueError(f"must be a list of some of {', '.join(known)}")
    return frozenset(map(Arrow, value))


def _paused(value: object) -> Paused:
    known = [each.value for each in Paused]
    if value not in known:
        raise ValueError(f"must be one of {', '.join(map(repr, known))}")
    return Paused(value)


CONDITIONS: Mapping[str, Check] = {
    "drift_share": _number(0, 1),
    "realised_below": _floor,
    "estimated_below": _floor,
    "labelled_rows": _whole(1, LARGEST),
    "new_rows": _whole(1, LARGEST),
    "age_days": _number(0.01, 36_500),
    "every": _schedule,
}
OPTIONS: Mapping[str, tuple[str, Check]] = {
    "k": ("k", _whole(1, 1_000)),
    "of": ("m", _whole(1, 1_000)),
    "minimum_rows": ("minimum_n", _whole(0, LARGEST)),
    "minimum_labels": ("minimum_labels", _whole(0, LARGEST)),
    "cool_down_days": ("cool_down_days", _number(0, 36_500)),
    "at_most_per_week": ("at_most_per_week", _whole(1, 10_000)),
    "stop_after_failures": ("stop_after", _whole(1, 1_000)),
    "without_asking": ("given_away", _arrows),
    "paused": ("paused", _paused),
    "since": ("since", _time),
}
"""Key of the TOML text to the field of a rule, with what checks its value."""
NEEDED = {
    "launch": "It names the job, or its run, that is launched again.",
    "argument": "It names the parameter of that job that takes the data.",
    "monitor": "It names the monitor whose chunks are looked at.",
}
"""The keys that every rule has, with what they are for."""
KEYS = (*NEEDED, *CONDITIONS, *OPTIONS)


def parse_rule(model: str, text: str) -> RetrainingRule:
    """Return the rule of a TOML text. Raises ``InvalidInput`` with the key that is wrong."""
    if len(text) > LONGEST:
        raise InvalidInput(
            f"The rule has {len(text):,} characters; MLflow keeps {LONGEST:,} at most."
        )
    try:
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        raise InvalidInput(f"The rule is not valid TOML: {one_line(str(error), 200)}.") from None
    return rule_of(model, table)


def rule_of(model: str, table: Mapping[str, object]) -> RetrainingRule:
    """Return the rule of a table of keys and values. Raises ``InvalidInput``."""
    unknown = sorted(table.keys() - set(KEYS))
    if unknown:
        known = ", ".join(KEYS)
        raise InvalidInput(f"{one_line(unknown[0], 60)} is unknown here.", f"A rule takes {known}.")
    checks = {**dict.fromkeys(NEEDED, _text), **CONDITIONS}
    checks |= {key: check for key, (_, check) in OPTIONS.items()}
    found: dict[str, object] = {}
    for key, value in table.items():
        try:
            found[key] = checks[key](value)
        except ValueError as error:
            raise InvalidInput(f"{key} {error}, got {one_line(repr(value), 60)}.") from None
    _refuse_parts(found)
    conditions = {key: found[key] for key in CONDITIONS if key in found}
    options = {name: found[key] for key, (name, _) in OPTIONS.items() if key in found}
    return RetrainingRule(
        model,
        Launch(str(found["launch"]), str(found["argument"])),
        Conditions(**conditions),  # type: ignore[arg-type]
        str(found["monitor"]),
        **options,  # type: ignore[arg-type]
    )


def _refuse_parts(found: Mapping[str, object]) -> None:
    """Raise ``InvalidInput`` where keys are missing, or do not fit together."""
    missing = next((key for key in NEEDED if key not in found), "")
    if missing:
        raise InvalidInput(f"{missing} is missing.", NEEDED[missing])
    if not CONDITIONS.keys() & found.keys():
        raise InvalidInput(
            "The rule has no condition.", f"Give at least one of {', '.join(CONDITIONS)}."
        )
    k, m = found.get("k", 1), found.get("of", found.get("k", 1))
    if int(str(k)) > int(str(m)):
        raise InvalidInput(f"k is {k}, more than the {m} chunks of which it counts.")


def as_toml(rule: RetrainingRule) -> str:
    """Return the text that ``parse_rule`` reads; what is as by default is left out."""
    return "".join(f"{key} = {_toml(value)}\n" for key, value in table_of(rule).items())


def table_of(rule: RetrainingRule) -> dict[str, object]:
    """Return the keys and values that ``rule_of`` takes: a schedule as text, times as TOML's."""
    values: dict[str, object] = {"launch": rule.launch.source, "argument": rule.launch.argument}
    values["monitor"] = rule.monitor_id
    for key in CONDITIONS:
        value = getattr(rule.conditions, key)
        if value is not None:
            values[key] = value.text if isinstance(value, Schedule) else value
    usual = {field.name: field.default for field in fields(RetrainingRule)}
    for key, (name, _) in OPTIONS.items():
        value = getattr(rule, name)
        if value != usual[name] and value != frozenset():
            values[key] = value
    with suppress(KeyError, OverflowError):  # no calendar has times that are too late
        values["since"] = EPOCH + int(str(values["since"])) * MILLISECOND
    return values


def _toml(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat(timespec="milliseconds")
    if isinstance(value, frozenset):
        return json.dumps([arrow.value for arrow in Arrow if arrow in value])
    if isinstance(value, str):
        # JSON writes what TOML reads, but for one character.
        return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")
    return repr(value)
