"""Runs Slurm's own commands."""

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from mlops_tui.domain.errors import InvalidInput, ServiceError, Unreachable
from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.secrets import without_named
from mlops_tui.domain.slurm import slurm
from mlops_tui.domain.slurm.slurm import SlurmJob
from mlops_tui.services.processes import process_mark
from mlops_tui.services.processes.brief_command import answer_of

CONFIGURATION = "/etc/slurm/slurm.conf"
"""Where packages put it; ``SLURM_CONF`` names another."""
LIMIT = 30
"""Seconds given to a command: a busy controller answers late."""
UNREACHABLE = ("Unable to contact slurm controller", "Unable to establish", "timed out")
NOTHING = "#!/bin/sh\n"
"""A batch script that does nothing."""
ENDED = ("Invalid job id", "already completing or completed")
"""What scancel answers for a job that has ended."""
IS_IT_UP = "`scontrol ping` in a shell tells whether its controller is up."


def is_here(environ: Mapping[str, str]) -> bool:
    """Return whether jobs can be sent to a cluster from this machine."""
    configuration = environ.get("SLURM_CONF") or CONFIGURATION
    return shutil.which("sbatch") is not None and Path(configuration).is_file()


def submit(flags: Sequence[str], script: str, environ: Mapping[str, str]) -> str:
    """Queue a batch script; return the id of the job.

    The script goes through a pipe, the environment through sbatch's own: Slurm hands both on to
    the node, so that no value stands on a command line or in a file of ours.
    """
    command = ["sbatch", "--parsable", "--export=ALL", *flags]
    job_id = slurm.submitted_id(_run(command, script, _outside_any_job(environ)))
    if not job_id:
        raise ServiceError("Slurm took the job, but gave no id.", "See `squeue --me`.")
    return job_id


def check(flags: Sequence[str]) -> None:
    """Raise ``ServiceError`` where Slurm would refuse a job with such flags."""
    try:
        _run(["sbatch", "--test-only", *flags], NOTHING)
    except InvalidInput:
        # That is also said of what would wait, for a node that is drained: held, a job tells.
        held = ["sbatch", "--parsable", "--hold", "--output=/dev/null", *flags]
        cancel(slurm.submitted_id(_run(held, NOTHING)))


def queue() -> dict[str, SlurmJob]:
    """Return our jobs that Slurm knows by heart, by id; those that ended minutes ago included."""
    mine = ("--user", str(os.getuid()), "--states=all")
    return slurm.parse_queue(
        _run(["squeue", "--noheader", "--array", *mine, f"--format={slurm.QUEUE_FORMAT}"])
    )


def accounted(job_id: str) -> SlurmJob | None:
    """Return what the accounting says of a job; None where there is none, or it knows nothing."""
    form = ("--allocations", "--noheader", "--parsable2", f"--format={slurm.ACCOUNT_FIELDS}")
    try:
        return slurm.parse_account(_run(["sacct", "--jobs", job_id, *form]), job_id)
    except ServiceError:
        return None


def ask_to_end(*job_ids: str) -> None:
    """Take jobs out of the queue, or send SIGTERM to what their batch script became."""
    _scancel("--state=PENDING", *job_ids)
    _scancel("--state=RUNNING", "--batch", "--signal=TERM", *job_ids)


def cancel(job_id: str) -> None:
    """Let Slurm end a job: SIGTERM to all of it, SIGKILL after the cluster's ``KillWait``."""
    _scancel(job_id)


def _scancel(*arguments: str) -> None:
    """Ask for the end of a job; one that has ended meanwhile is what was asked for."""
    try:
        _run(["scancel", *arguments])
    except ServiceError as error:
        if not any(sign in error.message for sign in ENDED):
            raise


def _outside_any_job(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the environment without the traces of a job that we ourselves run in.

    Its mark would let its supervisor end what it has submitted, where that runs on this machine.
    """
    inside = "SLURM_JOB_ID" in environ
    return {
        name: value
        for name, value in environ.items()
        if not (inside and name.startswith("SLURM_") and name != "SLURM_CONF")
        and name != process_mark.NAME
    }


def _run(command: list[str], text: str = "", environ: Mapping[str, str] | None = None) -> str:
    name = command[0]
    try:
        done = answer_of(command, limit=LIMIT, text=text, environ=environ)
    except FileNotFoundError:
        hint = "Start mlops-tui where the cluster's commands are: on a login node."
        raise ServiceError(f"There is no {name} on this machine's PATH.", hint) from None
    except (OSError, ValueError) as error:  # a null character in the environment is the latter
        raise ServiceError(f"{name} could not be started: {error}.") from error
    except subprocess.TimeoutExpired:
        said = f"Slurm did not answer {name} within {LIMIT} s."
        raise Unreachable(said, IS_IT_UP) from None
    if done.returncode:
        raise _failure(name, done.stderr)
    return done.stdout


def _failure(name: str, said: str) -> ServiceError:
    if any(sign in said for sign in UNREACHABLE):
        return Unreachable("Slurm's controller does not answer.", IS_IT_UP)
    reason = one_line(without_named(slurm.refusal(said)), 300)
    if name != "sbatch":
        return ServiceError(f"{name} failed: {reason}")
    hint = "`sinfo` lists the partitions with what their nodes have."
    return InvalidInput(f"Slurm refused the job: {reason}", hint)
