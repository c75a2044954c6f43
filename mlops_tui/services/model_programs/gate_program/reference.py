"""What the gate keeps for monitors: hold-out rows with what the version says about them."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from ..problem import Problem, in_words, say

if TYPE_CHECKING:
    from mlflow import MlflowClient

    from .checks import Checks
    from .holdout import HoldOut
    from .model import Version

FOLDER, NAME = "gate", "reference.parquet"
MOST_ROWS = 50_000
"""Of more hold-out rows so many are kept, drawn evenly."""
PREDICTION, LABEL, PROBABILITY = "prediction", "label", "probability_"
ABOUT = b"mlops_tui.reference"
"""The key of the file's metadata that says what the columns mean."""


def keep(client: MlflowClient, run_id: str, checks: Checks) -> None:
    """Store the largest hold-out with predictions as an artifact; the verdict counts without it."""
    rows = max((each for each in checks.hold_outs() if len(each)), key=len, default=None)
    if rows is None:
        return
    try:
        table = reference(rows, checks.candidate)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / NAME
            pq.write_table(table, path)
            client.log_artifact(run_id, str(path), FOLDER)
    except Problem as problem:
        say(f"Monitors get no reference of this gate: {problem}")
    except Exception as error:  # noqa: BLE001 - each kind of storage has its own
        say(f"Monitors get no reference of this gate: {in_words(error)}")


def reference(rows: HoldOut, version: Version) -> pa.Table:
    """Return rows as the version takes them, with prediction, probabilities, label as known.

    Raises ``Problem`` where the version cannot predict them.
    """
    predicted = version.predict(rows)
    chosen = np.arange(len(rows))
    if len(rows) > MOST_ROWS:
        chosen = np.sort(np.random.default_rng(0).choice(len(rows), MOST_ROWS, replace=False))
    frame = version.accepted(rows).iloc[chosen].reset_index(drop=True)
    frame.columns = [_free(str(name)) for name in frame.columns]
    table = pa.Table.from_pandas(frame, preserve_index=False)
    output = predicted.labels()[chosen]
    table = table.append_column(PREDICTION, pa.array(output))
    classes: list[Any] = []
    if predicted.probabilities is not None:
        classes = version.classes() or list(range(predicted.probabilities.shape[1]))
        for number in range(predicted.probabilities.shape[1]):
            values = predicted.probabilities[chosen, number].astype(float)
            table = table.append_column(f"{PROBABILITY}{number}", pa.array(values))
    if rows.truth is not None:
        table = table.append_column(LABEL, pa.array(rows.truth[chosen]))
    about = {"classes": classes, "rows": len(rows), "name": rows.name}
    return table.replace_schema_metadata({ABOUT: json.dumps(about, default=str).encode()})


def _free(name: str) -> str:
    """Return a name that is none of ours, as captured requests have it."""
    while name in (PREDICTION, LABEL) or name.startswith(PROBABILITY):
        name = f"input_{name}"
    return name
