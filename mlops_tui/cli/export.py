"""``mlops-tui export``: converts a model to ONNX, with a proof; makes a bundle of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlops_tui.cli.program_outcome import wait_and_print
from mlops_tui.domain.edge.export import ONNX, TARGETS, ExportRequest
from mlops_tui.domain.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mlops_tui.cli.sub_command import Commands
    from mlops_tui.settings import Settings

ABOUT = "export a model to ONNX, or to a folder that serves it"
DETAILS = """\
export a model to ONNX in float32; wait for the end, print the URI of the ONNX model

It exports models of scikit-learn, XGBoost, LightGBM and PyTorch. A module of PyTorch takes columns
of numbers or one tensor of float32, and gives one tensor.

Both models answer the hold-out and the input example. Where more than 0.1 % of the rows differ
that are no ties, the export is refused. The hold-out is --data, else the data of the model's gate,
else a data set of its run. The ONNX model is logged in MLflow as a model of its own.

--to bundle also writes a folder that serves the model with Python, onnxruntime and numpy alone
(python serve.py); its path is printed instead.

The model's Python needs onnx and onnxruntime, and for models of
  scikit-learn        skl2onnx (with the two above the extra "edge")
  XGBoost, LightGBM   skl2onnx and onnxmltools, also for those inside a scikit-learn model
  PyTorch             onnxscript
"""


def add_to(commands: Commands, common: Mapping[str, Any]) -> None:
    """Add the sub-command."""
    parser = commands.add_parser("export", help=ABOUT, description=DETAILS, **common)
    parser.add_argument(
        "model_uri", metavar="MODEL_URI", help="for example models:/iris/3 or models:/iris@champion"
    )
    parser.add_argument("--to", choices=TARGETS, default=ONNX, help=f"(default: {ONNX})")
    parser.add_argument("-o", "--output", metavar="FOLDER", help="new folder for the bundle")
    parser.add_argument("--data", metavar="FILE", help="CSV or Parquet file of rows to compare on")
    parser.add_argument(
        "--register-as", metavar="NAME", help="make the ONNX model a version of this model"
    )
    parser.add_argument("--json", action="store_true", help="as JSON, for programs")
    parser.set_defaults(run=run)


def run(settings: Settings, arguments: Mapping[str, Any]) -> int:
    """Launch the job, wait for its end, print what came of it."""
    import os

    from mlops_tui.services.edge import export_job
    from mlops_tui.services.jobs.python_env import find_job_python
    from mlops_tui.services.store.store import prepare_environment

    if settings.read_only:
        raise InvalidInput("Nothing is exported in read-only mode: the run would be recorded.")
    prepare_environment()
    request = _request(arguments)
    python = find_job_python(settings.python, os.environ).path
    record = export_job.launch_export(settings.store, settings.state_dir, python, request)
    return wait_and_print(
        settings,
        record,
        export_job.outcome,
        lambda found: found.output or found.model_uri,
        as_json=arguments["json"],
    )


def _request(arguments: Mapping[str, Any]) -> ExportRequest:
    if arguments["output"] and arguments["to"] == ONNX:
        raise InvalidInput("-o is for --to bundle: an ONNX model goes to MLflow.")
    return ExportRequest(
        model_uri=arguments["model_uri"],
        to=arguments["to"],
        folder=Path.cwd(),
        data=arguments["data"] or "",
        output=arguments["output"] or "",
        register_as=arguments["register_as"] or "",
    )
