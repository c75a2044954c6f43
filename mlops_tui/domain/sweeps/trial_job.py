"""The job of one trial of a sweep."""

import json
from collections.abc import Mapping
from dataclasses import replace

from mlops_tui.domain.jobs.job_options import options_of
from mlops_tui.domain.jobs.job_spec import RUN_NAME_TAG, JobSpec, job_spec, whole_command
from mlops_tui.domain.jobs.launchable import Launchable, TargetKind
from mlops_tui.domain.jobs.recipe import Value, to_text
from mlops_tui.domain.runs.run import TRIAL_TAG
from mlops_tui.domain.sweeps.sweep_plan import SweepPlan
from mlops_tui.domain.sweeps.trial import VALUES_TAG

PARENT_TAG = "mlflow.parentRunId"
"""By it MLflow nests a run in another."""


def trial_job(
    launchable: Launchable,
    plan: SweepPlan,
    fixed: Mapping[str, Value | None],
    number: int,
    at: Mapping[str, Value],
) -> JobSpec:
    """Return what runs a trial. Raises ``InvalidInput``."""
    values: dict[str, Value | None] = {**fixed, **at}
    if launchable.target.kind is TargetKind.RECIPE:
        values["run_name"] = trial_name(to_text(values.get("run_name")), number)
    options, _ = options_of(plan.options)
    command = whole_command(launchable, values, options)
    return replace(job_spec(launchable, values, options), command=command)


def trial_tags(
    plan: SweepPlan, parent_run: str, number: int, at: Mapping[str, Value]
) -> dict[str, str]:
    """Return the tags of each run that a trial makes; a program's own name for it wins."""
    return {
        PARENT_TAG: parent_run,
        RUN_NAME_TAG: trial_name(plan.options.get("run_name", ""), number),
        TRIAL_TAG: str(number),
        VALUES_TAG: json.dumps(dict(at)),
    }


def trial_name(run_name: str, number: int) -> str:
    """Return what a trial's run is called, from the name given to all of them."""
    return f"{run_name}-{number}" if run_name else f"trial {number}"
