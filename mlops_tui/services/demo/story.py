"""The steps of the demo's story, each by the services that the keys use, too."""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from random import Random
from typing import TypeVar

from mlops_tui import recipes
from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.jobs.filled_form import default_texts
from mlops_tui.domain.jobs.job_options import JobOptions
from mlops_tui.domain.jobs.job_spec import job_spec
from mlops_tui.domain.jobs.launchable import Target, TargetKind
from mlops_tui.domain.jobs.recipe import parse_all
from mlops_tui.domain.json_text import Json
from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.domain.models.stage import Stage
from mlops_tui.domain.models.transition import plan_transition
from mlops_tui.domain.monitoring.monitor import MonitorPlan
from mlops_tui.domain.monitoring.monitor_standing import MonitorStanding
from mlops_tui.domain.processes.process import ProcessKind, ProcessRecord
from mlops_tui.domain.retraining.retraining_rule import (
    BAND,
    Arrow,
    Conditions,
    Launch,
    RetrainingRule,
)
from mlops_tui.domain.serving.endpoint_options import CaptureChoice, EndpointOptions
from mlops_tui.domain.serving.model_server import ModelServer, ServerState
from mlops_tui.domain.store import Store
from mlops_tui.services.demo.loans import TARGET, applications, write_csv
from mlops_tui.services.demo.story_launch import MODEL
from mlops_tui.services.demo.traffic import HELD_OUT, Traffic
from mlops_tui.services.gate import gate_job, gate_rules
from mlops_tui.services.jobs import jobs
from mlops_tui.services.jobs.launchables import read_launchable
from mlops_tui.services.launchers import processes
from mlops_tui.services.models import registration, registry, registry_changes
from mlops_tui.services.monitoring import monitor_setup, monitors
from mlops_tui.services.retraining import retraining_rules
from mlops_tui.services.runs.runs import get_run, runs_of_job
from mlops_tui.services.serving import endpoints, servers

R = TypeVar("R")

ROWS = 2_000
"""Applications that the first version is trained on."""
CHUNK = 400
"""Rows that the monitor looks at together."""
CALM = 2
"""Chunks before the shift, and without an alarm after it: then the story is over."""
LOOK = 2.0
"""Seconds between two looks at what the monitor found out."""
LONGEST = 1_200.0
"""Seconds after which the client sends nothing more, whatever has come of it."""
GATE = """\
[[rule]]
evaluate = "accuracy"
data = "{data}"
target = "{target}"
min = 0.8

[[rule]]
evaluate = "accuracy"
data = "{data}"
target = "{target}"
better_by = 0.02
"""
GIVEN_AWAY = frozenset({Arrow.TRAIN, Arrow.REGISTER, Arrow.GATE, Arrow.STAGING})
"""What is done without asking; before Production a person is asked."""


def say(sentence: str) -> None:
    """Write a line of the log."""
    sys.stdout.write(f"{sentence}\n")
    sys.stdout.flush()


@dataclass(frozen=True, slots=True)
class Scene:
    """Where the story is told."""

    store: Store
    state_dir: Path
    folder: Path
    """The files with applications."""
    python: str = field(default=sys.executable)

    @property
    def training(self) -> Path:
        """What the first version is trained on."""
        return self.folder / "loans.csv"

    @property
    def holdout(self) -> Path:
        """What versions are checked on: labelled rows that nothing is trained on."""
        return self.folder / "holdout.csv"


def tell(scene: Scene) -> None:
    """Tell the story from the first training until drift is gone. Raises ``ServiceError``."""
    write_data(scene)
    job = train(scene)
    version = register(scene, job)
    enter_production(scene, version)
    server = serve(scene)
    plan = watch(scene, server)
    set_rule(scene, plan, job)
    drive(scene, server, plan)


def write_data(scene: Scene) -> None:
    """Write the applications of the past."""
    scene.folder.mkdir(parents=True, exist_ok=True)
    rows = applications(Random(7))  # noqa: S311 - made-up rows
    write_csv(scene.training, islice(rows, ROWS))
    write_csv(scene.holdout, islice(rows, HELD_OUT))
    say(f"Wrote {ROWS:,} applications to train on, {HELD_OUT} to validate on.")


def train(scene: Scene) -> ProcessRecord:
    """Train the first model."""
    recipe = recipes.find("tabular")
    assert recipe is not None  # noqa: S101 - it comes with mlops-tui
    target = Target(TargetKind.RECIPE, recipe.name)
    launchable = read_launchable(target, scene.store, scene.folder, scene.python)
    given = {"experiment": "Loans", "run_name": "loans", "data": str(scene.training)}
    given |= {"target": TARGET, "estimator": "svc"}
    values, reasons = parse_all(recipe, default_texts(launchable) | given)
    assert not reasons, reasons  # noqa: S101 - all of it stands above
    spec = job_spec(launchable, values, JobOptions())
    job = jobs.launch(scene.store, scene.state_dir, spec)
    say("The first model trains.")
    return _finished(scene, job)


def register(scene: Scene, job: ProcessRecord) -> ModelVersion:
    """Register the model that a job has trained."""
    run = runs_of_job(scene.store, job.process_id)[0]
    model = get_run(scene.store, run.run_id).models[0]
    made = registration.register(scene.store, name=MODEL, model=model, run_id=run.run_id)
    say(f"Registered {MODEL} v{made.value.version}.")
    return made.value


def enter_production(scene: Scene, version: ModelVersion) -> None:
    """Give Production a gate, let the version pass it, move the version there."""
    text = GATE.format(data=scene.holdout, target=TARGET)
    gate_rules.write_rules(scene.store, MODEL, Stage.PRODUCTION, text, "")
    request = gate_job.GateRequest(MODEL, version.version, Stage.PRODUCTION, scene.folder)
    say(f"The gate for Production checks v{version.version}.")
    _finished(scene, gate_job.launch_gate(scene.store, scene.state_dir, scene.python, request))
    known = registry.list_versions(scene.store, MODEL)
    move = plan_transition(known, version.version, Stage.PRODUCTION, archive_existing=True)
    registry_changes.move(scene.store, move, reason="the first version of the demo")
    say(f"v{version.version} passed, and is in Production.")


def serve(scene: Scene) -> ModelServer:
    """Serve what is in Production, every request captured; return the endpoint once it answers."""
    version = next(
        each
        for each in registry.list_versions(scene.store, MODEL)
        if each.stage is Stage.PRODUCTION
    )
    options = EndpointOptions(follow="stage:Production", capture=CaptureChoice(share=1.0))
    port = servers.suggest_port(state_dir=scene.state_dir)
    record = servers.launch_server(
        scene.store, scene.state_dir, scene.python, version, port, options
    )
    say(f"An endpoint on port {port} begins; it follows Production.")

    def ready() -> ModelServer | None:
        server = servers.get_server(scene.state_dir, record.process_id)
        if not server.state.is_up:
            raise ServiceError(f"The endpoint ended. {server.record.reason}")
        return server if server.state is ServerState.READY and server.figures else None

    return _until(ready)


def watch(scene: Scene, server: ModelServer) -> MonitorPlan:
    """Set up a monitor of what the endpoint is asked."""
    wish = monitor_setup.MonitorWish(
        watched=f"{MODEL}/Production",
        endpoint=server.record.process_id,
        chunk=str(CHUNK),
        metric="accuracy",
        target=TARGET,
        limits=("wasserstein=0.3", "js=0.2"),
        folder=scene.folder,
        python=scene.python,
    )
    plan = monitor_setup.plan_monitor(scene.store, scene.state_dir, wish)
    monitors.create(scene.store, scene.state_dir, plan)
    say(f"The monitor {plan.title} compares each {CHUNK} rows with the rows of the gate.")
    return plan


def set_rule(scene: Scene, plan: MonitorPlan, job: ProcessRecord) -> None:
    """Let the model be trained again when its accuracy falls; ask before Production."""
    rule = RetrainingRule(
        MODEL,
        Launch(job.process_id, "data"),
        Conditions(realised_below=BAND),
        monitor_id=plan.monitor_id,
        minimum_n=CHUNK // 2,
        minimum_labels=CHUNK // 2,
        cool_down_days=0.005,
        at_most_per_week=20,
        given_away=GIVEN_AWAY,
    )
    retraining_rules.set_rule(scene.store, rule, "")
    say("A rule trains again when the accuracy by labels falls below its band.")


def drive(scene: Scene, server: ModelServer, plan: MonitorPlan) -> None:
    """Send requests until drift was there and is gone, or for ``LONGEST`` seconds."""

    def tell_labels(labels: list[Json]) -> None:
        endpoints.add_labels(scene.state_dir, server.record, labels)

    traffic = Traffic(server, scene.holdout, tell_labels)
    say("A client sends applications; it tells their labels some seconds later.")
    end, looked_at, first = time.monotonic() + LONGEST, time.monotonic(), ""
    while time.monotonic() < end:
        traffic.step()
        if time.monotonic() - looked_at < LOOK:
            continue
        looked_at = time.monotonic()
        standing = monitors.read(scene.store, scene.state_dir, plan.monitor_id, chunks=0)
        first = first or standing.version
        if not traffic.is_shifted and standing.chunk_count >= CALM:
            traffic.is_shifted = True
            say("Prices rise to the threefold: now the applications are others.")
        elif traffic.is_shifted and _is_over(standing, first):
            say(f"Drift is gone: v{standing.version} answers.")
            break
    say(f"Sent {traffic.sent:,} requests, {traffic.failed:,} of them failed.")


def _is_over(standing: MonitorStanding, first: str) -> bool:
    """Return whether another version than the first has had chunks without an alarm."""
    newest = standing.chunks[-CALM:]
    is_other = standing.version not in ("", first)
    return is_other and len(newest) == CALM and not any(chunk.drift.drifted for chunk in newest)


def _finished(scene: Scene, job: ProcessRecord) -> ProcessRecord:
    """Wait for the end of a job. Raises ``ServiceError`` where it failed."""

    def ended() -> ProcessRecord | None:
        now = processes.get(scene.state_dir, ProcessKind.JOB, job.process_id)
        return None if now.is_underway else now

    record = _until(ended)
    if record.exit_code != 0:
        raise ServiceError(f"{record.title} {record.state}. {record.outcome}")
    return record


def _until(look: Callable[[], R | None]) -> R:
    while (found := look()) is None:
        time.sleep(0.3)
    return found
