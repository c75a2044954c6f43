"""What a version says about rows, asked in the model's own Python."""

import json
import os
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.domain.plain_text import one_line
from mlops_tui.services.jobs.program_job import PROGRAMS
from mlops_tui.services.monitoring.chunk_table import PROBABILITY
from mlops_tui.services.processes import short_lived
from mlops_tui.services.store.failures import translated

if TYPE_CHECKING:
    import pyarrow as pa

PROGRAM = "predict_program.program"
LIFE = 3_600.0
"""Seconds after which the program is ended, also while the model is at work on rows."""
STAYS = 1_800.0
"""Seconds after which it takes no more rows: a model has at least the rest of its life for them."""
IDLE = 60.0
"""Seconds without rows after which it ends: a model in memory costs more than loading it again."""
POLL = 0.05
"""Seconds between two looks whether it has answered."""


class AskedModel:
    """A version in a Python of its own, which loads it once for rows that come close together."""

    def __init__(self, version: ModelVersion, python: str, folder: Path) -> None:
        """Keep the model's files, and rows on their way, below ``folder``."""
        self._version = version
        self._python = python or sys.executable
        self._cache = folder / f"v{version.version}"
        self._program: _Program | None = None

    def answers(self, inputs: "pa.Table") -> "pa.Table":
        """Return predictions, and probabilities where the model has some, as columns.

        Raises ``ServiceError`` with the reason.
        """
        import pyarrow.parquet as pq

        self._cache.mkdir(mode=0o700, parents=True, exist_ok=True)
        asked, answered = (self._cache / name for name in ("in.parquet", "out.parquet"))
        answered.unlink(missing_ok=True)
        part = self._cache / "in.parquet.part"
        pq.write_table(inputs, part)
        part.replace(asked)
        try:
            program, self._program = self._program, None
            # One that is there may have ended just before it saw the rows, or of former ones.
            if program is None or not self._wait(program, answered):
                program = self._started(asked, answered)
                if not self._wait(program, answered):
                    title = f"v{self._version.version}"
                    raise ServiceError(
                        f"{title} cannot be asked about the rows: {program.reason()}"
                    )
            self._program = program
            return pq.read_table(answered)
        finally:
            for path in (asked, answered):
                with suppress(OSError):
                    path.unlink()

    def _started(self, asked: Path, answered: Path) -> "_Program":
        plan = {
            "version": self._version.version,
            "address": _copy(self._version, self._cache),
            "input": str(asked),
            "output": str(answered),
            "idle_seconds": IDLE,
            "stays_seconds": STAYS,
        }
        told = self._cache / "plan.json"
        told.write_text(json.dumps(plan), encoding="utf-8")
        return _Program((self._python, str(PROGRAMS), PROGRAM, str(told)), self._cache)

    @staticmethod
    def _wait(program: "_Program", answered: Path) -> bool:
        """Wait until the program has answered or ended; return whether it has answered."""
        while not answered.is_file():
            if program.has_ended:
                return answered.is_file()
            time.sleep(POLL)
        return True


class _Program(threading.Thread):
    """The program, and what became of it. It ends with this process."""

    def __init__(self, command: tuple[str, ...], folder: Path) -> None:
        super().__init__(daemon=True)
        self._command, self._folder = command, folder
        self._result: short_lived.Result | None = None
        self._error: OSError | None = None
        self.start()

    @property
    def has_ended(self) -> bool:
        return not self.is_alive()

    def run(self) -> None:
        """Run it within the limits of what is short-lived."""
        try:
            self._result = short_lived.run(self._command, os.environ, LIFE, directory=self._folder)
        except OSError as error:
            self._error = error

    def reason(self) -> str:
        """Return why it has ended."""
        if self._error:
            return f"{self._command[0]} cannot be started: {self._error.strerror}."
        result = self._result or short_lived.Result(short_lived.End.UNKNOWN)
        lines = [line for line in result.output.splitlines() if line.strip()]
        return one_line(lines[-1], 300) if lines else f"it was ended: {result.end}"


@translated()
def _copy(version: ModelVersion, cache: Path) -> str:
    """Return where the model's files are here; those of a server are fetched once."""
    from mlflow.artifacts import download_artifacts

    copy = cache / "model"
    found = copy if (copy / "MLmodel").is_file() else None
    if found is None:
        copy.mkdir(mode=0o700, exist_ok=True)
        found = Path(download_artifacts(artifact_uri=version.address, dst_path=str(copy)))
    return str(found)


def has_probabilities(table: "pa.Table") -> bool:
    """Return whether there are probabilities among the answers."""
    return f"{PROBABILITY}0" in table.column_names
