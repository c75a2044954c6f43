"""Which columns are shown, in what order, how wide."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from rich.text import Text
from textual import on
from textual.events import Resize
from textual.widget import Widget
from textual.widgets import Static

from mlops_tui.domain.experiments.run_column import RunColumn
from mlops_tui.domain.matching import matches
from mlops_tui.domain.metrics.direction import Direction
from mlops_tui.tui.kit.dialog import Dialog
from mlops_tui.tui.kit.field import Field
from mlops_tui.tui.kit.formatting import plain
from mlops_tui.tui.kit.key import bindings
from mlops_tui.tui.kit.table import Column, Table
from mlops_tui.tui.runs.run_columns import ALWAYS, with_column
from mlops_tui.tui.runs.run_columns import titles as titles_of
from mlops_tui.tui.runs.run_keys import COLUMNS_DIALOG

EXPLAIN = (
    "space shows or hides, J and K move, + and - widen, m turns min into max, 0 the usual ones."
)
BESIDE_ROWS = 9
"""Lines of the dialog that hold no row of its list."""

SHARE = 0.9
"""Of the screen's height, what a dialog may take."""

SHOWN = Column("width", "Width", 6, "right")


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """The columns in their order, ``None`` for the usual ones; widths where they are others.

    ``directions`` are the metrics that were turned.
    """

    columns: Sequence[str] | None
    widths: Mapping[str, int]
    directions: Mapping[str, Direction] = field(default_factory=dict)


class ColumnsDialog(Dialog[ColumnChoice]):
    """A list of all columns, those that were shown first; ``titles`` are what they are found by.

    Rows stay where they are while columns are shown or hidden, so that the cursor is on what the
    person looks at. ``usual`` are those that ``0`` shows, ``always`` those that stay in front.
    """

    BINDINGS = bindings(COLUMNS_DIALOG)
    AUTO_FOCUS = "Table"
    HAS_EQUIVALENT = False

    def __init__(
        self,
        titles: Mapping[str, str],
        shown: Sequence[str],
        widths: Mapping[str, int],
        usual: Sequence[str],
        always: Sequence[str] = ALWAYS,
    ) -> None:
        super().__init__("Columns")
        self._always = always
        self._usual = usual
        self._is_usual = False
        """Whether the usual columns are shown, as they come to be later too."""
        self._titles = dict(titles)
        self._directions: dict[str, Direction] = {}
        self._shown = list(shown)
        self._order = list(dict.fromkeys((*shown, *titles)))
        self._widths = dict(widths)

    def compose_body(self) -> Iterable[Widget]:
        """Put the field above the list."""
        yield Static(EXPLAIN, classes="explain", markup=False)
        yield Field(placeholder="/ searches", compact=True)
        yield Table(on_mark=self._mark)

    def on_mount(self) -> None:
        """Fill the list."""
        self._show()

    def on_resize(self, event: Resize) -> None:
        """Give the list the height that there is, as far as it has rows."""
        room = int(event.size.height * SHARE) - BESIDE_ROWS
        table = self.query_one(Table)
        table.styles.height = max(5, min(len(self._titles) + table.HEADER, room))

    @property
    def _under_cursor(self) -> str:
        return self.query_one(Table).cursor_key or ""

    @property
    def _why_it_stays(self) -> str:
        names = " and ".join(self._titles.get(key, key).lower() for key in self._always)
        stay = "stays" if len(self._always) == 1 else "stay"
        apart = "it" if len(self._always) == 1 else "them"
        return f"{names.capitalize()} {stay} in front: rows are told apart by {apart}."

    @on(Field.Changed)
    def _searched(self) -> None:
        self._show()

    def _mark(self, key: str) -> None:
        if key in self._always:
            self._show()
            self.refuse(self._why_it_stays)
            return
        self._is_usual = False
        if key in self._shown:
            self._shown.remove(key)
        else:
            self._shown = with_column(self._shown, key)
        self._show()

    @on(Table.Opened)
    def action_accept(self) -> None:
        """Show the columns as they were chosen; from the field go to what was found."""
        if self.query_one(Field).has_focus:
            self.query_one(Table).focus()
            return
        columns = None if self._is_usual else tuple(self._shown)
        self.dismiss(ColumnChoice(columns, self._widths, self._directions))

    def action_search(self) -> None:
        """Search for a column."""
        self.query_one(Field).focus()

    def action_usual(self) -> None:
        """Tick the usual columns again; enter shows them."""
        self._is_usual, self._shown, self._widths = True, list(self._usual), {}
        others = (key for key in self._order if key not in self._shown)
        self._order = [*self._shown, *others]
        self._show()

    def action_move(self, places: int) -> None:
        """Move the column under the cursor among those that are shown."""
        key = self._under_cursor
        if key not in self._shown:
            self.refuse("Only columns that are shown can be moved: space shows it.")
            return
        if key in self._always:
            self.refuse(self._why_it_stays)
            return
        place, last = self._shown.index(key), len(self._shown) - 1
        beside = self._shown[max(0, min(last, place + places))]
        if beside in self._always or beside == key:
            return
        self._is_usual = False
        for listed in (self._shown, self._order):
            to = listed.index(beside)
            listed.remove(key)
            listed.insert(to, key)
        self._show()

    def action_turn(self) -> None:
        """Let less of the metric under the cursor be better, or more."""
        column = RunColumn.of(self._under_cursor) if self._under_cursor else None
        if column is None or column.source.direction is None:
            self.refuse("Only the best of a metric has a direction: a column min … or max ….")
            return
        turned = {
            text: str(RunColumn.of(text).turned)
            for text in self._titles
            if RunColumn.of(text).key == column.key
        }
        self._directions[column.key] = column.source.direction.opposite
        self._shown = list(dict.fromkeys(turned.get(text, text) for text in self._shown))
        self._order = list(dict.fromkeys(turned.get(text, text) for text in self._order))
        self._titles = titles_of(turned.get(text, text) for text in self._titles)
        self._widths = {turned.get(text, text): width for text, width in self._widths.items()}
        self._show()
        self.query_one(Table).move_to(turned[str(column)])

    def action_widen(self, cells: int) -> None:
        """Make the column under the cursor wider, or narrower."""
        key, self._is_usual = self._under_cursor, False
        self._widths[key] = max(3, min(200, self._widths.get(key, 10) + cells))
        self._show()

    def _show(self) -> None:
        words, table = self.query_one(Field).value, self.query_one(Table)
        shown = frozenset(self._shown)
        found = [key for key in self._order if matches(words, [self._titles.get(key, key)])]
        title = Column("title", f"Column ({len(self._shown)} shown)", 30, grow=True)
        table.marked = shown
        table.show(found, self._cell, [title, SHOWN])
        self.refuse("")

    def _cell(self, key: str, column: str) -> Text:
        if column == "title":
            return plain(self._titles.get(key, key))
        return Text(str(self._widths.get(key, "")))
