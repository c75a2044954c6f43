"""What a table tells."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from mlops_tui.tui.kit.table import Table


@dataclass
class TableMessage(Message):
    """Its ``control`` lets ``@on`` choose the table."""

    table: "Table"

    @property
    def control(self) -> "Table":
        """The table."""
        return self.table


@dataclass
class Highlighted(TableMessage, namespace="table"):
    """The cursor came to another key."""

    key: str


@dataclass
class Opened(TableMessage, namespace="table"):
    """Enter was pressed, or the row clicked twice."""

    key: str


@dataclass
class Marked(TableMessage, namespace="table"):
    """A row was marked, or no longer is."""

    key: str


@dataclass
class HeaderPressed(TableMessage, namespace="table"):
    """The title of a column was clicked."""

    column: str


@dataclass
class Scrolled(TableMessage, namespace="table"):
    """Other rows came into view."""


@dataclass
class NearEnd(TableMessage, namespace="table"):
    """The cursor, or the view, is within a page of the last row; told once per ``show``."""
