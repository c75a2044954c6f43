"""Launching a job again that ran before, with its data replaced."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from mlops_tui.domain.errors import InvalidInput, NotFound, ServiceError, refuse_reasons
from mlops_tui.domain.home_path import expanded
from mlops_tui.domain.jobs.filled_form import FilledForm
from mlops_tui.domain.jobs.job_options import options_of
from mlops_tui.domain.jobs.job_spec import job_spec, secret_env
from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.processes.process import RETRAINING, ProcessKind, ProcessRecord
from mlops_tui.domain.retraining.retraining_rule import Launch
from mlops_tui.domain.store import Store
from mlops_tui.services.jobs import jobs
from mlops_tui.services.jobs.form_values import values_of
from mlops_tui.services.jobs.forms import LaunchContext, form_of_job, form_of_run
from mlops_tui.services.launchers import all_launchers, processes

TARGET = "target"
"""The parameter, if a program has it, that names the column with the true values."""


@dataclass(frozen=True, slots=True)
class Relaunch:
    """A job that ran before, ready to run again on other data."""

    form: FilledForm
    argument: str
    data: Path
    """The file that it was given, and that the new one begins with."""
    folder: Path
    """Where it works."""

    @property
    def target(self) -> str:
        """The column with the true values, as far as the program says it."""
        return self.form.texts.get(TARGET, "")


def read_relaunch(store: Store, state_dir: Path, launch: Launch) -> Relaunch:
    """Return what a rule launches. Raises ``ServiceError`` where that cannot be launched again."""
    try:
        record = processes.get(state_dir, ProcessKind.JOB, launch.source)
        context = LaunchContext(store, state_dir, Path(record.cwd))
        form = form_of_job(context, record.process_id)
    except NotFound:
        form = _form_of_run(store, state_dir, launch.source)
    folder = Path(form.options.get("directory") or form.launchable.directory)
    if launch.argument not in form.texts:
        known = one_line(", ".join(form.texts), 300) or "none"
        raise InvalidInput(
            f"{form.launchable.title} has no parameter {one_line(launch.argument, 60)!r} "
            "for the data.",
            f"It has: {known}.",
        )
    text = form.texts[launch.argument].strip()
    if not text:
        raise InvalidInput(
            f"{form.launchable.title} ran with an empty {launch.argument}: there are no rows to "
            "begin with.",
            "Launch it once with a file.",
        )
    return Relaunch(form, launch.argument, folder / expanded(text), folder)


def _form_of_run(store: Store, state_dir: Path, run_id: str) -> FilledForm:
    try:
        return form_of_run(LaunchContext(store, state_dir, Path.cwd()), run_id)
    except NotFound:
        raise NotFound(
            f"There is neither a job nor a run {one_line(run_id, 60)} to launch again here.",
            "Name another one in the rule: its job may have been removed.",
        ) from None


def launch_again(
    store: Store,
    state_dir: Path,
    again: Relaunch,
    data: Path,
    attempt_id: str,
    tags: Mapping[str, str],
) -> ProcessRecord:
    """Start the job on other data; its runs get the tags. Raises ``ServiceError``."""
    launchable = again.form.launchable
    values = values_of(launchable, {**again.form.texts, again.argument: str(data)})
    options, reasons = options_of(again.form.options, all_launchers.forms())
    refuse_reasons(reasons)
    spec = job_spec(launchable, values, options)
    spec = replace(spec, tags={**spec.tags, **tags}, attempt=attempt_id)
    return jobs.launch(store, state_dir, spec, secret_env(launchable, values, options))


def job_of(state_dir: Path, attempt_id: str) -> ProcessRecord | None:
    """Return the training job of an attempt, None where none was launched here."""
    found = jobs.list_jobs(state_dir)
    return next((each for each in found if each.details.get(RETRAINING) == attempt_id), None)


def training_time(store: Store, state_dir: Path, launch: Launch) -> int | None:
    """Return how long the last such job took, in ms; None where that is not known."""
    try:
        title = read_relaunch(store, state_dir, launch).form.launchable.target
    except ServiceError:
        return None
    for record in jobs.list_jobs(state_dir):
        same = record.details.get("target") == title.name
        ended = record.ended_at is not None and record.started_at is not None
        if same and ended and record.exit_code == 0:
            return max(0, (record.ended_at or 0) - (record.started_at or 0))
    return None
