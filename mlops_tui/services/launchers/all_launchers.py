"""The launchers there are."""

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.jobs.launcher_form import THIS_MACHINE, LauncherForm
from mlops_tui.domain.processes.process import HERE, ProcessRecord
from mlops_tui.services.launchers import slurm_launch
from mlops_tui.services.launchers.launcher import Arrays, Launcher
from mlops_tui.services.launchers.local import LocalLauncher
from mlops_tui.services.launchers.slurm import SlurmLauncher

LAUNCHERS: dict[str, Launcher] = {
    HERE: LocalLauncher(),
    slurm_launch.LAUNCHER: SlurmLauncher(),
}
"""By the name that records have."""


def launcher_of(record: ProcessRecord) -> Launcher:
    """Return the launcher of a process. Raise ``ServiceError`` where it is none of ours."""
    if record.launcher not in LAUNCHERS:
        raise ServiceError(unknown(record), "Use the version of mlops-tui that started it.")
    return LAUNCHERS[record.launcher]


def unknown(record: ProcessRecord) -> str:
    """Return the sentence for a record of another version, whose launcher is not known here."""
    return f"It was started by {record.launcher!r}, which this version of mlops-tui does not know."


def forms(*, only_available: bool = False) -> tuple[LauncherForm, ...]:
    """Return what the launchers beside this machine's ask for in the form of a job."""
    return tuple(
        each.form
        for each in LAUNCHERS.values()
        if each.form and (each.is_available() or not only_available)
    )


def arrays_of(title: str) -> Arrays | None:
    """Return what submits many jobs together to the launcher with this title."""
    return LAUNCHERS[name_of(title)].arrays


def name_of(title: str) -> str:
    """Return the name of the launcher with this title in a form. Raise ``ServiceError``."""
    if title == THIS_MACHINE:
        return HERE
    for name, launcher in LAUNCHERS.items():
        if launcher.form and launcher.form.title == title:
            return name
    raise ServiceError(f"There is no launcher {title!r}.")
