"""Writes what a version says about the rows of Parquet files: predictions and probabilities."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any, cast

import pyarrow as pa
import pyarrow.parquet as pq

from ..batch_program.columns import as_declared, inferred, of_model
from ..gate_program.holdout import HoldOut
from ..gate_program.model import Version
from ..gate_program.reference import ABOUT, PREDICTION, PROBABILITY
from ..problem import say

POLL = 0.05
"""Seconds between two looks for rows."""


def run(plan: dict[str, Any]) -> None:
    """Answer the rows of ``input`` in ``output`` whenever there are some; then remove ``input``.

    It ends when there were none for ``idle_seconds``, or after ``stays_seconds``. Raises
    ``Problem``.
    """
    version = Version(str(plan["version"]), str(plan["address"]))
    given, begun = Path(plan["input"]), time.monotonic()
    last = begun
    while time.monotonic() < min(last + plan["idle_seconds"], begun + plan["stays_seconds"]):
        if not given.is_file():
            time.sleep(POLL)
            continue
        _answer(version, given, Path(plan["output"]))
        last = time.monotonic()


def _answer(version: Version, given: Path, output: Path) -> None:
    table = pq.read_table(given)
    columns = of_model(version.inputs, table.column_names, "the source")
    if version.inputs is None:
        columns = inferred(columns, table[:10_000])
    typed, bad = as_declared(table, columns, {})
    if bad:
        first = next(iter(bad.values()))
        say(f"{len(bad):,} rows have values that the model does not take: {first}")
    rows = HoldOut("chunk", given, typed.to_pandas(), None, cast("Any", None))
    found = version.predict(rows)
    version.forget()
    answers: dict[str, Any] = {PREDICTION: pa.array(found.labels())}
    classes: list[Any] = []
    if found.probabilities is not None:
        width = found.probabilities.shape[1]
        classes = version.classes() or list(range(width))
        for number in range(width):
            values = found.probabilities[:, number].astype(float)
            answers[f"{PROBABILITY}{number}"] = pa.array(values)
    about = json.dumps({"classes": classes}, default=str).encode()
    part = output.with_name(f"{output.name}.part")
    pq.write_table(pa.table(answers).replace_schema_metadata({ABOUT: about}), part)
    given.unlink(missing_ok=True)
    part.replace(output)
