"""What is to be scored by which model, and what came of it."""

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import isfinite
from pathlib import Path

from mlops_tui.domain.errors import InvalidInput
from mlops_tui.domain.home_path import expanded
from mlops_tui.domain.jobs.launcher_form import THIS_MACHINE, launcher_words

ENDINGS = (".parquet", ".csv")
"""Of the names of outputs."""
BAD_SHARE = 0.01
"""The share of rows that may fail, where nobody says another."""
LOCAL, SPARK = "local", "spark"
"""The engines: one process, or Spark."""
MASTER = "local[*]"
"""Spark on all cores of this machine, where nobody says another master."""
MASTERS = re.compile(
    r"local(\[(\*|[1-9]\d{0,4})\])?|spark://[^\s:/,@]+:\d{1,5}(,[^\s:/,@]+:\d{1,5})*"
)
ROWS, BAD_ROWS = "batch/rows", "batch/bad_rows"
"""The metrics of the run that a job records."""
OUTPUT_TAG, BAD_ROWS_TAG = "mlops_tui.output", "mlops_tui.bad_rows"
"""Its tags: where the output is, where the rows are that failed."""


@dataclass(frozen=True, slots=True)
class ScoringRequest:
    """A model by its URI, files by paths, folders and globs, and the file for the answers."""

    model_uri: str
    inputs: tuple[str, ...]
    output: str
    folder: Path
    """Where relative paths begin."""
    with_inputs: bool = False
    batch_rows: int = 0
    """Rows that the model is asked about together; 0 leaves it to the number of columns."""
    max_bad_share: float = BAD_SHARE
    engine: str = LOCAL
    master: str = MASTER
    """Of Spark."""
    runs_on: str = THIS_MACHINE
    """The title of the launcher."""
    resources: Mapping[str, str] = field(default_factory=dict)
    """What that launcher is asked for."""

    @property
    def output_path(self) -> Path:
        """Where the answers go."""
        return self.folder / expanded(self.output)

    def on(self, launcher: str, resources: Mapping[str, str]) -> "ScoringRequest":
        """Return the request for another launcher, by its title."""
        return replace(self, runs_on=launcher, resources=resources)

    def check(self) -> None:
        """Raise ``InvalidInput`` where something of it makes no sense."""
        if not self.model_uri.strip():
            raise InvalidInput("No model is named.", "For example models:/NAME/1.")
        if not self.inputs or not all(self.inputs):
            raise InvalidInput("No input is named.", "Name files, folders or globs.")
        if self.output_path.suffix.lower() not in ENDINGS:
            raise InvalidInput(
                f"The output {self.output or '(none)'} must end in {' or '.join(ENDINGS)}."
            )
        if not (isfinite(self.max_bad_share) and 0 <= self.max_bad_share <= 1):
            raise InvalidInput(f"The share of bad rows is {self.max_bad_share:g}, not 0 to 1.")
        if self.batch_rows < 0:
            raise InvalidInput(f"A batch cannot have {self.batch_rows} rows.")
        self._check_engine()

    def _check_engine(self) -> None:
        if self.engine not in (LOCAL, SPARK):
            raise InvalidInput(f"The engine is {self.engine}, not {LOCAL} or {SPARK}.")
        if self.engine == LOCAL and self.master != MASTER:
            raise InvalidInput("Only Spark has a master.", "Add --engine spark.")
        if self.engine == SPARK and self.max_bad_share != BAD_SHARE:
            raise InvalidInput(
                "With Spark the first row that fails ends the job: there is no share of bad rows."
            )
        if not MASTERS.fullmatch(self.master):
            raise InvalidInput(
                f"The master of Spark is {self.master or '(none)'}.",
                f"Give {MASTER}, local[4], or spark://HOST:PORT.",
            )

    def command(self) -> str:
        """Return the command line that does the same."""
        words = ["mlops-tui", "score", self.model_uri, *self.inputs, "-o", self.output]
        if self.with_inputs:
            words.append("--with-inputs")
        if self.max_bad_share != BAD_SHARE:
            words += ["--max-bad-share", f"{self.max_bad_share:g}"]
        if self.batch_rows:
            words += ["--batch-rows", str(self.batch_rows)]
        if self.engine != LOCAL:
            words += ["--engine", self.engine]
        if self.master != MASTER:
            words += ["--master", self.master]
        return shlex.join([*words, *launcher_words(self.runs_on, self.resources)])


@dataclass(frozen=True, slots=True)
class ScoringOutcome:
    """What a job that has ended well recorded."""

    run_id: str
    output: str
    rows: int
    bad_rows: int
    bad_rows_file: str
    """Empty where no row failed."""

    def describe(self) -> str:
        """Return how many rows were scored, in a sentence."""
        failed = f", {self.bad_rows:,} of them failed (see {self.bad_rows_file})"
        return f"{self.rows:,} rows{failed if self.bad_rows else ''} → {self.output}"
