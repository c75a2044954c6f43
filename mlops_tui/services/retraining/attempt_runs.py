"""Attempts of retraining as runs of MLflow: begun by one machine alone, written step by step.

They lie in the experiment of the monitors. Each field of an attempt is a tag of its run; what
people decide has tags of its own, so that no step overwrites it.
"""

import socket
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from mlops_tui.domain.errors import Conflict, NotFound
from mlops_tui.domain.experiments.experiment import KIND_TAG, MONITORING
from mlops_tui.domain.models.registry_event import EventKind, RegistryEvent, shortened
from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.retraining.attempt import ENDS, RetrainingAttempt, Step
from mlops_tui.domain.retraining.retraining_rule import TAG, Arrow
from mlops_tui.domain.runs.run import RunStatus
from mlops_tui.domain.store import Store
from mlops_tui.services.models import history
from mlops_tui.services.models.event_runs import CREATED, MODEL
from mlops_tui.services.models.recorded_change import change
from mlops_tui.services.models.recorder import Present
from mlops_tui.services.store import own_experiments
from mlops_tui.services.store.failures import translated
from mlops_tui.services.store.store import client, exists

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mlflow import MlflowClient, entities

KIND = "retraining"
FIELD = "mlops_tui.retraining."
APPROVED, DECLINED = f"{FIELD}approved.", f"{FIELD}declined"
TEXTS = (
    *("because", "sentence", "monitor_id", "retrained_from", "owner", "job_id", "run_id"),
    *("version", "gate_job", "data", "digest"),
)
NUMBERS = ("fired_at", "rows", "new_rows", "changed_at")
MOST = 200
"""Attempts of a model that are read: the newest."""
LONGEST = 1_000
"""Characters of a sentence that is kept."""
STATUS = {
    Step.DONE: RunStatus.FINISHED,
    Step.FAILED: RunStatus.FAILED,
    Step.STOPPED: RunStatus.KILLED,
}


@translated()
def list_attempts(store: Store, model: str) -> tuple[RetrainingAttempt, ...]:
    """Return the newest attempts of a model, newest first."""
    if not exists(store):
        return ()
    mlflow_client = client(store)
    key = history.created(mlflow_client.get_registered_model(model))
    return _attempts(mlflow_client, {CREATED: key})


@translated()
def newest_attempts(store: Store) -> tuple[RetrainingAttempt, ...]:
    """Return the newest attempts of all models, newest first."""
    if not exists(store):
        return ()
    mlflow_client = client(store)
    return _attempts(mlflow_client, {})


def _attempts(
    mlflow_client: "MlflowClient", tags: "Mapping[str, str]"
) -> tuple[RetrainingAttempt, ...]:
    runs = own_experiments.tagged_runs(mlflow_client, MONITORING, {KIND_TAG: KIND, **tags})
    attempts = map(attempt_of, islice(runs, MOST))
    return tuple(sorted(attempts, key=lambda each: -each.fired_at))


@translated()
def read_attempt(store: Store, attempt_id: str) -> RetrainingAttempt:
    """Return an attempt as it is now. Raises ``NotFound``."""
    run = client(store).get_run(attempt_id)
    if run.data.tags.get(KIND_TAG) != KIND:
        raise NotFound(f"Run {one_line(attempt_id, 40)} is no attempt of retraining.")
    return attempt_of(run)


def begin(
    store: Store,
    attempt: RetrainingAttempt,
    rule_text: str,
    seen: Sequence[RetrainingAttempt],
) -> RetrainingAttempt:
    """Make the run of an attempt, while nobody else changes the model.

    Raises ``Conflict`` where there is another attempt than those that were ``seen`` when it was
    decided, or the rule is another one now: of two machines that see the same chunks, one makes it.
    """
    event = RegistryEvent(
        attempt.model, EventKind.RETRAINING, after=shortened(attempt.because), reason="by its rule"
    )

    known = {each.attempt_id for each in seen}

    def check(present: Present) -> None:
        if present[0].tags.get(TAG, "").strip() != rule_text.strip():
            raise Conflict(f"The retraining rule of {attempt.model} was changed meanwhile.")
        for other in list_attempts(store, attempt.model):
            if other.is_underway or other.attempt_id not in known:
                raise Conflict(f"Another attempt to retrain {attempt.model} was begun.")

    def write(mlflow_client: "MlflowClient") -> RetrainingAttempt:
        key = history.created(mlflow_client.get_registered_model(attempt.model))
        experiment = own_experiments.begin(store, mlflow_client, MONITORING)
        tags = {KIND_TAG: KIND, CREATED: key, "mlflow.user": history.who(store)}
        name = f"{attempt.model} retraining"[:200]
        made = mlflow_client.create_run(
            experiment, attempt.fired_at, {**tags, **_tags(attempt)}, name
        )
        return attempt_of(mlflow_client.get_run(made.info.run_id))

    return change(store, event, check=check, write=write).value


@translated()
def record(store: Store, attempt: RetrainingAttempt) -> RetrainingAttempt:
    """Write an attempt as it is now; end its run where it has ended. Return it."""
    from mlflow.entities import RunTag

    mlflow_client = client(store)
    attempt = replace(attempt, changed_at=history.now())
    if not attempt.is_underway:
        attempt = replace(attempt, ended_at=attempt.changed_at, waits_for_person=False)
    tags = [RunTag(key, text) for key, text in _tags(attempt).items()]
    mlflow_client.log_batch(attempt.attempt_id, tags=tags)
    if attempt.step in ENDS:
        mlflow_client.set_terminated(
            attempt.attempt_id, STATUS[attempt.step].value, attempt.ended_at
        )
    return attempt


@translated()
def approve(store: Store, attempt_id: str, arrow: Arrow) -> None:
    """Note that a person allows an arrow."""
    client(store).set_tag(attempt_id, f"{APPROVED}{arrow}", history.who(store))


@translated()
def decline(store: Store, attempt_id: str, reason: str = "") -> RetrainingAttempt:
    """Note that a person stops an attempt; return it."""
    by = history.who(store)
    words = f"declined by {by}" + (f": {one_line(reason, LONGEST)}" if reason.strip() else ".")
    client(store).set_tag(attempt_id, DECLINED, words)
    return record(store, read_attempt(store, attempt_id))


def owner_of(state_dir: Path) -> str:
    """Return the name by which this machine and state directory own their attempts."""
    digest = sha256(str(state_dir.absolute()).encode()).hexdigest()[:8]
    return f"{socket.gethostname()} {digest}"


def attempt_of(run: "entities.Run") -> RetrainingAttempt:
    """Return the attempt that a run tells; what makes no sense in it is left out."""
    tags: Mapping[str, str] = run.data.tags
    texts = {name: tags.get(f"{FIELD}{name}", "") for name in TEXTS}
    numbers = {name: _whole(tags.get(f"{FIELD}{name}", "")) for name in NUMBERS}
    by_arrow = {arrow: tags.get(f"{APPROVED}{arrow}", "") for arrow in Arrow}
    attempt = RetrainingAttempt(
        attempt_id=run.info.run_id,
        model=tags.get(MODEL, ""),
        step=_step(tags.get(f"{FIELD}step", "")) or Step.STOPPED,
        failed_at=_step(tags.get(f"{FIELD}failed_at", "")),
        waits_for_person=tags.get(f"{FIELD}waits_for_person") == "true",
        approved=frozenset(arrow for arrow, by in by_arrow.items() if by),
        approved_by=next((by for by in reversed(by_arrow.values()) if by), ""),
        ended_at=run.info.end_time or None,
        **texts,  # type: ignore[arg-type]
        **numbers,  # type: ignore[arg-type]
    )
    declined = tags.get(DECLINED, "")
    if not declined or attempt.step in (Step.DONE, Step.FAILED):
        return attempt
    return replace(attempt, step=Step.STOPPED, waits_for_person=False, sentence=declined)


def _tags(attempt: RetrainingAttempt) -> dict[str, str]:
    told = {name: str(getattr(attempt, name))[:LONGEST] for name in (*TEXTS, *NUMBERS)}
    told |= {"step": attempt.step.value, "failed_at": attempt.failed_at or ""}
    told["waits_for_person"] = "true" if attempt.waits_for_person else ""
    return {MODEL: attempt.model} | {f"{FIELD}{name}": text for name, text in told.items()}


def _step(text: str) -> Step | None:
    return Step(text) if text in list(Step) else None


def _whole(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) <= 15 else 0  # noqa: PLR2004 - of a time
