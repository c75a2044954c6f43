"""How ``score`` and ``export`` wait for their job and tell what came of it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from mlops_tui.cli import launch_arguments
from mlops_tui.cli.exit_codes import FINE, NOTHING
from mlops_tui.cli.output import print_json, tell

if TYPE_CHECKING:
    from collections.abc import Callable
    from dataclasses import Field
    from typing import ClassVar

    from mlops_tui.domain.processes.process import ProcessRecord
    from mlops_tui.domain.store import Store
    from mlops_tui.settings import Settings


class Outcome(Protocol):
    """What a job recorded."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    def describe(self) -> str:
        """Say it in a sentence."""


OutcomeT = TypeVar("OutcomeT", bound=Outcome)


def wait_and_print(
    settings: Settings,
    record: ProcessRecord,
    read: Callable[[Store, ProcessRecord], OutcomeT],
    result: Callable[[OutcomeT], str],
    *,
    as_json: bool,
) -> int:
    """Wait for the job; print its result, or all of its outcome as JSON; return the exit code."""
    if record.waits:
        tell("The job waits for a free slot; mlops-tui queue shows its position.")
    ended = launch_arguments.ended(settings, record, quiet=as_json)
    if ended.exit_code != 0:
        tell(ended.reason or f"The job of {ended.title} {ended.state.value}.")
        return NOTHING
    outcome = read(settings.store, ended)
    if as_json:
        print_json({"job_id": ended.process_id, **asdict(outcome)})
    else:
        print(result(outcome))
    tell(outcome.describe())
    return FINE
