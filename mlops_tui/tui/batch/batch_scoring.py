"""From a model version to a running job that scores files."""

from pathlib import Path

from mlops_tui.domain.batch.scoring import ScoringRequest
from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.services.batch import batch_job
from mlops_tui.services.launchers import all_launchers
from mlops_tui.tui.batch.score_dialog import ScoreDialog
from mlops_tui.tui.kit.control_screen import ControlScreen
from mlops_tui.tui.processes.asked_job import file_stem, start_asked


async def score_files(screen: ControlScreen, version: ModelVersion) -> None:
    """Ask for the files until the job is started, or the person gives up; go to the job."""
    launchers = await screen.ask(all_launchers.forms, only_available=True)
    await start_asked(
        screen,
        lambda request, reason: ScoreDialog(version, request, launchers, reason),
        ScoringRequest(version.uri, (), f"{file_stem(version)}-scores.parquet", Path.cwd()),
        batch_job.launch_scoring,
        "Scoring started",
    )
