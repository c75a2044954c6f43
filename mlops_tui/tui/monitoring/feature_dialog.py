"""One column of a chunk: histograms, quantiles, the curve of its effect over the chunks."""

from collections.abc import Awaitable, Callable, Iterable, Sequence

from rich.text import Text
from textual import work
from textual.widget import Widget
from textual.widgets import Static

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.monitoring.chunk import ChunkResult
from mlops_tui.domain.plain_text import one_line
from mlops_tui.tui.charts.chart import Chart
from mlops_tui.tui.kit.dialog import Dialog
from mlops_tui.tui.kit.key import bindings
from mlops_tui.tui.monitoring.chunk_curves import draw_drift
from mlops_tui.tui.monitoring.feature_cells import rows_of
from mlops_tui.tui.monitoring.feature_text import feature_text
from mlops_tui.tui.monitoring.monitoring_keys import FEATURE_DIALOG
from mlops_tui.tui.monitoring.verdict_text import chunk_line

ReadChunk = Callable[[int], Awaitable[ChunkResult]]


class FeatureDialog(Dialog[None]):
    """Shows a column in one chunk after another; ``read`` returns a chunk by its number."""

    BINDINGS = bindings(FEATURE_DIALOG)
    HAS_EQUIVALENT = False
    AUTO_FOCUS = ""
    DEFAULT_CSS = """
    FeatureDialog {
        #box { width: 100%; max-width: 100; }
        #words { height: auto; }
        #box Chart { height: 9; margin-top: 1; }
    }
    """

    def __init__(
        self, key: str, chunk: ChunkResult, chunks: Sequence[ChunkResult], read: ReadChunk
    ) -> None:
        super().__init__(rows_of(chunk)[key].name)
        self._key = key
        self._chunk = chunk
        self._chunks = chunks
        self._read = read

    def compose_body(self) -> Iterable[Widget]:
        """Put the words above the curve."""
        yield Static(id="words")
        yield Chart("drift")

    def on_mount(self) -> None:
        """Show the column in the chunk that was looked at."""
        self._show()

    def _show(self) -> None:
        feature = rows_of(self._chunk).get(self._key)
        words = feature_text(feature) if feature else Text("This chunk has no such column.")
        self.query_one("#words", Static).update(chunk_line(self._chunk) + Text("\n") + words)
        draw_drift(self.query_one(Chart), self._chunks, self._key, self._chunk.number)

    def action_turn(self, by: int) -> None:
        """Show the next chunk, or the one before."""
        numbers = [each.number for each in self._chunks]
        place = numbers.index(self._chunk.number) + by if self._chunk.number in numbers else -1
        if 0 <= place < len(numbers):
            self._turn_to(numbers[place])
        else:
            self._warn(f"There is no chunk {'after' if by > 0 else 'before'} it.")

    @work(group="chunk", exclusive=True)
    async def _turn_to(self, number: int) -> None:
        try:
            self._chunk = await self._read(number)
        except ServiceError as error:
            self._warn(str(error))
        else:
            self._show()

    def _warn(self, sentence: str) -> None:
        """Show a notice: the line for errors may be out of view."""
        self.notify(one_line(sentence, 400), severity="warning", markup=False)

    def action_scroll(self, lines: int) -> None:
        """Scroll what does not fit."""
        self.query_one("#box").scroll_relative(y=lines, animate=False)
