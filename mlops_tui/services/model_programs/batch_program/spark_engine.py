"""Scoring by Spark: the model goes to the data, on all machines of a cluster or all cores here.

The parts that Spark writes are joined, in the order of the rows, into the one file that the engine
of this process writes too.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from ..problem import LONGEST, Problem, in_words, say
from .answer_types import Answers, first_answers
from .spark_columns import quoted, typed
from .spark_session import started

if TYPE_CHECKING:
    from pathlib import Path

    from mlflow.pyfunc import PyFuncModel

    from .partial import Partial
    from .source import Rows, Source

READ_ROWS = 100_000
"""Rows of a part that are read at once when the parts are joined."""
GLOB_SIGNS = re.compile(r"([\\*?\[\]{}])")
RAISED = re.compile(r"\[USER_RAISED_EXCEPTION\] (.+?)(?: SQLSTATE|$)", re.MULTILINE)
NAMED = re.compile(r"^(?:Caused by: )?([\w.$]*(?:Error|Exception)): (.+)$", re.MULTILINE)

JAVA = re.compile(r"^Caused by: [\w.$]+: (?:\[[\w.]+\] )?(.+?)(?: SQLSTATE: \w+)?$", re.MULTILINE)


def score(
    plan: dict[str, Any], source: Source, function: PyFuncModel, partial: Partial, rows: int
) -> pa.Schema:
    """Score all rows; return the schema of the output. Raises ``Problem``."""
    kept = source.kept if plan["with_inputs"] else []
    answers = first_answers(source, function, kept)
    parts = partial.folder / "spark"
    with started(plan["master"], rows) as spark:
        say(f"Spark {spark.version} scores on {spark.sparkContext.master}.")
        try:
            count = _write_parts(spark, plan, source, answers, parts)
        except Exception as error:
            raise Problem(f"Spark stopped: {cause(error)}") from error
    _join(parts, answers.schema, partial, count)
    return answers.schema


def cause(error: BaseException) -> str:
    """Return what went wrong in a task, out of the traces of Spark, Java and Python."""
    text = str(error)
    if found := RAISED.search(text):
        return found[1][:LONGEST]
    named = [each for each in NAMED.findall(text) if not each[0].startswith(("org.", "java."))]
    if named:
        name, words = named[-1]
        return f"{name.rpartition('.')[2]}: {words}"[:LONGEST]
    said: list[str] = JAVA.findall(text)
    return said[-1][:LONGEST] if said else in_words(error)


def _write_parts(
    spark: Any, plan: dict[str, Any], source: Source, answers: Answers, parts: Path
) -> int:
    """Write the answers to all rows as Parquet files; return how many rows there are."""
    from mlflow import pyfunc
    from pyspark.sql import Observation
    from pyspark.sql import functions as F  # noqa: N812 - as its documentation has it

    frame = _read(spark, source.readers[0], source)
    for reader in source.readers[1:]:
        frame = frame.unionAll(_read(spark, reader, source))
    predict = pyfunc.spark_udf(
        spark, plan["address"], result_type=answers.result_type(), env_manager="local"
    )
    asked = [F.col(quoted(column.name)) for column in source.columns if column.for_model]
    kept = [F.col(quoted(name)).alias(f"kept_{n}") for n, name in enumerate(answers.kept)]
    answered = frame.select(*kept, predict(F.struct(*asked)).alias("answer"))
    counted = Observation()
    written = answered.select(
        *[f"kept_{n}" for n in range(len(kept))],
        *[each.alias(f"answer_{n}") for n, each in enumerate(answers.columns(F.col("answer")))],
    ).observe(counted, F.count(F.lit(1)).alias("rows"))
    written.write.mode("overwrite").parquet(_address(parts))
    return int(counted.get["rows"])


def _read(spark: Any, reader: Rows, source: Source) -> Any:
    """Return the rows of a file, in the types that the model takes."""
    from .delimited_file import DelimitedRows
    from .parquet_file import ParquetRows

    reading, path = spark.read, _address(reader.path, as_glob=True)
    if isinstance(reader, ParquetRows):
        frame = reading.parquet(path)
    else:
        schema = ", ".join(f"{quoted(name)} STRING" for name in reader.names)
        if isinstance(reader, DelimitedRows):
            # By place: names of columns that nobody asks for may stand there twice.
            schema = ", ".join(f"c{n} STRING" for n in range(len(reader.names)))
            told = {"header": True, "multiLine": True, "escape": '"', "maxCharsPerColumn": -1}
            separator = "\t" if ".tsv" in reader.path.name.lower() else ","
            frame = reading.options(sep=separator, mode="FAILFAST", **told)
            frame = frame.schema(schema).csv(path).toDF(*reader.names)
        else:
            frame = reading.schema(schema).json(path, mode="FAILFAST")
    return frame.select(*[typed(frame, column) for column in source.columns])


def _address(path: Path, *, as_glob: bool = False) -> str:
    words = GLOB_SIGNS.sub(r"\\\1", str(path)) if as_glob else str(path)
    return f"file://{words}"


def _join(parts: Path, schema: pa.Schema, partial: Partial, count: int) -> None:
    """Add the rows of all parts, in order. Raises ``Problem`` where some are not there."""
    seen, before = 0, partial.rows
    for path in sorted(parts.glob("part-*.parquet"), key=_number):
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(READ_ROWS):
                rows = pa.Table.from_batches([batch]).rename_columns(schema.names).cast(schema)
                seen += len(rows)
                if seen > before:  # an earlier job has added the others
                    partial.add(rows[max(0, len(rows) - (seen - before)) :], [])
    if seen != count:
        raise Problem(
            f"Spark wrote {count:,} rows, but {seen:,} of them are in {parts}. Its machines and "
            "this one must share that folder."
        )
    partial.commit()


def _number(path: Path) -> int:
    return int(path.name.split("-")[1])
