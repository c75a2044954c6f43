import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from mlops_tui.domain.jobs.launchable import Target, TargetKind
from mlops_tui.domain.metrics.direction import Direction
from mlops_tui.domain.processes.process import ProcessKind, ProcessState
from mlops_tui.domain.runs.run import JOB_TAG, TRIAL_TAG
from mlops_tui.domain.store import Store
from mlops_tui.domain.sweeps.sweep_plan import SweepPlan
from mlops_tui.domain.sweeps.trial import VALUES_TAG
from mlops_tui.services.jobs import forms
from mlops_tui.services.jobs.forms import LaunchContext
from mlops_tui.services.processes import records
from mlops_tui.services.sweeps.sweep_forms import form_for_sweep, form_of_sweep
from tests.detached import planned
from tests.making import make_run

PROGRAM = """
import argparse
p = argparse.ArgumentParser()
p.add_argument("--lr", type=float, default=0.1)
p.add_argument("--depth", type=int, default=5)
p.parse_args()
"""


@pytest.fixture
def place(sqlite_store: Store, tmp_path: Path) -> LaunchContext:
    (tmp_path / "train.py").write_text(PROGRAM)
    return LaunchContext(sqlite_store, tmp_path / "state", tmp_path, sys.executable)


def recorded(place: LaunchContext) -> tuple[str, SweepPlan]:
    """Leave the record of a sweep that has ended; return its id with its plan."""
    target = Target(TargetKind.SCRIPT, str(place.directory / "train.py"))
    plan = SweepPlan(target, {"lr": "0.1,0.2", "gone": "1,2"}, "loss", Direction.MIN)
    details = {
        "kind": target.kind.value,
        "target": target.name,
        "values": json.dumps({"depth": 7}),
        "sweep": plan.to_json(),
    }
    record = replace(
        planned("python"), kind=ProcessKind.JOB, state=ProcessState.FINISHED, details=details
    )
    records.create(place.state_dir, record)
    return record.process_id, plan


def test_a_form_is_filled_as_its_target_was_swept_last(place: LaunchContext) -> None:
    new = forms.typed_form(place, "train.py")
    assert form_for_sweep(place, new) == (new, None)
    job_id, plan = recorded(place)
    for form, found in (form_for_sweep(place, new), form_of_sweep(place, job_id)):
        assert found == plan
        assert form.texts == {"lr": "0.1,0.2", "depth": "5"}
        assert form.original == {"lr": "0.1", "depth": "5"}
        assert form.note == "Filled with the values of its last sweep."


def test_what_made_a_trial_is_launched_again_with_what_it_tried(place: LaunchContext) -> None:
    job_id, _ = recorded(place)
    tags = {JOB_TAG: job_id, TRIAL_TAG: "3", VALUES_TAG: '{"lr": 0.2, "gone": 1}'}
    form = forms.form_of_run(place, make_run(place.store, tags=tags))
    assert form.texts == form.original == {"lr": "0.2", "depth": "7"}
    other = forms.form_of_run(place, make_run(place.store, tags={JOB_TAG: job_id}))
    assert other.texts["lr"] == "0.1"


def test_a_value_with_a_comma_stays_one_value_in_the_form_of_a_sweep(place: LaunchContext) -> None:
    program = "import argparse\np = argparse.ArgumentParser()\np.add_argument('--columns')\n"
    (place.directory / "text.py").write_text(f"{program}p.parse_args()\n")
    new = replace(forms.typed_form(place, "text.py"), texts={"columns": "a,b"})
    form, _ = form_for_sweep(place, new)
    assert form.texts == {"columns": '"a,b"'}
