"""The lines of the Loop screen, in their order."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet

from rich.text import Text

from mlops_tui.domain.loop.loop_line import LocalFacts, LoopLine, WatchFacts, by_need, loop_line
from mlops_tui.domain.loop.model_facts import ModelFacts
from mlops_tui.domain.loop.need import Urgency
from mlops_tui.domain.matching import finder, searchable
from mlops_tui.domain.shortening import NamesAlike
from mlops_tui.tui.kit.table import Column
from mlops_tui.tui.loop.loop_cells import CELLS, COLUMNS, NAME


class LoopList:
    """The lines by the names of their models, the most pressing first."""

    def __init__(self) -> None:
        self.facts: dict[str, ModelFacts] = {}
        self.lines: Mapping[str, LoopLine] = {}
        self.words = ""
        """The filter."""
        self.is_whole = False
        """Whether all models were read."""
        self._local, self._watched = LocalFacts(), WatchFacts()
        self._names = NamesAlike(())

    def __len__(self) -> int:
        return len(self.lines)

    @property
    def jobs_underway(self) -> list[str]:
        """The titles of the jobs that run or wait, newest first."""
        return [job.title for job in self._local.jobs if job.state.is_active]

    def get(self, name: str | None) -> LoopLine | None:
        """Return the line of a model, None where there is none."""
        return self.lines.get(name or "")

    def confirm(self, facts: Iterable[ModelFacts]) -> None:
        """Hold what the store knows, in place of all that was known."""
        before, self.facts = self.facts, {each.name: each for each in facts}
        self._names = NamesAlike(self.facts)
        same = {name for name, each in self.facts.items() if before.get(name) == each}
        self._arrange(same)

    def update(self, local: LocalFacts, watched: WatchFacts | None) -> None:
        """Hold what the state directory knows, and monitors where they were read."""
        known = local, watched or self._watched
        if known != (self._local, self._watched):
            before = self._subjects()
            self._local, self._watched = known
            changed = before | self._subjects()
            same = {
                name
                for name, each in self.facts.items()
                if name not in changed and each.experiment not in changed
            }
            self._arrange(same)

    def _subjects(self) -> set[str]:
        """Return the models, and the experiments, that more is known of than the store holds."""
        local, watched = self._local, self._watched
        found = {server.model for server in local.servers}
        found |= {job.details.get(key, "") for job in local.jobs for key in ("model", "experiment")}
        found |= {standing.plan.model for standing in watched.monitors}
        found |= {attempt.model for attempt in watched.attempts}
        return found - {""}

    def _arrange(self, same: AbstractSet[str]) -> None:
        """Make the lines anew, but for the ``same``: of thousands of models few change."""
        lines = [
            self.lines[name]
            if name in same and name in self.lines
            else loop_line(each, self._local, self._watched)
            for name, each in self.facts.items()
        ]
        self.lines = {line.model: line for line in by_need(lines)}

    def shown(self) -> list[str]:
        """Return the names of the models that pass the filter, in their order."""
        passes = finder(self.words)
        return [name for name, line in self.lines.items() if passes(searchable(_strings(line)))]

    def columns(self) -> tuple[Column, ...]:
        """Return the columns; their titles say how many models there are and need somebody."""
        total = f"{len(self.lines):,}{'' if self.is_whole else '+'}"
        need, *others = COLUMNS
        calling = sum(
            line.need is not None and line.need.urgency is Urgency.NOW
            for line in self.lines.values()
        )
        title = f"{need.title} ({calling:,} now)" if calling else need.title
        return (
            Column(NAME.key, f"Models ({total})", NAME.width, grow=True),
            Column(need.key, title, need.width, grow=True),
            *others,
        )

    def cell(self, name: str, column: str, width: int) -> Text:
        """Return what stands in a cell."""
        if column == NAME.key:
            return Text(self._names.shortened(name, width))
        return CELLS[column](self.lines[name])


def _strings(line: LoopLine) -> Iterable[str]:
    yield line.model
    yield from (need.sentence for need in line.needs)
    if line.facts.data:
        yield f"{line.facts.data.name} {line.facts.data.digest}"
