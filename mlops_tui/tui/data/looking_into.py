"""Looks into the files of versions of data sets: a profile of one, the difference of two."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from mlops_tui.services.data import version_file, watched_reading
from mlops_tui.tui.data.profile_rows import (
    DRIFTED,
    PROFILE,
    drift_rows,
    profile_rows,
    remarks,
    schema_lines,
)
from mlops_tui.tui.data.reading_dialog import read_watched
from mlops_tui.tui.data.tables_dialog import TablesDialog

if TYPE_CHECKING:
    from mlops_tui.domain.data.dataset_version import DatasetVersion
    from mlops_tui.tui.kit.control_screen import ControlScreen


async def show_profile(screen: ControlScreen, version: DatasetVersion) -> None:
    """Show what is in the file of a version."""
    path = await _path(screen, version)
    found = await read_watched(screen, watched_reading.profile_watched, path)
    if found is None:
        return
    lines = (found.sentence, *remarks(found))
    command = shlex.join(("mlops-tui", "data", "profile", path))
    dialog = TablesDialog(version.name, lines, [(PROFILE, profile_rows(found))], command)
    await screen.shell.push_screen_wait(dialog)


async def show_difference(
    screen: ControlScreen, before: DatasetVersion, after: DatasetVersion
) -> None:
    """Show what differs between the files of two versions."""
    ours, theirs = await _path(screen, before), await _path(screen, after)
    found = await read_watched(screen, watched_reading.compare_watched, ours, theirs)
    if found is None:
        return
    lines = (found.sentence, *schema_lines(found), found.drift.sentence, *found.remarks)
    tables = [(DRIFTED, drift_rows(found))]
    title = f"{before.name}: {before.digest} → {after.digest}"
    command = shlex.join(("mlops-tui", "data", "diff", ours, theirs))
    await screen.shell.push_screen_wait(TablesDialog(title, lines, tables, command))


async def _path(screen: ControlScreen, version: DatasetVersion) -> str:
    return await screen.ask(
        version_file.path_of,
        screen.shell.settings.state_dir,
        version.name,
        version.digest,
        version.source,
    )
