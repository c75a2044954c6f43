"""Writes each swap to the history of the model, which is kept in MLflow."""

import queue
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST = 100
"""Swaps that wait for a store that is away; a further one is only in the log."""

PAUSES = (1.0, 5.0, 15.0, 60.0)
"""Seconds after which it is tried again; the last one from then on."""

LONGEST_NAME = 200
BEFORE, AFTER, ALSO, REASON, VERSION, GATE_RUN, BY = (
    *(f"mlops_tui.{name}" for name in ("before", "after", "also", "reason", "version", "gate_run")),
    "mlflow.user",
)
"""Tags of a run that tells of a change: what this program adds to those it was given."""


@dataclass(frozen=True)
class Swap:
    """Another version answers since ``at``, seconds since the epoch."""

    before: str
    after: str
    reason: str
    by: str
    """Who asked for it; empty where the endpoint did so itself."""
    at: float


class History:
    """Takes swaps without waiting; a thread writes each as a run, until the store takes it.

    ``told`` has the experiment and the tags that all runs have in common; without it nothing is
    written.
    """

    def __init__(self, name: str, told: "Mapping[str, Any] | None") -> None:
        self._name = name
        self._told = told
        self._queue: queue.Queue[Swap] = queue.Queue(MOST)
        self._pauses = PAUSES
        if told:
            threading.Thread(target=self._write_all, name="history", daemon=True).start()

    def add(self, before: str, after: str, reason: str, by: str = "") -> None:
        """Queue a swap to be written."""
        if self._told is None:
            return
        try:
            self._queue.put_nowait(Swap(before, after, reason, by, time.time()))
        except queue.Full:
            _say(f"The history does not tell of v{before} → v{after}: too many wait for the store")

    def close(self, seconds: float = 3.0) -> None:
        """Write what waits, for at most so long."""
        end = time.monotonic() + seconds
        while self._queue.unfinished_tasks and time.monotonic() < end:
            time.sleep(0.01)

    def _write_all(self) -> None:
        while True:
            swap = self._queue.get()
            tries = 0
            while problem := self._problem(swap):
                if tries == 0:
                    _say(f"The history does not tell of v{swap.before} → v{swap.after}: {problem}")
                time.sleep(self._pauses[min(tries, len(self._pauses) - 1)])
                tries += 1
            self._queue.task_done()

    def _problem(self, swap: Swap) -> str:
        """Write a swap; return why that was not possible."""
        try:
            self._write(swap)
        except Exception as error:  # noqa: BLE001 - MLflow may raise anything
            return f"{type(error).__name__}: {error}"[:LONGEST_NAME]
        return ""

    def _write(self, swap: Swap) -> None:
        from mlflow import MlflowClient

        told = self._told or {}
        client = MlflowClient()
        verdict = client.get_model_version(self._name, swap.after).tags
        status = verdict.get("validation_status", "").strip().lower()
        tags = {
            **told["tags"],
            VERSION: swap.after,
            BEFORE: swap.before,
            AFTER: swap.after,
            ALSO: f"gate: {status}" if status else "no verdict of a gate",
            REASON: swap.reason,
            GATE_RUN: verdict.get("validation_run_id", ""),
            **({BY: swap.by} if swap.by else {}),
        }
        name = f"{self._name} {told['title']}: v{swap.before} → v{swap.after}"[:LONGEST_NAME]
        at = round(swap.at * 1000)
        kept = {key: text for key, text in tags.items() if text}
        run = client.create_run(told["experiment_id"], at, kept, name)
        client.set_terminated(run.info.run_id, "FINISHED", at)


def _say(words: str) -> None:
    print(words, flush=True)  # noqa: T201 - the log
