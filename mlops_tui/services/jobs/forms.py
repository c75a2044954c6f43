"""Forms of what can be launched: new ones, or filled as something was launched before."""

from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from mlops_tui.domain.errors import NotFound, ServiceError
from mlops_tui.domain.jobs.cli_reading.help_text import SOURCE
from mlops_tui.domain.jobs.filled_form import (
    FilledForm,
    asking_again,
    default_options,
    default_texts,
    matched,
)
from mlops_tui.domain.jobs.job_differences import proposed_name
from mlops_tui.domain.jobs.job_spec import filled_in, not_kept, target_of
from mlops_tui.domain.jobs.launchable import Launchable, Target, TargetKind
from mlops_tui.domain.jobs.recipe import to_text
from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.processes.process import BATCH, EXPORT, GATE, ProcessKind, ProcessRecord
from mlops_tui.domain.runs.run import Run, RunDetail
from mlops_tui.domain.store import Store
from mlops_tui.domain.sweeps.trial import trial_of
from mlops_tui.domain.tags import tags_text
from mlops_tui.services.jobs import help_output, launch_memory
from mlops_tui.services.jobs.launchables import find_target, read_launchable
from mlops_tui.services.jobs.run_program import target_of_run
from mlops_tui.services.launchers import processes
from mlops_tui.services.store.failures import translated
from mlops_tui.services.worker.calls import LONG, may_take

WITHOUT_RECORD = "Filled from the run's params; what it did not log is as by default."


@dataclass(frozen=True, slots=True)
class LaunchContext:
    """What a form is read with: the store, our records, the folder, the setting for the Python."""

    store: Store
    state_dir: Path
    directory: Path
    python: str = ""


@may_take(LONG)
def typed_form(context: LaunchContext, text: str, entry_point: str = "") -> FilledForm:
    """Return the form of what is meant by a typed text."""
    return new_form(context, find_target(text, context.directory, entry_point))


@may_take(LONG)
@translated()
def new_form(context: LaunchContext, target: Target) -> FilledForm:
    """Return a form with the values of the last launch, else with the defaults."""
    launchable = _as_launched_last(context, target)
    texts, options = launch_memory.last_values(context.state_dir, launchable.target)
    launchable = _naming(launchable, texts)
    defaults, known = default_texts(launchable), default_options(launchable)
    return FilledForm(
        launchable,
        texts=defaults | _of_these(texts, defaults),
        original=defaults,
        options=known | options,
        original_options=known,
        note="Filled with the values of its last launch." if texts or options else "",
    )


@may_take(LONG)
@translated()
def form_of_command(context: LaunchContext, launchable: Launchable, command: str) -> FilledForm:
    """Return the form of another sub-command, or entry point, of the same thing."""
    target = replace(launchable.target, entry_point=command)
    form = new_form(context, target)
    if launchable.line.source != SOURCE:
        return form
    asked = help_output.ask_help(form.launchable)
    defaults = default_texts(asked)
    texts = defaults | _of_these(form.texts, defaults)
    return replace(form, launchable=asked, texts=texts, original=defaults)


def _as_launched_last(context: LaunchContext, target: Target) -> Launchable:
    """Return it with the sub-command of its last launch, unless that is gone."""
    where = (context.store, context.directory, context.python)
    last = launch_memory.with_last_command(context.state_dir, target)
    with suppress(NotFound):
        return read_launchable(last, *where)
    return read_launchable(target, *where)


def _naming(launchable: Launchable, names: Iterable[str]) -> Launchable:
    """Return it asked with ``--help`` where names say that this was done before."""
    try:
        return help_output.naming(launchable, names)
    except ServiceError:
        return launchable


@may_take(LONG)
@translated()
def form_of_job(context: LaunchContext, job_id: str) -> FilledForm:
    """Return the form as a job was launched."""
    record = processes.get(context.state_dir, ProcessKind.JOB, job_id)
    return _form_of_record(context, record)


@may_take(LONG)
@translated()
def form_of_run(context: LaunchContext, run_id: str) -> FilledForm:
    """Return the form as the job of a run was launched, else as far as the run's tags tell."""
    from mlops_tui.services.runs.runs import get_run

    detail = get_run(context.store, run_id)
    if detail.run.job_id:
        try:
            return _with_trial(form_of_job(context, detail.run.job_id), detail.run)
        except NotFound:
            pass
    return _form_of_tags(context, detail)


def _with_trial(form: FilledForm, run: Run) -> FilledForm:
    """Return the form of a sweep as one of its trials was launched."""
    trial = trial_of(run, "")
    if trial is None:
        return form
    tried = {name: to_text(value) for name, value in trial.point.items()}
    texts = {**form.texts, **_of_these(tried, form.texts)}
    return replace(form, texts=texts, original=texts)


def _form_of_record(context: LaunchContext, record: ProcessRecord) -> FilledForm:
    if GATE in record.details:
        raise ServiceError(f"{record.title} is the check of a gate: run it again on the version.")
    if BATCH in record.details:
        raise ServiceError(f"{record.title} was scored in a batch: press b on the version again.")
    if EXPORT in record.details:
        raise ServiceError(f"{record.title} was exported: press X on the version again.")
    target = target_of(record.details)
    if target is None:
        raise ServiceError(f"The record of {record.title} does not say what was launched.")
    texts, options = filled_in(record.details)
    launchable = read_launchable(target, context.store, context.directory, context.python)
    launchable = _naming(launchable, texts)
    defaults = default_texts(launchable)
    known = default_options(launchable) | {"directory": record.cwd} | options
    gone = sorted(texts.keys() - defaults.keys())
    filled = defaults | _of_these(texts, defaults)
    names = one_line(", ".join(gone), 200)
    form = FilledForm(
        launchable,
        texts=filled,
        original=filled,
        options=known,
        original_options=known,
        word="was",
        note=f"It no longer takes {names}." if gone else "",
    )
    taken = {job.title for job in processes.list_processes(context.state_dir, ProcessKind.JOB)}
    return _named(asking_again(form, not_kept(record.details)), record.title, taken)


def _named(form: FilledForm, before: str, taken: Collection[str]) -> FilledForm:
    """Return the form with a name of its own: jobs of one name cannot be told apart."""
    name = {"run_name": proposed_name(before, taken)}
    if form.launchable.target.kind is TargetKind.RECIPE:
        return replace(form, texts={**form.texts, **name})
    return replace(form, options={**form.options, **name})


def _form_of_tags(context: LaunchContext, detail: RunDetail) -> FilledForm:
    run = detail.run
    target = target_of_run(run, context.directory)
    launchable = read_launchable(target, context.store, context.directory, context.python)
    texts, left = matched(launchable, run.params)
    filled = default_texts(launchable) | texts
    if target.kind is TargetKind.RECIPE:
        filled |= {"experiment": detail.experiment_name, "run_name": run.name}
    own = {k: v for k, v in run.tags.items() if not k.startswith(("mlflow.", "mlops_tui."))}
    options = default_options(launchable) | {
        "experiment": detail.experiment_name,
        "run_name": run.name,
        "tags": tags_text(own),
    }
    names = one_line(", ".join(left), 200)
    form = FilledForm(
        launchable,
        texts=filled,
        original=filled,
        options=options,
        original_options=options,
        word="was",
        note=f"{WITHOUT_RECORD} No field for {names}." if left else WITHOUT_RECORD,
    )
    return _named(form, run.name, ())


def _of_these(texts: Mapping[str, str], known: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in texts.items() if name in known}
