"""Which model is to be exported to what, and what came of it."""

import shlex
from dataclasses import dataclass
from pathlib import Path

from mlops_tui.domain.errors import InvalidInput
from mlops_tui.domain.home_path import expanded
from mlops_tui.domain.models.model_name import model_name_problem

ONNX, BUNDLE = "onnx", "bundle"
TARGETS = (ONNX, BUNDLE)
MODEL_TAG, VERSION_TAG = "mlops_tui.onnx_model", "mlops_tui.onnx_version"
"""Tags of the run that a job records: the URI of the ONNX model, the version it became."""
OUTPUT_TAG = "mlops_tui.output"
ROWS, AGREEING, TIES = "parity/rows", "parity/agreeing", "parity/ties"
LARGEST_DIFFERENCE = "parity/largest_difference"
"""Its metrics."""


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """A model by its URI, what it becomes, and what proves that it says the same."""

    model_uri: str
    to: str
    folder: Path
    """Where relative paths begin."""
    data: str = ""
    """A file of rows to compare on; empty leaves it to the gate and the run of the version."""
    output: str = ""
    """The folder of the bundle."""
    register_as: str = ""
    """The registered model that gets the ONNX model as a version; empty registers none."""

    @property
    def output_path(self) -> Path | None:
        """Where the bundle goes, None where none is made."""
        return self.folder / expanded(self.output) if self.to == BUNDLE else None

    def check(self) -> None:
        """Raise ``InvalidInput`` where something of it makes no sense."""
        if not self.model_uri.strip():
            raise InvalidInput("No model is named.", "For example models:/NAME/1.")
        if self.to not in TARGETS:
            raise InvalidInput(f"A model is exported to {' or '.join(TARGETS)}, not to {self.to}.")
        if self.to == BUNDLE and not self.output.strip():
            raise InvalidInput("No folder is named for the bundle.", "Name a new one.")
        if self.register_as and (problem := model_name_problem(self.register_as)):
            raise InvalidInput(problem)

    def command(self) -> str:
        """Return the command line that does the same."""
        words = ["mlops-tui", "export", self.model_uri, "--to", self.to]
        if self.to == BUNDLE:
            words += ["-o", self.output]
        if self.data:
            words += ["--data", self.data]
        if self.register_as:
            words += ["--register-as", self.register_as]
        return shlex.join(words)


@dataclass(frozen=True, slots=True)
class ExportOutcome:
    """What a job that has ended well recorded."""

    run_id: str
    model_uri: str
    """Of the ONNX model."""
    version: str
    """NAME/NUMBER of the version that it became; empty where it was not registered."""
    output: str
    """The folder of the bundle; empty where none was asked for."""
    rows: int
    agreeing: int
    ties: int
    largest_difference: float

    def describe(self) -> str:
        """Say how the two models compare, in a sentence."""
        ties = f", {self.ties:,} differ by a tie" if self.ties else ""
        named = f" Registered as models:/{self.version}." if self.version else ""
        return (
            f"{self.agreeing:,} of {self.rows:,} rows agree{ties}; the largest difference is "
            f"{self.largest_difference:.2g}.{named}"
        )
