"""A session of Spark in the model's own Python."""

from __future__ import annotations

import os
import shutil
import socket
import sys
import tempfile
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..problem import Problem, in_words

if TYPE_CHECKING:
    from collections.abc import Iterator

LOOPBACK = "127.0.0.1"
PATIENCE = 5.0
"""Seconds that a master has to answer."""


@contextmanager
def started(master: str, rows: int) -> Iterator[Any]:
    """Give a session that hands the model so many rows at once. Raises ``Problem``."""
    if is_here(master):
        os.environ["SPARK_LOCAL_IP"] = LOOPBACK
    if master.startswith("local"):
        os.environ["PYSPARK_PYTHON"] = os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable
    from pyspark.sql import SparkSession

    building = SparkSession.builder.master(master).appName("mlops-tui score")
    for key, value in options(master, rows).items():
        building = building.config(key, value)
    try:
        spark = building.getOrCreate()
    except Exception as error:  # noqa: BLE001 - whatever Java says
        raise Problem(f"Spark does not start on {master}: {in_words(error)}") from None
    try:
        yield spark
    finally:
        spark.stop()


def options(master: str, rows: int) -> dict[str, str]:
    """Return how Spark is set up: no page of its own, nothing that others can reach if it is here.

    A master elsewhere must reach this machine, at the address that Spark finds or is told.
    """
    found = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "true",
        "spark.log.level": "ERROR",
        "spark.local.dir": tempfile.gettempdir(),
        "spark.sql.warehouse.dir": str(Path(tempfile.gettempdir()) / "spark-warehouse"),
        "spark.sql.ansi.enabled": "true",
        "spark.sql.caseSensitive": "true",
        "spark.sql.csv.parser.columnPruning.enabled": "false",  # else it sees no broken line
        "spark.sql.execution.arrow.maxRecordsPerBatch": str(rows),
        "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
        "spark.sql.session.timeZone": "UTC",
    }
    if is_here(master):
        found |= {"spark.driver.bindAddress": LOOPBACK, "spark.driver.host": LOOPBACK}
    return found


def refuse_missing() -> None:
    """Raise ``Problem`` where this Python has no pyspark, or the machine no Java."""
    if find_spec("pyspark") is None:
        raise Problem(
            f"{sys.executable} has no pyspark: {sys.executable} -m pip install 'pyspark>=4'."
        )
    home = os.environ.get("JAVA_HOME")
    if not shutil.which(str(Path(home) / "bin" / "java") if home else "java"):
        where = f"in JAVA_HOME={home}" if home else "on PATH"
        raise Problem(f"Spark needs Java 17 or newer, and there is none {where}: install a JRE.")


def refuse_silent(master: str) -> None:
    """Raise ``Problem`` where no master of a cluster takes a connection."""
    if not master.startswith("spark://"):
        return
    for each in _hosts(master):
        host, _, port = each.rpartition(":")
        try:
            socket.create_connection((host.strip("[]"), int(port)), PATIENCE).close()
        except OSError as error:
            said = in_words(error)
        else:
            return
    raise Problem(f"No Spark master answers at {master} ({said}). Start it, or name another one.")


def is_here(master: str) -> bool:
    """Return whether all of Spark is on this machine."""
    names = (each.rpartition(":")[0] for each in _hosts(master))
    return master.startswith("local") or all(name in (LOOPBACK, "localhost") for name in names)


def _hosts(master: str) -> list[str]:
    return master.removeprefix("spark://").split(",")
