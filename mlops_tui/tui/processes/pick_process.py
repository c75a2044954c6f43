"""What to attach to: a process that runs already, or a run; which process makes the run."""

import re
from collections.abc import Sequence

from rich.text import Text

from mlops_tui.domain.byte_size import bytes_size
from mlops_tui.domain.jobs.run_process import RunProcess
from mlops_tui.domain.matching import matches
from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.processes.running_process import RunningProcess, arguments_of
from mlops_tui.tui.kit.field import Field
from mlops_tui.tui.kit.formatting import elapsed, plain
from mlops_tui.tui.kit.pick_dialog import PickDialog
from mlops_tui.tui.kit.table import Column, Table

COLUMNS = (
    Column("pid", "Pid", 8, justify="right"),
    Column("time", "Time", 6, justify="right"),
    Column("memory", "Memory", 8, justify="right"),
    Column("command", "Command", 30, grow=True),
)
PID = re.compile(r"[1-9]\d{0,9}")
RUN_ID = re.compile(r"[0-9a-f]{32}")
NOTHING = "You have no Python process here. Type a pid or a run id."
NONE = "none"
"""The answer that it is none of them."""
NONE_WORDS = "none of these: watch the run, without its log"


def process_cell(process: RunningProcess, column: str) -> Text:
    """Return what stands in a column of a process's row."""
    if column == "pid":
        return Text(str(process.pid))
    if column == "time":
        return Text(elapsed(process.started_at, None))
    if column == "memory":
        return Text(bytes_size(process.memory))
    arguments = one_line(" ".join(arguments_of(process.command)))
    return Text.assemble(plain(process.title, "bold"), " ", arguments)


class PickProcessDialog(PickDialog):
    """The person's own processes; a typed pid or run id that is not listed is taken as it is."""

    def __init__(self, found: Sequence[RunningProcess]) -> None:
        self._found = {str(each.pid): each for each in found}
        texts = {pid: f"{pid} {' '.join(each.command)}" for pid, each in self._found.items()}
        super().__init__("Attach to", texts, "")

    def on_mount(self) -> None:
        """Say what can be typed."""
        self.query_one(Table).say(NOTHING)
        self.query_one(Field).placeholder = "search, or type a pid or a run id"

    def _show(self, words: str) -> None:
        typed = words.strip()
        found = [key for key, text in self._choices.items() if matches(words, [text])]
        if typed not in found and (PID.fullmatch(typed) or RUN_ID.fullmatch(typed)):
            found.append(typed)
        # A pid may be a part of other pids and commands.
        found.sort(key=lambda key: key != typed)
        self.query_one(Table).show(found, self._cell, COLUMNS)
        self.refuse("")

    def _cell(self, key: str, column: str) -> Text:
        process = self._found.get(key)
        return process_cell(process, column) if process else self._typed_cell(key, column)

    def _typed_cell(self, key: str, column: str) -> Text:
        if RUN_ID.fullmatch(key):
            return Text(f"attach to the run {key}" if column == "command" else "")
        return Text({"pid": key, "command": "the process that was typed"}.get(column, ""))


class PickGuessDialog(PickDialog):
    """The processes that may make the run, with none of them as the last choice."""

    def __init__(self, found: RunProcess) -> None:
        self._found = {str(each.pid): each for each in found.guesses}
        texts = {pid: f"{pid} {' '.join(each.command)}" for pid, each in self._found.items()}
        title = f"Which process writes the run {one_line(found.run.name, 40)}? None is certain."
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
