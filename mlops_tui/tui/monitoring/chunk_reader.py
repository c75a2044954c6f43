"""Reads whole chunks of monitors, and keeps them until they are worked out again."""

from collections.abc import Awaitable, Callable

from mlops_tui.domain.monitoring.chunk import ChunkResult
from mlops_tui.domain.monitoring.monitor_standing import MonitorStanding

MOST = 200
"""Chunks that are kept; of 200 columns each is 200 kB."""

Key = tuple[str, str, int]
"""Monitor, run of the version, number of the chunk."""


class ChunkReader:
    """The chunks of monitors as they were last read, each with what it said while it was light.

    ``read`` returns a whole chunk of a monitor by its number.
    """

    def __init__(self, read: Callable[[MonitorStanding, int], Awaitable[ChunkResult]]) -> None:
        self._read = read
        self._kept: dict[Key, tuple[ChunkResult, ChunkResult]] = {}

    def known(self, standing: MonitorStanding, light: ChunkResult) -> ChunkResult:
        """Return a chunk as it was read, else as far as it is known."""
        _, whole = self._kept.get(_key(standing, light), (light, light))
        return whole

    async def whole(self, standing: MonitorStanding, light: ChunkResult) -> ChunkResult:
        """Return a chunk with all its columns; raises ``ServiceError``.

        It is read again when labels came late and it was worked out anew.
        """
        key = _key(standing, light)
        before = self._kept.get(key)
        if before is not None and before[0] == light:
            return before[1]
        found = await self._read(standing, light.number)
        if len(self._kept) >= MOST:
            self._kept.clear()
        self._kept[key] = light, found
        return found


def _key(standing: MonitorStanding, chunk: ChunkResult) -> Key:
    return standing.plan.monitor_id, standing.run_id, chunk.number
