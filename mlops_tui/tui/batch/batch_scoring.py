"""From a model version to a running job that scores files."""

from pathlib import Path

from mlops_tui.domain.batch.scoring import ScoringRequest
from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.domain.processes.process import ProcessRecord
from mlops_tui.services.batch import batch_job
from mlops_tui.tui.batch.score_dialog import ScoreDialog
from mlops_tui.tui.kit.control_screen import ControlScreen
from mlops_tui.tui.kit.messages import Topic
from mlops_tui.tui.kit.write import Write


async def score_files(screen: ControlScreen, version: ModelVersion) -> None:
    """Ask for the files until the job is started, or the person gives up; go to the job."""
    name = "".join(sign if sign.isalnum() or sign in "-_" else "-" for sign in version.name)
    output = f"{name.strip('-')[:80] or 'model'}-v{version.version}-scores.parquet"
    request, reason = ScoringRequest(version.uri, (), output, Path.cwd()), ""
    while True:
        chosen = await screen.shell.push_screen_wait(ScoreDialog(version, request, reason))
        if chosen is None:
            return
        record = await screen.write(_start(screen, chosen))
        if record is not None:
            await screen.shell.navigation.show_job(record)
            return
        request, reason = chosen, "It was not started; what you typed is still here."


def _start(screen: ControlScreen, request: ScoringRequest) -> Write[ProcessRecord]:
    settings = screen.shell.settings
    return Write(
        title="Scoring started",
        topic=Topic.JOBS,
        call=lambda backend: backend.call(
            batch_job.launch_scoring,
            settings.store,
            settings.state_dir,
            screen.shell.job_python,
            request,
        ),
    )
