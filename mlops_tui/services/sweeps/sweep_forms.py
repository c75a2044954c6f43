"""The values that the form of a sweep starts with."""

from dataclasses import replace
from pathlib import Path

from mlops_tui.domain.jobs.filled_form import FilledForm, default_texts
from mlops_tui.domain.sweeps.search_space import single_text
from mlops_tui.domain.sweeps.sweep_plan import SweepPlan, plan_of
from mlops_tui.services.jobs import forms, jobs
from mlops_tui.services.jobs.forms import LaunchContext
from mlops_tui.services.worker.calls import LONG, may_take


@may_take(LONG)
def form_for_sweep(context: LaunchContext, form: FilledForm) -> tuple[FilledForm, SweepPlan | None]:
    """Return the form as its target was swept last, with that plan; as it is where it never was."""
    plan = last_plan(context.state_dir, form)
    return (_as_planned(form, plan), plan) if plan else (_of_single_values(form), None)


@may_take(LONG)
def form_of_sweep(context: LaunchContext, job_id: str) -> tuple[FilledForm, SweepPlan | None]:
    """Return the form as a sweep was launched, with its plan."""
    form = forms.form_of_job(context, job_id)
    plan = next(
        (plan_of(job) for job in jobs.list_jobs(context.state_dir) if job.process_id == job_id),
        None,
    )
    return (_as_planned(form, plan), plan) if plan else (form, None)


def last_plan(state_dir: Path, form: FilledForm) -> SweepPlan | None:
    """Return the plan of the latest sweep over the same target, None where there was none."""
    plans = (plan_of(job) for job in jobs.list_jobs(state_dir))
    return next((plan for plan in plans if plan and plan.target == form.launchable.target), None)


def _as_planned(form: FilledForm, plan: SweepPlan) -> FilledForm:
    defaults = default_texts(form.launchable)
    known = {name: text for name, text in plan.fields.items() if name in defaults}
    note = "Filled with the values of its last sweep."
    return replace(form, texts=defaults | known, original=defaults, word="default", note=note)


def _of_single_values(form: FilledForm) -> FilledForm:
    """Return the form whose values, which no sweep has tried, are not taken for lists or ranges."""
    known = {each.name: each for each in form.launchable.line.parameters}
    texts, original = (
        {name: single_text(known[name], text) if name in known else text for name, text in each}
        for each in (form.texts.items(), form.original.items())
    )
    return replace(form, texts=texts, original=original)
