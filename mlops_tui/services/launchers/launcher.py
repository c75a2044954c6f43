"""What a launcher does: one file per launcher implements it, ``all_launchers`` lists them."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from mlops_tui.domain.jobs.launcher_form import LauncherForm
from mlops_tui.domain.processes.process import ProcessRecord


class Launcher(Protocol):
    """Runs detached processes. ``folder`` holds the record and the log of one of them."""

    @property
    def form(self) -> LauncherForm | None:
        """The part of a job's form that it takes, None of the launcher that needs none."""

    @property
    def is_local(self) -> bool:
        """Whether its processes are this machine's: a pid tells, at once, whether one is alive."""

    @property
    def arrays(self) -> "Arrays | None":
        """Submits many jobs together, None where it cannot."""

    def is_available(self) -> bool:
        """Return whether something can be launched with it from here."""

    def start(
        self,
        state_dir: Path,
        record: ProcessRecord,
        environ: Mapping[str, str],
        resources: Mapping[str, str],
        plan: str,
    ) -> ProcessRecord:
        """Create the record, start or queue its command; return the record as it is then.

        ``environ`` is the whole environment of the command, never to be written down;
        ``resources`` are the fields of ``form``; a ``plan`` is written beside the record.
        Raise ``ServiceError`` with nothing left behind.
        """

    def observe(self, folder: Path, record: ProcessRecord) -> ProcessRecord:
        """Return the record as it is true now: of a process that had not ended, or is settled."""

    def stop(self, folder: Path, record: ProcessRecord, environ: Mapping[str, str]) -> str:
        """Ask an active process to end; return why that will take longer, else nothing.

        ``environ`` is for what has to be started for that. Raise ``ServiceError``.
        """

    def remove(self, folder: Path, record: ProcessRecord) -> None:
        """Delete the record with the log. Raise ``Conflict`` unless the process has ended."""

    def log(self, folder: Path, record: ProcessRecord) -> Path:
        """Return the file to which the process writes."""

    def stop_command(self, record: ProcessRecord) -> str:
        """Return the shell command that ends the process, nothing where there is none."""


class Arrays(Protocol):
    """Submits many jobs as one array."""

    def check(self, resources: Mapping[str, str], count: int, at_once: int) -> None:
        """Raise ``ServiceError`` where so many jobs would be refused."""

    def start(
        self,
        state_dir: Path,
        folder: Path,
        tasks: Sequence[ProcessRecord],
        environ: Mapping[str, str],
        resources: Mapping[str, str],
        at_once: int,
    ) -> None:
        """Queue jobs, ``at_once`` of them together; ``folder`` is made for the array."""

    def stop(self, folders: Iterable[Path]) -> None:
        """Ask jobs to end, with no more commands than for one. Raise ``ServiceError``."""
