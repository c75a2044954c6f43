"""Lets one writer at a time change a registered model, on any store that MLflow knows.

MLflow has no locks. Whoever wants to change a model first makes the run of its event, in status
RUNNING: its ticket, which is also a note of what is about to be done. Then it looks for tickets of
others. Without any it goes on; of two that see each other, one withdraws. Two that both go on would
each have made their ticket before the other one looked, which cannot be.
"""

import random
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

from mlops_tui.domain.errors import Conflict, ServiceError
from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.runs.run import RunStatus
from mlops_tui.services.models.event_runs import CREATED
from mlops_tui.services.store.failures import translated

if TYPE_CHECKING:
    from mlflow import MlflowClient, entities

DEAD = 15.0
"""Seconds after which a ticket that stays belongs to somebody who died. A change takes less than
one."""

OLD = 5.0
"""Seconds after which one who waits takes its ticket back: others are not to think it dead."""

LIMIT = 40.0
"""Seconds after which one who waits gives up."""

PAUSES = (0.02, 0.25)
"""Seconds between two looks, by chance: two who wait are not to look in step."""

MOST = 50
"""Tickets that are read at a look."""

Settle = Callable[["entities.Run"], None]

_watched: dict[str, float] = {}
"""Ticket of somebody else to when it was first seen here."""


class Tickets:
    """The tickets of one model; ``settle`` records what became of a dead writer's change."""

    def __init__(
        self, mlflow_client: "MlflowClient", experiment: str, key: str, settle: Settle
    ) -> None:
        self._client = mlflow_client
        self._experiment = experiment
        self._key = key
        self._settle = settle

    def take(self, name: str, tags: Mapping[str, str]) -> str:
        """Return our ticket, once nobody else has one; raises ``Conflict`` after a time."""
        end, own = time.monotonic() + LIMIT, self._make(name, tags)
        made = time.monotonic()
        try:
            while True:
                others = self.others(own)
                if own and not others:
                    return own
                if not others:
                    own, made = self._make(name, tags), time.monotonic()
                    continue
                is_old = time.monotonic() - made > OLD
                if own and (is_old or any(each.info.run_id < own for each in others)):
                    self.withdraw(own)
                    own = ""
                _check_time(end, others)
                time.sleep(random.uniform(*PAUSES))  # noqa: S311 - no secret depends on it
        except BaseException:
            if own:
                with suppress(ServiceError), translated():
                    self.withdraw(own)
            raise

    def _make(self, name: str, tags: Mapping[str, str]) -> str:
        made = self._client.create_run(self._experiment, None, dict(tags), name)
        return str(made.info.run_id)

    def others(self, own: str = "") -> "list[entities.Run]":
        """Return the tickets of others that live; settle those that do not."""
        found = self._client.search_runs(
            [self._experiment],
            f"attributes.status = '{RunStatus.RUNNING}'",
            max_results=MOST,
        )
        mine = [r for r in found if r.data.tags.get(CREATED) == self._key and r.info.run_id != own]
        now = time.monotonic()
        dead = [r for r in mine if now - _watched.setdefault(r.info.run_id, now) > DEAD]
        for each in dead:
            self._settle(each)
            _watched.pop(each.info.run_id, None)
        return [each for each in mine if each not in dead]

    def check(self, own: str) -> None:
        """Raise ``Conflict`` where somebody took us for dead and settled our ticket."""
        if self._client.get_run(own).info.status != RunStatus.RUNNING:
            raise Conflict("The server was too slow: nothing was changed.", "Try again.")

    def withdraw(self, own: str) -> None:
        """Take our ticket back: nothing was done."""
        self._client.set_terminated(own, RunStatus.KILLED)
        self._client.delete_run(own)


def _check_time(end: float, others: "list[entities.Run]") -> None:
    if time.monotonic() > end:
        by = one_line(others[0].info.user_id or "somebody", 60)
        raise Conflict(f"{by} is changing this model right now.", "Try again in a moment.")
