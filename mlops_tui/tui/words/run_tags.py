"""The tags of runs on one line."""

from collections.abc import Mapping, Sequence

from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.runs.run import JOB_TAG, Run
from mlops_tui.domain.runs.run_edit import RunEdit, tag_edits
from mlops_tui.domain.tags import (
    LONGEST_VALUE,
    parse_tag_changes,
    parse_tags,
    tag_changes,
    tags_text,
)
from mlops_tui.tui.dialogs.confirm import which_lines

ONE = 'key=value, key="a, b". A tag left out is removed.'
SEVERAL = "key=value sets a tag on all of them, -key removes it; other tags stay."


def own_tags(run: Run) -> dict[str, str]:
    """Return the tags that people set, without MLflow's own and ours."""
    return {k: v for k, v in run.tags.items() if not k.startswith("mlflow.") and k != JOB_TAG}


class TagLine:
    """Of one run the line holds all its tags; of several it says what is to change."""

    def __init__(self, runs: Sequence[Run]) -> None:
        self._runs = runs
        self.text = tags_text(own_tags(runs[0])) if len(runs) == 1 else ""
        self.explain = ONE if len(runs) == 1 else f"{SEVERAL}\n{_tagged(runs)}"

    def problem(self, text: str) -> str:
        """Say what is wrong with the line; nothing when it is fine."""
        try:
            changed, _ = self._changes(text)
        except ValueError as error:
            return str(error)
        long = next((key for key, value in changed.items() if len(value) > LONGEST_VALUE), None)
        return f"{long} holds more than {LONGEST_VALUE:,} characters." if long else ""

    def edits(self, text: str) -> tuple[RunEdit, ...]:
        """Return the edits that the line asks for, none where something is wrong with it."""
        return () if self.problem(text) else tag_edits(self._runs, *self._changes(text))

    def _changes(self, text: str) -> tuple[Mapping[str, str], Sequence[str]]:
        if len(self._runs) > 1:
            return parse_tag_changes(text)
        return tag_changes(own_tags(self._runs[0]), parse_tags(text))


def _tagged(runs: Sequence[Run]) -> str:
    return which_lines([f"{one_line(run.name, 40)}  {tags_text(own_tags(run))}" for run in runs])
