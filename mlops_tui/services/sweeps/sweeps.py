"""Sweeps: launched, gone on with, read."""

import sys
from dataclasses import replace
from pathlib import Path

from mlops_tui.domain.errors import Conflict, InvalidInput, NotFound
from mlops_tui.domain.jobs.job_options import JobOptions, options_of
from mlops_tui.domain.jobs.job_spec import JobSpec
from mlops_tui.domain.jobs.launchable import Launchable
from mlops_tui.domain.jobs.launcher_form import THIS_MACHINE
from mlops_tui.domain.processes.process import TRIAL_OF, ProcessRecord, ProcessState
from mlops_tui.domain.runs.run import Run
from mlops_tui.domain.runs.silence import OPEN
from mlops_tui.domain.store import Store
from mlops_tui.domain.sweeps.sweep import Sweep
from mlops_tui.domain.sweeps.sweep_plan import (
    SWEEP_TAG,
    Space,
    SweepPlan,
    checked,
    plan_of,
    read_plan,
    space_of,
)
from mlops_tui.domain.sweeps.trial import trials_of
from mlops_tui.domain.sweeps.trial_job import trial_job
from mlops_tui.domain.tags import LONGEST_VALUE
from mlops_tui.services.jobs import help_output, jobs
from mlops_tui.services.jobs.launchables import read_launchable
from mlops_tui.services.jobs.python_check import check_python
from mlops_tui.services.launchers import all_launchers, settlement
from mlops_tui.services.store.failures import translated
from mlops_tui.services.sweeps.samplers import check_available, sampler_of
from mlops_tui.services.sweeps.sweep_runs import children
from mlops_tui.services.worker.calls import LONG, may_take

DEFAULTS = JobOptions()
RUNNER = "mlops_tui.services.sweeps.sweep_runner"


@may_take(LONG)
def launch_sweep(
    store: Store,
    state_dir: Path,
    launchable: Launchable,
    plan: SweepPlan,
    options: JobOptions = DEFAULTS,
) -> ProcessRecord:
    """Start the job that makes a sweep; everything is checked before. Raises ``ServiceError``.

    ``options`` take the place of the plan's: values of variables are handed on, never written.
    """
    plan, space = checked_plan(launchable, plan, options)
    if all_launchers.LAUNCHERS[all_launchers.name_of(options.runs_on)].is_local:
        python = options.python or launchable.python
        check_python(plan.target, python, Path(options.directory or launchable.directory))
    spec = _spec(launchable, plan, space, state_dir, plan.trials)
    return jobs.launch(store, state_dir, spec, options.variables)


def checked_plan(
    launchable: Launchable, plan: SweepPlan, options: JobOptions
) -> tuple[SweepPlan, Space]:
    """Return the plan as it would be carried out, with its space. Raises ``ServiceError``."""
    texts = options.texts()
    if options.free != texts["arguments"]:
        raise InvalidInput(
            "The further arguments look as if they held a secret, which a sweep would write down.",
            "Give it as a variable.",
        )
    own = {"directory": launchable.directory, "python": launchable.python}
    given = {name: text for name, text in texts.items() if text}
    plan = replace(plan, target=launchable.target, options=own | given)
    space = space_of(launchable, plan)
    return checked(plan, space), space


def continue_sweep(store: Store, state_dir: Path, parent_run: str) -> ProcessRecord:
    """Start a job that makes the trials which a sweep has left, as MLflow tells them."""
    sweep = read_sweep(store, parent_run)
    if sweep.left <= 0:
        raise Conflict("All trials of this sweep are done.")
    _refuse_active(state_dir, sweep.run)
    left = {run.job_id for run in children(store, parent_run) if run.status in OPEN}
    for job_id in filter(None, {sweep.run.job_id, *left}):
        settlement.settle(store, job_id, ProcessState.LOST)
    plan = replace(sweep.plan, parent_run=parent_run)
    launchable = launchable_of(store, plan)
    options, _ = options_of(plan.options)
    spec = _spec(launchable, plan, space_of(launchable, plan), state_dir, sweep.left)
    return jobs.launch(store, state_dir, spec, options.variables)


@translated()
def sweep_of_job(store: Store, job_id: str) -> str:
    """Return the run of the sweep that a job made, or made trials of. Raises ``NotFound``."""
    from mlops_tui.services.runs.runs import runs_of_job

    found = runs_of_job(store, job_id)
    own = [run.run_id for run in found if SWEEP_TAG in run.tags]
    above = [run.parent_id for run in found if run.parent_id]
    if not own and not above:
        raise NotFound("The sweep has made no run yet.")
    return (own or above)[0]


def read_sweep(store: Store, parent_run: str) -> Sweep:
    """Return a sweep as MLflow knows it."""
    from mlops_tui.services.runs.runs import get_run

    run = get_run(store, parent_run).run
    plan = read_plan(run.tags.get(SWEEP_TAG, ""))
    if plan is None:
        raise InvalidInput(f"{run.name} is no sweep.")
    return Sweep(run, plan, trials_of(children(store, parent_run), plan.metric))


def launchable_of(store: Store, plan: SweepPlan) -> Launchable:
    """Return what a plan launches, asked with ``--help`` where its text does not tell enough."""
    folder = Path(plan.options.get("directory") or Path.cwd())
    found = read_launchable(plan.target, store, folder, plan.options.get("python", ""))
    return help_output.naming(found, plan.fields)


def _spec(
    launchable: Launchable, plan: SweepPlan, space: Space, state_dir: Path, count: int
) -> JobSpec:
    check_available(plan.method)
    options, _ = options_of(plan.options)
    text = plan.to_json()
    if len(text) > LONGEST_VALUE:
        raise InvalidInput(
            f"The plan has {len(text):,} characters; MLflow keeps {LONGEST_VALUE:,}."
        )
    point = sampler_of(plan, space.swept).suggest(0)
    first = trial_job(launchable, plan, space.fixed, 0, point)
    arrays = all_launchers.arrays_of(first.runs_on) if plan.method.is_listed else None
    if arrays:
        arrays.check(first.resources, count, plan.at_once)
    return replace(
        first,
        title=options.run_name or f"sweep of {launchable.title}",
        command=(sys.executable, "-P", "-m", RUNNER, str(state_dir.absolute())),
        parameters=space.fixed,
        run_name=options.run_name,
        runs_on=THIS_MACHINE if arrays else first.runs_on,
        resources={} if arrays else first.resources,
        sweep=text,
        submits=arrays is not None,
    )


def _refuse_active(state_dir: Path, run: Run) -> None:
    for record in jobs.list_jobs(state_dir):
        plan = plan_of(record)
        goes_on = plan is not None and plan.parent_run == run.run_id
        own = run.job_id in (record.process_id, record.details.get(TRIAL_OF))
        if record.is_underway and (own or goes_on):
            state = "settling" if record.is_settling else record.state.value
            raise Conflict(f"{record.title} is still {state}.", "Stop it first.")
