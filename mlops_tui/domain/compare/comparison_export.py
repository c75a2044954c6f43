"""A comparison as a file."""

import csv
import json
from collections.abc import Callable, Mapping, Sequence
from io import StringIO
from math import isfinite

from mlops_tui.domain.compare.comparison import Trait
from mlops_tui.domain.metrics.metric_value import is_number
from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.runs.run import Run

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would take for a formula, at the start of a text."""


SHORT = 8
"""Characters of a run's id that tell runs of one name apart."""


def as_csv(runs: Sequence[Run], traits: Sequence[Trait]) -> str:
    """Return a line per trait, a column per run."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["kind", "key", *(_harmless(run.name) for run in runs)])
    writer.writerow(["attribute", "run_id", *(run.run_id for run in runs)])
    for trait in traits:
        values = (_harmless(_text(trait, run)) for run in runs)
        writer.writerow([trait.kind.value, _harmless(trait.key), *values])
    return out.getvalue()


def as_json(runs: Sequence[Run], traits: Sequence[Trait]) -> str:
    """Return an object per run; NaN or infinite values, which JSON does not know, as texts."""
    found = []
    for run in runs:
        values: dict[str, dict[str, object]] = {}
        for trait in traits:
            value = trait.of(run)
            if isinstance(value, float) and not isfinite(value):
                value = str(value)
            if value is not None:
                values.setdefault(f"{trait.kind.value}s", {})[trait.key] = value
        found.append({"run_id": run.run_id, "name": run.name, **values})
    return json.dumps(found, indent=2, ensure_ascii=False) + "\n"


def as_markdown(runs: Sequence[Run], traits: Sequence[Trait]) -> str:
    """Return a table, its cells safe from Markdown's own signs."""
    names = (_cell(f"{run.name} ({run.run_id[:SHORT]})") for run in runs)
    rows = [["", *names], ["---"] * (len(runs) + 1)]
    rows += [[_cell(str(trait)), *(_cell(_text(trait, run)) for run in runs)] for trait in traits]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


FORMATS: Mapping[str, Callable[[Sequence[Run], Sequence[Trait]], str]] = {
    ".csv": as_csv,
    ".json": as_json,
    ".md": as_markdown,
}
"""What the end of a file's name asks for."""


def _text(trait: Trait, run: Run) -> str:
    value = trait.of(run)
    if value is None:
        return ""
    return value if isinstance(value, str) else repr(value)


def _cell(text: str) -> str:
    return one_line(text).replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")


def _harmless(text: str) -> str:
    """Return the text so that no spreadsheet runs it; numbers stay numbers."""
    is_formula = text.startswith(FORMULA) and not is_number(text)
    return f"'{text}" if is_formula else text
