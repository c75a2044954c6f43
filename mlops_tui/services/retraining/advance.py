"""Going on with an attempt: step by step, each recorded, as far as nobody has to be asked."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from mlops_tui.domain.errors import Conflict, ServiceError, Unreachable
from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.retraining.attempt import RetrainingAttempt, Step
from mlops_tui.domain.retraining.retraining_rule import Arrow, Paused
from mlops_tui.services.files import small_files, state_directory
from mlops_tui.services.retraining import attempt_runs, registry_steps, training_step
from mlops_tui.services.retraining.training_step import FOLDER, Context

Do = Callable[[Context, RetrainingAttempt], RetrainingAttempt]
DO: Mapping[Step, Do] = {
    Step.TRAIN: training_step.train,
    Step.REGISTER: registry_steps.register,
    Step.GATE: registry_steps.check,
    Step.STAGING: registry_steps.move,
    Step.PRODUCTION: registry_steps.move,
}
MOVES = (Step.STAGING, Step.PRODUCTION)


@contextmanager
def alone(state_dir: Path, model: str) -> Iterator[None]:
    """Keep other processes of this machine from working on the attempts of a model.

    Raises ``Conflict`` where one does for longer than some seconds.
    """
    from hashlib import sha256

    state_directory.make(state_dir)
    folder = state_dir / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    key = sha256(model.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    lock = small_files.locked(folder / key)
    try:
        lock.__enter__()
    except ServiceError:
        raise Conflict(
            f"Another process works on the retraining of {one_line(model, 100)}.",
            "Try again in a moment.",
        ) from None
    try:
        yield
    finally:
        lock.__exit__(None, None, None)


def advance(context: Context, attempt: RetrainingAttempt) -> RetrainingAttempt:
    """Go on with an attempt until it ends, or something has to be waited for; return it.

    Only who has the lock of ``alone`` may call it, for an attempt of this machine. What fails ends
    the attempt, but for a store that is away or a change of somebody else: these are raised, and
    the step is done at the next call.
    """
    while attempt.is_underway:
        before = attempt
        if _must_wait(context, attempt):
            attempt = replace(attempt, waits_for_person=True)
        else:
            attempt = _done(context, replace(attempt, waits_for_person=False))
        if attempt == before:
            break
        attempt = attempt_runs.record(context.store, attempt)
        if attempt.step is before.step:
            break
        # A person may have declined it meanwhile.
        attempt = attempt_runs.read_attempt(context.store, attempt.attempt_id)
    return attempt


def _must_wait(context: Context, attempt: RetrainingAttempt) -> bool:
    """Return whether a person has to allow the step; one that was begun goes on."""
    arrow = Arrow(attempt.step.value)
    is_begun = attempt.job_id if attempt.step is Step.TRAIN else attempt.gate_job
    if arrow in attempt.approved or (is_begun and attempt.step in (Step.TRAIN, Step.GATE)):
        return False
    if context.rule.is_asked(arrow) or context.rule.paused is not Paused.NO:
        return True
    return attempt.step in MOVES and not registry_steps.has_gate(context)


def _done(context: Context, attempt: RetrainingAttempt) -> RetrainingAttempt:
    try:
        return DO[attempt.step](context, attempt)
    except (Unreachable, Conflict):
        raise
    except ServiceError as error:
        sentence = one_line(str(error), 600)
        return replace(attempt, step=Step.FAILED, failed_at=attempt.step, sentence=sentence)
