"""Processes by the beginning of their id."""

from collections.abc import Sequence

from mlops_tui.domain.errors import InvalidInput, NotFound
from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.processes.process import ProcessRecord

LAST = "last"
"""What the newest process is called."""

SHOWN = 4
"""Processes named where the beginning of an id fits several."""


def find_process(known: Sequence[ProcessRecord], beginning: str, kind: str) -> ProcessRecord:
    """Return the process whose id begins so, the newest for ``last``; ``known`` is newest first.

    Raises ``NotFound`` where there is none, ``InvalidInput`` where there are several.
    """
    if beginning == LAST and known:
        return known[0]
    found = [each for each in known if beginning and each.process_id.startswith(beginning)]
    if not found:
        wanted = one_line(beginning, 60)
        hint = f"The newest is {known[0].process_id}." if known else f"There are no {kind}s."
        raise NotFound(f"There is no {kind} {wanted}.", hint)
    if len(found) > 1:
        ids = ", ".join(each.process_id for each in found[:SHOWN])
        raise InvalidInput(
            f"Several {kind}s begin with {one_line(beginning, 60)}: {ids}.", "Type more."
        )
    return found[0]
