"""What a person calls a run or an experiment."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from mlops_tui.domain.runs.run import Run
from mlops_tui.domain.runs.run_edit import NAME, NOTE, RunEdit, edit_of
from mlops_tui.domain.tags import LONGEST_VALUE

LONGEST_NAME = 500
"""Characters of an experiment's name; MLflow takes no longer one."""

SAME_NAME, SAME_NOTE, NUMBER = "{name}", "{note}", "{n}"
"""What stands in a pattern for that which each of several runs has; the last for its number."""


@dataclass(frozen=True, slots=True)
class Label:
    """A name with a note in Markdown; for several runs a pattern of both."""

    name: str
    note: str


UNCHANGED = Label(SAME_NAME, SAME_NOTE)
"""The pattern that leaves several runs as they are."""


def label_problem(label: Label) -> str:
    """Say what is wrong with a label; nothing when it is fine."""
    if not label.name.strip():
        return "It needs a name."
    if len(label.name) > LONGEST_NAME:
        return f"The name has {len(label.name):,} characters; {LONGEST_NAME} is the most."
    if len(label.note) > LONGEST_VALUE:
        return f"The note has {len(label.note):,} characters; {LONGEST_VALUE:,} is the most."
    return ""


def label_of(run: Run) -> Label:
    """Return the run's name with its note."""
    return Label(run.name, run.note)


def label_edits(runs: Sequence[Run], label: Label) -> tuple[RunEdit, ...]:
    """Return the edits that label a run, or several by a pattern."""
    edits: list[RunEdit] = []
    for number, run in enumerate(runs, 1):
        own = label if len(runs) == 1 else _filled(label, run, number)
        edits += edit_of(run, NAME, own.name.strip())
        if own.note != run.note:
            edits += edit_of(run, NOTE, own.note or None)
    return tuple(edits)


def _filled(pattern: Label, run: Run, number: int) -> Label:
    values = {SAME_NAME: run.name, SAME_NOTE: run.note, NUMBER: str(number)}

    def fill(text: str) -> str:
        return re.sub(r"\{(?:name|note|n)\}", lambda found: values[found[0]], text)

    return Label(fill(pattern.name), fill(pattern.note))
