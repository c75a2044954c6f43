"""Scores all rows of a plan, from its input to its output."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..problem import Problem, in_words, say

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyarrow as pa
    from mlflow.pyfunc import PyFuncModel

    from .partial import Partial
    from .predictions import Scorer
    from .source import Batch, Source

MOST_ROWS, FEWEST_ROWS, CELLS = 10_000, 100, 2_000_000
"""Rows of a batch, where the plan does not say: fewer of wide tables."""
TOLD = 10
"""Bad rows that are named in the log."""


def run(plan: dict[str, Any]) -> str:
    """Score all rows; return the id of the run. Raises ``Problem``."""
    from mlflow import MlflowClient

    from .batch_run import BatchRun
    from .output import refuse_existing
    from .partial import Partial
    from .source import Source, find_files

    output = Path(plan["output"])
    refuse_existing(output)
    engine = _engine(plan)
    source = Source(find_files(plan["inputs"], Path(plan["folder"])))
    what = source.files[0] if len(source.files) == 1 else f"{len(source.files):,} files"
    say(f"{plan['title']} scores {what} into {output}.")
    function = _load(plan["address"])
    signature = function.metadata.signature
    source.choose(signature and signature.inputs, all_columns=plan["with_inputs"])
    rows = plan["batch_rows"] or usual_rows(len(source.columns))
    partial = Partial(output, _identity(plan, source, function, rows))
    recorded = BatchRun(MlflowClient(), plan, function.metadata)
    try:
        recorded.begin(source, rows)
        schema = engine(plan, source, function, partial, rows)
        _finish(partial, schema, output)
    except Exception as error:
        with suppress(Exception):  # why the rows were not scored says more
            recorded.fail()
        if isinstance(error, Problem):
            raise
        raise Problem(f"The rows could not be scored: {in_words(error)}") from error
    _record(recorded, partial, schema, output)
    partial.remove()
    return recorded.run_id


def _engine(plan: dict[str, Any]) -> Callable[..., pa.Schema]:
    """Return what scores the rows, and fills the folder of the output. Raises ``Problem``."""
    if plan.get("engine") != "spark":
        return _score
    from .spark_engine import score
    from .spark_session import refuse_missing, refuse_silent

    refuse_missing()
    refuse_silent(plan["master"])
    return score


def usual_rows(columns: int) -> int:
    """Return how many rows of so many columns are scored at once."""
    return min(MOST_ROWS, max(FEWEST_ROWS, CELLS // max(1, columns)))


def _load(address: str) -> PyFuncModel:
    from mlflow import pyfunc

    try:
        loaded: PyFuncModel = pyfunc.load_model(address, suppress_warnings=True)
    except Exception as error:  # noqa: BLE001 - loading runs foreign code
        raise Problem(f"{address} does not load here: {in_words(error)}") from None
    return loaded


def _identity(
    plan: dict[str, Any], source: Source, function: PyFuncModel, rows: int
) -> dict[str, Any]:
    """Return what must be the same for a job to go on where another one ended."""
    return {
        "input": source.digest,
        "model": str(function.metadata.model_uuid or plan["address"]),
        "columns": [[column.name, str(column.kind)] for column in source.columns],
        "with_inputs": plan["with_inputs"],
        "batch_rows": rows,
        "engine": plan.get("engine", "local"),
    }


def _score(
    plan: dict[str, Any], source: Source, function: PyFuncModel, partial: Partial, rows: int
) -> pa.Schema:
    """Score what is not scored yet; return the schema of the output."""
    from .predictions import Scorer
    from .progress import Progress

    schema = partial.schema
    kept = source.kept if plan["with_inputs"] else []
    if partial.rows:
        say(f"Going on after row {partial.rows:,}, which an earlier job reached.")
    scorer = Scorer(function, source.columns, kept, schema)
    progress = Progress("rows" if source.counts_rows else "bytes")
    before = partial.rows
    for batch in source.batches(rows, partial.rows):
        table, bad = _answers(plan, scorer, partial, batch)
        places = [(*batch.place(row), bad[row]) for row in sorted(bad)]
        for file, number, why in places[: max(0, TOLD - partial.bad)]:
            say(f"Row {number:,} of {file}: {why}")
        partial.add(table, places)
        schema = table.schema
        progress.show(source.done, source.total, partial.rows - before)
    progress.end()
    partial.commit()
    if schema is None:
        raise Problem("There are no rows to score.")
    return schema


def _answers(
    plan: dict[str, Any], scorer: Scorer, partial: Partial, batch: Batch
) -> tuple[pa.Table, dict[int, str]]:
    from .predictions import TooManyBad

    share = plan["max_bad_share"]
    try:
        return scorer.rows(batch, share * (partial.rows + len(batch)) - partial.bad)
    except TooManyBad as error:
        partial.commit()
        file, number = batch.place(0)
        where = f"in the batch from row {number:,} of {file}; one of them: {error}"
        if share >= 1:
            raise Problem(f"Stopped: all rows failed, {where}") from None
        raise Problem(
            f"Stopped: more than {share:.2%} of the rows failed, {where} "
            "A larger share (--max-bad-share) lets more pass."
        ) from None


def _finish(partial: Partial, schema: pa.Schema, output: Path) -> None:
    from .output import bad_rows_path, write_output

    say(f"{partial.rows:,} rows scored; writing {output}.")
    write_output(partial, schema, output)
    if partial.bad:
        say(f"{partial.bad:,} rows could not be scored: they are in {bad_rows_path(output)}.")


def _record(recorded: Any, partial: Partial, schema: pa.Schema, output: Path) -> None:
    """Tell MLflow; the output is whole by now."""
    try:
        recorded.finish(partial, schema, output)
    except Exception as error:
        partial.remove()
        raise Problem(
            f"{output} is written and whole, but MLflow could not be told: {in_words(error)}"
        ) from error
    say(f"Recorded as run {recorded.run_id}.")
