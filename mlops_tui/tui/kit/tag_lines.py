"""Tags as editable text, one a line."""

from collections.abc import Callable, Mapping, Sequence

from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.runs.run import Run
from mlops_tui.domain.runs.run_edit import RunEdit, tag_edits
from mlops_tui.domain.tags import (
    LONGEST_VALUE,
    describe_tag_changes,
    kept_problem,
    own_tags,
    parse_tag_changes,
    parse_tags,
    tag_changes,
    tag_lines,
    tags_text,
)
from mlops_tui.tui.kit.confirm import which_lines

EXPLAIN = "One tag per line, key=value. Delete a line to remove its tag."
EXPLAIN_SEVERAL = "key=value sets a tag on all of them, -key removes it. Other tags stay."


Changes = tuple[Mapping[str, str], Sequence[str]]
"""Tags to be set, and keys of those to be removed."""


class TagLines:
    """The lines in which tags are edited, without those that MLflow and this app keep themselves.

    ``parse`` returns what the lines change; it raises ``ValueError``.
    """

    def __init__(
        self,
        before: Mapping[str, str],
        parse: Callable[[str], Changes],
        *,
        text: str = "",
        explain: str = EXPLAIN,
        longest: int = LONGEST_VALUE,
    ) -> None:
        self.before = dict(before)
        self.changes = parse
        self.text = text
        self.explain = explain
        self._longest = longest

    def problem(self, text: str) -> str:
        """Return what is wrong with the lines, empty if nothing."""
        try:
            changed, removed = self.changes(text)
        except ValueError as error:
            return str(error)
        long = next((key for key, value in changed.items() if len(value) > self._longest), None)
        if long:
            return f"The value of {long} has more than {self._longest:,} characters."
        return kept_problem([*changed, *removed], removed)

    def effect(self, text: str) -> str:
        """Return what the lines would remove and set, empty if nothing or not valid."""
        if self.problem(text):
            return ""
        return describe_tag_changes(self.before, *self.changes(text))


def lines_of_all_tags(tags: Mapping[str, str], longest: int = LONGEST_VALUE) -> TagLines:
    """Return the lines of all tags of one thing; a line that is deleted removes its tag."""
    before = own_tags(tags)
    return TagLines(
        before,
        lambda text: tag_changes(before, parse_tags(text)),
        text=tag_lines(before),
        longest=longest,
    )


def lines_of_changes(runs: Sequence[Run]) -> TagLines:
    """Return the lines in which changes to the tags of several runs are written."""
    tags = ((one_line(run.name, 40), tags_text(own_tags(run.tags))) for run in runs)
    which = which_lines([f"{name}  {shown}" for name, shown in tags])
    return TagLines({}, parse_tag_changes, explain=f"{EXPLAIN_SEVERAL}\n{which}")


def tag_lines_of(runs: Sequence[Run]) -> TagLines:
    """Return the editable tags of one run, or the changes for several."""
    return lines_of_all_tags(runs[0].tags) if len(runs) == 1 else lines_of_changes(runs)


def edits_in(lines: TagLines, text: str, runs: Sequence[Run]) -> tuple[RunEdit, ...]:
    """Return the edits of the runs that the text asks for."""
    return tag_edits(runs, *lines.changes(text))
