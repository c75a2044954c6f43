"""Reads what the registry does not tell of versions: their runs and files."""

from collections.abc import Sequence

from mlops_tui.services.versions import version_files, version_runs
from mlops_tui.tui.kit.control_screen import ControlScreen
from mlops_tui.tui.models.version_list import VersionList

RUNS_AT_ONCE = 200
"""Runs that are asked for together; a model with more versions shows the first ones sooner."""


async def read_more(screen: ControlScreen, versions: VersionList, in_view: Sequence[str]) -> None:
    """Read the runs of versions that are new or had not ended, then the files of those in view.

    Raises ``ServiceError``; what was read until then is shown.
    """
    await _read_runs(screen, versions, versions.open_runs())
    while unread := versions.unread_runs()[:RUNS_AT_ONCE]:
        await _read_runs(screen, versions, unread)
    if chosen := versions.unread_files(in_view):
        name, store = versions.model, screen.shell.settings.store
        files = await screen.ask(version_files.files_of_versions, store, chosen)
        if name == versions.model:
            versions.add_files(chosen, files)


async def _read_runs(screen: ControlScreen, versions: VersionList, run_ids: list[str]) -> None:
    if run_ids:
        store = screen.shell.settings.store
        runs = await screen.ask(version_runs.read_runs_of_versions, store, run_ids)
        versions.add_runs(run_ids, runs)
