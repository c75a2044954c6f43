"""The live log of a detached process."""

from textual.app import ComposeResult
from textual.containers import Vertical

from mlops_tui.domain.process import ProcessKind, ProcessRecord
from mlops_tui.services import processes
from mlops_tui.tui.room import ask, room_of
from mlops_tui.tui.widgets.log_view import LogView

CHUNK = 65_536
"""Bytes read at once; the view shows the tail first."""


class ProcessLog(Vertical):
    """Follows the log of one process; its owner calls ``load`` at each refresh."""

    def __init__(self, kind: ProcessKind) -> None:
        super().__init__()
        self.kind = kind
        self._followed: str | None = None
        self._end: int | None = None

    def compose(self) -> ComposeResult:
        """Hold the lines."""
        yield LogView()

    def follow(self, record: ProcessRecord | None) -> None:
        """Show the log of another process."""
        process_id = record.process_id if record else None
        if process_id != self._followed:
            self._followed, self._end = process_id, None
            self.query_one(LogView).clear()

    def focus_log(self) -> None:
        """Let the keys scroll the log."""
        self.query_one(LogView).focus()

    async def load(self) -> None:
        """Read what is new; raises ``ServiceError``."""
        room, followed = room_of(self), self._followed
        while followed is not None:
            chunk = await ask(
                self,
                processes.read_log,
                room.settings.state_dir,
                self.kind,
                followed,
                offset=self._end,
                limit=CHUNK,
            )
            if followed != self._followed:
                return
            if chunk.text:
                self.query_one(LogView).write(chunk.text)
            self._end = chunk.end
            if chunk.end >= chunk.size or not chunk.text:
                return
