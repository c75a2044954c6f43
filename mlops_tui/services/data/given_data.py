"""Logs what a job was given as files: read by a process of its own, written when the job settles.

A launch only looks the files up. All their bytes are read beside the job, by a process that
outlives us; ``settlement`` then adds them to the job's runs, beside whatever the program has
logged itself.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from mlops_tui.domain.data.given_data import (
    DETAIL,
    GivenData,
    from_text,
    may_be_file,
    may_be_folder,
    to_text,
)
from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.home_path import expanded
from mlops_tui.domain.jobs.recipe import Value, words
from mlops_tui.domain.processes.process import ProcessRecord
from mlops_tui.domain.store import Store
from mlops_tui.services.data import dvc_files, table_facts
from mlops_tui.services.data.file_digest import digest_of
from mlops_tui.services.files import small_files
from mlops_tui.services.processes.brief_command import answer_of

if TYPE_CHECKING:
    from mlflow.entities import DatasetInput

MODULE = "mlops_tui.services.data.given_data"
NAME = "data.json"
"""The file beside a job's record that keeps what was read."""

MOST = 20
"""Files and folders of one job that are logged."""
MOST_RUNS = 200
"""Runs of a job to which they are added, the newest."""
READ_AT_END = 500_000_000
"""Bytes that are read when a job settles, where the process beside it has not read them yet."""
GIT_LIMIT = 10
"""Seconds that Git may take."""

CHANGED = "mlops_tui.data_changed"
"""The tag of a run whose data were changed after its job was launched."""
PARAMETER, COMMIT, DIRTY, TRACKED = (
    f"mlops_tui.{each}" for each in ("parameter", "git_commit", "git_dirty", "dvc_path")
)
"""Tags of the data set of a run."""


def given_to(parameters: Mapping[str, Value | None], folder: Path) -> tuple[GivenData, ...]:
    """Return the files and folders of data that the parameters of a job name.

    Relative ones lie below its ``folder``. They are only looked up, not read.
    """
    found: dict[str, GivenData] = {}
    for parameter, value in parameters.items():
        for text in _texts(value):
            given = _look_up(parameter, text, folder)
            if given is not None and len(found) < MOST:
                found.setdefault(given.path, given)
    return tuple(found.values())


def begin_reading(folder: Path) -> None:
    """Read the data of the job with this record in a process of its own."""
    with suppress(OSError):  # settlement reads them then
        subprocess.Popen(  # noqa: S603 - our own interpreter and module
            ["nice", sys.executable, "-P", "-m", MODULE, str(folder.absolute())],  # noqa: S607 - of POSIX
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )


def read_all(given: Sequence[GivenData], folder: Path, state_dir: Path) -> tuple[GivenData, ...]:
    """Return the same with digests, with the commit of the job's working ``folder``."""
    commit, is_dirty = _commit(folder)
    return tuple(
        replace(_read(each, state_dir), commit=commit, is_dirty=is_dirty) for each in given
    )


def log_given(store: Store, folder: Path, job: ProcessRecord) -> int:
    """Add what a job was given to its runs; return how many files and folders that were."""
    from mlops_tui.services.runs.runs import runs_of_job
    from mlops_tui.services.store.failures import translated
    from mlops_tui.services.store.store import client

    given = _known(folder, job)
    if not given:
        return 0
    inputs = [(each, _input(each)) for each in given if each.digest]
    changed = ", ".join(each.name for each in given if not _is_as_it_was(each))
    runs = sorted(runs_of_job(store, job.process_id), key=lambda run: -(run.started_at or 0))
    if not runs:
        return 0
    with translated():
        mlflow_client = client(store)
        for run in runs[:MOST_RUNS]:
            new = [made for each, made in inputs if run.datasets.get(each.name) != each.digest]
            if new:
                mlflow_client.log_inputs(run.run_id, datasets=new)
            if changed:
                mlflow_client.set_tag(run.run_id, CHANGED, changed)
    return len(inputs)


def _texts(value: Value | None) -> Iterator[str]:
    if not isinstance(value, str) or not value.strip() or "://" in value or "\0" in value:
        return
    yield value
    with suppress(ValueError):
        if len(several := words(value)) > 1:
            yield from several


def _look_up(parameter: str, text: str, folder: Path) -> GivenData | None:
    if not may_be_file(parameter, text) and not may_be_folder(parameter):
        return None
    try:
        path = (folder / expanded(text)).resolve()
        status = path.stat()
    except (OSError, RuntimeError, ValueError):
        return None
    if path.is_dir() and may_be_folder(parameter):
        return GivenData(parameter, str(path), 0, status.st_mtime_ns, is_folder=True)
    if path.is_file() and may_be_file(parameter, path.name):
        return GivenData(parameter, str(path), status.st_size, status.st_mtime_ns)
    return None


def _read(given: GivenData, state_dir: Path) -> GivenData:
    tracked_by = ""
    try:
        found = digest_of(Path(given.path), state_dir)
        with suppress(ServiceError):
            output = dvc_files.tracked(Path(given.path))
            tracked_by = str(output.defined_in) if output and output.md5 == found.digest else ""
    except ServiceError as error:
        return replace(given, problem=error.message)
    size = found.size if given.is_folder else given.size
    return replace(given, digest=found.digest, size=size, files=found.files, tracked_by=tracked_by)


def _commit(folder: Path) -> tuple[str, bool]:
    """Return the commit of Git that a folder is at, and whether a tracked file has changed."""
    commit = _git(folder, "rev-parse", "HEAD").strip()
    return commit, bool(
        commit and _git(folder, "status", "--porcelain", "--untracked-files=no").strip()
    )


def _git(folder: Path, *command: str) -> str:
    try:
        done = answer_of(["git", "-C", str(folder), *command], limit=GIT_LIMIT)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout if done.returncode == 0 else ""


def _known(folder: Path, job: ProcessRecord) -> tuple[GivenData, ...]:
    """Return what was read beside the job, else read it now unless that takes too long."""
    with suppress(OSError):
        if read := from_text(small_files.read_bytes(folder / NAME).decode()):
            return read
    given = from_text(job.details.get(DETAIL, ""))
    small = [each for each in given if not each.is_folder and each.size <= READ_AT_END]
    return read_all(small, Path(job.cwd), folder.parent.parent) if small else ()


def _is_as_it_was(given: GivenData) -> bool:
    try:
        status = Path(given.path).stat()
    except OSError:
        return False
    return given.is_same_file(status.st_size, status.st_mtime_ns)


def _input(given: GivenData) -> "DatasetInput":
    from mlflow.entities import Dataset, DatasetInput, InputTag

    from mlops_tui.services.runs.mlflow_run import CONTEXT_TAG

    schema, rows = table_facts.schema_of(Path(given.path))
    profile = {"num_rows": rows} if rows is not None else {}
    counted = profile | {"num_bytes": given.size, "num_files": given.files}
    source = json.dumps({"uri": given.path})
    dataset = Dataset(
        given.name[:500], given.digest, "local", source, schema or None, json.dumps(counted)
    )
    tags = {CONTEXT_TAG: given.context, PARAMETER: given.parameter, TRACKED: given.tracked_by}
    tags |= {COMMIT: given.commit, DIRTY: str(given.is_dirty).lower() if given.commit else ""}
    return DatasetInput(dataset, [InputTag(key, text[:500]) for key, text in tags.items() if text])


def main(folder: Path) -> None:
    """Read the data of the job whose record is in a folder; keep the digests beside it."""
    from mlops_tui.services.processes import records

    record = records.read(folder)
    given = from_text(record.details.get(DETAIL, "")) if record else ()
    if record and given:
        read = read_all(given, Path(record.cwd), folder.parent.parent)
        with suppress(OSError):
            small_files.write(folder / NAME, to_text(read).encode())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
