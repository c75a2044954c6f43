"""Which of several processes makes a run, where nothing tells for certain."""

from rich.text import Text

from mlops_tui.domain.jobs.run_process import RunProcess
from mlops_tui.domain.matching import matches
from mlops_tui.domain.plain_text import one_line
from mlops_tui.tui.kit.pick_dialog import PickDialog
from mlops_tui.tui.kit.table import Table
from mlops_tui.tui.processes.pick_process import COLUMNS, process_cell

NONE = "none"
"""The answer that it is none of them."""
NONE_WORDS = "none of these: watch the run, without its log"


class PickGuessDialog(PickDialog):
    """The processes that may make the run, with none of them as the last choice."""

    def __init__(self, found: RunProcess) -> None:
        self._found = {str(each.pid): each for each in found.guesses}
        texts = {pid: f"{pid} {' '.join(each.command)}" for pid, each in self._found.items()}
        title = f"Nothing is certain: which process makes {one_line(found.run.name, 40)}?"
        super().__init__(title, {**texts, NONE: NONE_WORDS}, "")

    def _show(self, words: str) -> None:
        found = [key for key, text in self._choices.items() if matches(words, [text])]
        self.query_one(Table).show(found, self._cell, COLUMNS)
        self.refuse("")

    def _cell(self, key: str, column: str) -> Text:
        process = self._found.get(key)
        if process is None:
            return Text(NONE_WORDS if column == "command" else "")
        return process_cell(process, column)
