"""The launcher of a Slurm cluster: its scheduler starts our supervisor on one of the nodes.

The state directory is shared with the nodes.
"""

import os
import shlex
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from mlops_tui.domain.processes.process import ProcessRecord
from mlops_tui.domain.slurm.slurm_resources import FORM, resources_of
from mlops_tui.services.launchers import (
    slurm_commands,
    slurm_jobs,
    slurm_launch,
)
from mlops_tui.services.processes import log_file, removal


class SlurmArrays:
    """Submits jobs as one array of Slurm."""

    def check(self, resources: Mapping[str, str], count: int, at_once: int) -> None:
        """Let Slurm judge an array that is not submitted."""
        slurm_launch.check_array(resources_of(resources), count, at_once)

    def start(
        self,
        state_dir: Path,
        folder: Path,
        tasks: Sequence[ProcessRecord],
        environ: Mapping[str, str],
        resources: Mapping[str, str],
        at_once: int,
    ) -> None:
        """Submit the array."""
        asked = resources_of(resources)
        slurm_launch.start_array(state_dir, folder, tasks, environ, asked, at_once)

    def stop(self, folders: Iterable[Path]) -> None:
        """Let Slurm end the tasks; where it does not answer, the nodes see the request."""
        slurm_jobs.stop_all(folders)


class SlurmLauncher:
    """Queues processes with ``sbatch``, follows them with ``squeue``."""

    form = FORM
    is_local = False
    arrays = SlurmArrays()

    def is_available(self) -> bool:
        """Return whether Slurm's commands are here, with a configuration."""
        return slurm_commands.is_here(os.environ)

    def start(
        self,
        state_dir: Path,
        record: ProcessRecord,
        environ: Mapping[str, str],
        resources: Mapping[str, str],
        plan: str,
    ) -> ProcessRecord:
        """Submit the command."""
        return slurm_launch.start(state_dir, record, environ, resources_of(resources), plan)

    def observe(self, folder: Path, record: ProcessRecord) -> ProcessRecord:
        """Ask Slurm why the job waits, or whether it is gone; the node writes all else."""
        return slurm_jobs.reconcile(folder, record)

    def stop(self, folder: Path, record: ProcessRecord, environ: Mapping[str, str]) -> str:  # noqa: ARG002 - nothing is started for it
        """Let Slurm end the job; return why it cannot now."""
        return slurm_jobs.stop(folder, record)

    def remove(self, folder: Path, record: ProcessRecord) -> None:
        """Delete the record of a job that has ended."""
        removal.refuse_underway(record)
        removal.remove(folder, record)

    def log(self, folder: Path, record: ProcessRecord) -> Path:  # noqa: ARG002 - all jobs have ours
        """Return the file that Slurm was told to write."""
        return folder / log_file.NAME

    def stop_command(self, record: ProcessRecord) -> str:
        """Return the ``scancel`` for the job."""
        slurm_job = record.details.get("slurm_job", "")
        return f"scancel {shlex.quote(slurm_job)}" if slurm_job else ""
