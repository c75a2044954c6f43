"""Records the changes of one registered model: those made here, and those seen."""

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from mlops_tui.domain.errors import NotFound
from mlops_tui.domain.models.model import ModelVersion, RegisteredModel
from mlops_tui.domain.models.registry_event import EventKind, RegistryEvent
from mlops_tui.domain.models.registry_state import ModelState, changes_between, is_done, state_of
from mlops_tui.domain.runs.run import RunStatus
from mlops_tui.domain.store import Store
from mlops_tui.services.models import history
from mlops_tui.services.models.event_runs import (
    CHANGED,
    STATE,
    event_of,
    event_tags,
    is_look,
    run_name,
)
from mlops_tui.services.models.registry import read_model
from mlops_tui.services.models.registry_ticket import Tickets
from mlops_tui.services.store.failures import translated

if TYPE_CHECKING:
    from mlflow import MlflowClient, entities

Present = tuple[RegisteredModel, tuple[ModelVersion, ...]]
"""A model with its versions, as they are now."""

UNFINISHED = "its writer ended before it was done"
UNKNOWN = "its writer ended; whether it was done is not known"


class Recorder:
    """The history of one model while it is being changed; ``key`` is when the model was made."""

    def __init__(
        self, store: Store, mlflow_client: "MlflowClient", experiment: str, key: str
    ) -> None:
        self._client = mlflow_client
        self._experiment = experiment
        self._key = key
        self._by = history.who(store)
        self._noted: dict[str, str] = {}
        """The tags that our ticket was made with."""
        self._newest = 0
        """When the newest change that is recorded was made."""
        self.tickets = Tickets(mlflow_client, experiment, key, self._settle)

    def take(self, event: RegistryEvent) -> str:
        """Return a ticket for a change, once nobody else is changing the model."""
        self._noted = event_tags(event, self._key, self._by)
        return self.tickets.take(run_name(event), self._noted)

    def see(self, present: Present) -> tuple[RegistryEvent, ...]:
        """Record what was changed elsewhere since the newest change that is recorded.

        Only who has a ticket may do so; else two who look would record the same.
        """
        seen = self.unseen(present)
        for event in seen:
            tags = event_tags(event, self._key, self._by)
            if event is seen[-1]:
                tags |= self._state(present)
            history.add(self._client, self._experiment, tags, event, self._moment())
        return seen

    def unseen(self, present: Present) -> tuple[RegistryEvent, ...]:
        """Return the same, not recorded yet."""
        newest = history.newest_state(self._client, self._experiment, self._key)
        if newest is None:
            return ()
        state, self._newest = newest
        return seen_changes(state, self._newest, present)

    def finish(
        self, ticket: str, event: RegistryEvent, present: Present | None, *, trouble: str = ""
    ) -> None:
        """Record that a change was made (with ``trouble``: in part), and what the model is now."""
        from mlflow.entities import RunTag

        event = replace(event, trouble=trouble)
        tags = event_tags(event, self._key, self._by) | (self._state(present) if present else {})
        new = [RunTag(key, text) for key, text in tags.items() if self._noted.get(key) != text]
        new += [RunTag(key, "") for key in self._noted if key not in tags]
        self._client.log_batch(ticket, tags=new)
        self._client.set_terminated(
            ticket, RunStatus.FAILED if trouble else RunStatus.FINISHED, self._moment()
        )

    def _state(self, present: Present) -> dict[str, str]:
        return {STATE: state_of(*present).as_text(), CHANGED: self._key}

    def _moment(self) -> int:
        """Return the time, later than that of all changes so far, whoever's clock is wrong."""
        self._newest = max(history.now(), self._newest + 1)
        return self._newest

    def _settle(self, run: "entities.Run") -> None:
        """Record what became of a change whose writer died: look whether it is done."""
        if is_look(run):
            self.tickets.withdraw(run.info.run_id)
            return
        event = event_of(run)
        present = self.present(event)
        is_gone = present is None and event.kind is EventKind.DELETED
        done = is_done(event, state_of(*present)) if present else is_gone
        trouble = "" if done else UNKNOWN if done is None else UNFINISHED
        newest = history.newest_state(self._client, self._experiment, self._key)
        self._newest = newest[1] if newest else 0
        ours, self._by, self._noted = (self._by, self._noted), run.info.user_id or self._by, {}
        self.finish(run.info.run_id, event, None if trouble else present, trouble=trouble)
        self._by, self._noted = ours

    def present(self, event: RegistryEvent) -> Present | None:
        """Return the model of a change as it is now, None where it is gone."""
        names = (event.after, event.model) if event.kind is EventKind.RENAMED else (event.model,)
        for name in names:
            try:
                with translated():
                    return read_model(self._client, name)
            except NotFound:
                continue
        return None


def seen_changes(state: ModelState, at: int, present: Present) -> tuple[RegistryEvent, ...]:
    """Return what was changed since a model was in a state, as seen between then and now."""
    found = changes_between(state, state_of(*present), texts_of(*present))
    return tuple(replace(event, since=at, at=max(history.now(), at + 1)) for event in found)


def texts_of(model: RegisteredModel, versions: Iterable[ModelVersion]) -> dict[int, str]:
    """Return the descriptions of a model (0) and its versions by number."""
    return {0: model.description, **{int(one.version): one.description for one in versions}}
