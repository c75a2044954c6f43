"""What tells jobs of one program and one name apart."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping

from mlops_tui.domain.jobs.recipe import to_text
from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.processes.process import ProcessRecord

MOST = 4
"""Parameters that are named."""

NUMBERED = re.compile(r"(?P<stem>.+)[-_ ](?P<number>\d{1,3})", re.DOTALL)


def differences(jobs: Iterable[ProcessRecord]) -> dict[str, str]:
    """Return, by job, what it was given that others of its name were not: ``lr=0.01``."""
    groups: defaultdict[tuple[str, ...], list[ProcessRecord]] = defaultdict(list)
    for job in jobs:
        if "target" in job.details:
            details = job.details
            groups[job.title, details["target"], details.get("entry_point", "")].append(job)
    found: dict[str, str] = {}
    for same in groups.values():
        given = {job.process_id: _given(job) for job in same}
        names = dict.fromkeys(name for values in given.values() for name in values)
        counts = {
            name: Counter(values.get(name, "") for values in given.values()) for name in names
        }
        told = [name for name in names if len(counts[name]) > 1]
        for job_id, values in given.items():
            words = [f"{name}={one_line(values[name], 40)}" for name in told if values.get(name)]
            more = " …" if len(words) > MOST else ""
            found[job_id] = " ".join(words[:MOST]) + more
    return {job_id: text for job_id, text in found.items() if text}


def _given(job: ProcessRecord) -> Mapping[str, str]:
    """Return the values of a job, with what was typed beside the fields."""
    values, options = _object(job.details.get("values")), _object(job.details.get("options"))
    known = {str(name): _text(value) for name, value in values.items()}
    return {**known, "arguments": str(options.get("arguments") or "")}


def _text(value: object) -> str:
    return to_text(value) if isinstance(value, int | float | str | bool | None) else str(value)


def _object(text: str | None) -> dict[str, object]:
    try:
        found = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def proposed_name(name: str, taken: Collection[str]) -> str:
    """Return a name for what is launched again: with the next number that is free."""
    plain = re.sub(r"^-m |\.py\b", "", name).strip() or "job"
    found = NUMBERED.fullmatch(plain)
    base, number = (found["stem"], int(found["number"])) if found else (plain, 1)
    while (proposed := f"{base}-{number + 1}") in taken:
        number += 1
    return proposed
