"""From a model version to a running job that exports it."""

from pathlib import Path

from mlops_tui.domain.edge.export import ONNX, ExportRequest
from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.services.edge import export_job
from mlops_tui.tui.edge.export_dialog import ExportDialog
from mlops_tui.tui.kit.control_screen import ControlScreen
from mlops_tui.tui.processes.asked_job import file_stem, start_asked


async def export_version(screen: ControlScreen, version: ModelVersion) -> None:
    """Ask what is to be made until the job is started, or the person gives up; go to the job."""
    await start_asked(
        screen,
        lambda request, reason: ExportDialog(version, request, reason),
        ExportRequest(version.uri, ONNX, Path.cwd(), output=f"{file_stem(version)}-bundle"),
        export_job.launch_export,
        "Export started",
    )
