"""A whole chunk is read once, and again when late labels changed it."""

from dataclasses import replace

from mlops_tui.domain.monitoring.chunk import ChunkResult
from mlops_tui.domain.monitoring.monitor_standing import MonitorStanding
from mlops_tui.tui.monitoring.chunk_reader import MOST, ChunkReader
from tests.tui.monitoring.test_verdict_text import CHUNK, STANDING


async def test_a_chunk_is_read_again_only_when_it_has_changed() -> None:
    asked: list[int] = []

    async def read(_standing: MonitorStanding, number: int) -> ChunkResult:
        asked.append(number)
        return replace(CHUNK, number=number, remark="whole")

    reader, light = ChunkReader(read), CHUNK.light()
    assert reader.known(STANDING, light) is light
    assert (await reader.whole(STANDING, light)).remark == "whole"
    await reader.whole(STANDING, light)
    assert asked == [12]
    later = replace(light, labels=300)
    assert reader.known(STANDING, later).remark == "whole"  # the old one, until it is read
    await reader.whole(STANDING, later)
    assert asked == [12, 12]
    for number in range(MOST + 1):
        await reader.whole(STANDING, replace(light, number=number))
    assert reader.known(STANDING, light) is light  # no more is kept than so many
