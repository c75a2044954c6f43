"""Finds out what can be brought back: what was in a stage, or under an alias, before."""

from collections.abc import Iterator

from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.domain.models.registry_event import EventKind, Recorded, RegistryEvent
from mlops_tui.domain.models.registry_state import ModelState
from mlops_tui.domain.models.rollback import Held, Rollback, rollback_of
from mlops_tui.domain.models.stage import Stage
from mlops_tui.domain.models.transition import PREVIOUS
from mlops_tui.domain.store import Store
from mlops_tui.services.models import history, registry_changes
from mlops_tui.services.models.registry import list_versions

STAGES = (Stage.PRODUCTION, Stage.STAGING)

Told = list[tuple[RegistryEvent, ModelState]]


def rollbacks(store: Store, model: str) -> tuple[tuple[ModelVersion, ...], tuple[Rollback, ...]]:
    """Return the versions of a model, with what can be brought back: of stages, then of aliases."""
    versions = list_versions(store, model)
    newest_first = history.with_states(store, model)
    told = [(event, state) for event, state in reversed(newest_first) if state is not None]
    found = (
        rollback_of(versions, model, subject, _held(told, subject))
        for subject in _subjects(told, versions)
    )
    return versions, tuple(each for each in found if each is not None)


def roll_back(store: Store, plan: Rollback, *, reason: str = "") -> Recorded[None]:
    """Bring back what was there before. Raises ``Conflict`` when something was changed since."""
    event = RegistryEvent(
        plan.model,
        EventKind.ROLLBACK,
        plan.before[0],
        plan.subject,
        ",".join(plan.now),
        ",".join(plan.before),
        also=plan.transition.along() if plan.transition else "",
        reason=reason,
    )
    if plan.transition is not None:
        moved = registry_changes.move(store, plan.transition, told_as=event)
        return Recorded(None, moved.unrecorded)
    name, change = plan.model, plan.alias
    assert change is not None  # noqa: S101 - a rollback is one of the two
    return registry_changes.set_alias(
        store, name, change.alias, change.after, change.before, told_as=event
    )


def _held(told: Told, subject: str) -> Iterator[Held]:
    for event, state in told:
        goes_back = event.kind is EventKind.ROLLBACK and event.subject == subject
        yield Held(tuple(sorted(state.holders(subject), key=int)), event, goes_back)


def _subjects(told: Told, versions: tuple[ModelVersion, ...]) -> list[str]:
    known = {alias for _, state in told for alias in state.aliases or ()}
    known |= {alias for version in versions for alias in version.aliases}
    return [*STAGES, *(f"@{alias}" for alias in sorted(known - {PREVIOUS}))]
