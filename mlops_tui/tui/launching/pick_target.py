"""What to launch: one of those that are known, or what is typed."""

from collections.abc import Mapping

from rich.text import Text

from mlops_tui.domain.matching import matches
from mlops_tui.tui.kit.field import Field
from mlops_tui.tui.kit.formatting import plain
from mlops_tui.tui.kit.pick_dialog import PickDialog
from mlops_tui.tui.kit.table import Column, Table

COLUMNS = (Column("kind", "Kind", 8), Column("what", "What", 30, grow=True))
TYPED = "typed"
SIGNS = ("-m", "/", "~", ".")


class PickTargetDialog(PickDialog):
    """A list of what can be launched; what is typed and not in it is taken as it is."""

    def __init__(self, known: Mapping[str, tuple[str, str]]) -> None:
        """Take key to kind with text."""
        super().__init__("What to launch", {key: " ".join(each) for key, each in known.items()}, "")
        self._targets = known

    def on_mount(self) -> None:
        """Say what can be typed."""
        self.query_one(Field).placeholder = "search, or type a path, or -m package.module"

    def answer_for(self, key: str) -> str:
        """Return the key, or what is typed."""
        return self.query_one(Field).value.strip() if key == TYPED else key

    def _show(self, words: str) -> None:
        found = [key for key, text in self._choices.items() if matches(words, [text])]
        typed = words.strip()
        if typed and (typed.startswith(SIGNS) or typed.endswith(".py") or not found):
            found = [TYPED, *found] if typed.startswith(SIGNS) else [*found, TYPED]
        self.query_one(Table).show(
            found, lambda key, column: self._cell(key, column, typed), COLUMNS
        )
        self.refuse("")

    def _cell(self, key: str, column: str, typed: str) -> Text:
        kind, what = (TYPED, typed) if key == TYPED else self._targets[key]
        return plain(kind if column == "kind" else what, "dim" if column == "kind" else "")
