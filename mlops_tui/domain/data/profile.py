"""What is in a table: types, missing values, ranges, histograms, rows that are there twice."""

from dataclasses import dataclass

from mlops_tui.domain.plain_text import counted


@dataclass(frozen=True, slots=True)
class ColumnProfile:
    """One column, of the rows that were looked at. Dates and times are seconds since the epoch."""

    name: str
    dtype: str
    """The type in Arrow's words; of a CSV file that of text."""
    kind: str
    """number, category, or empty for what is not counted; ``remark`` says why."""
    nulls: float
    """Share of missing values."""
    distinct: int | None = None
    quantiles: tuple[float, ...] = ()
    """At ``QUANTILES`` of a report of drift: lowest, 5 %, 25 %, 50 %, 75 %, 95 %, highest."""
    mean: float | None = None
    bars: tuple[float, ...] = ()
    """The share of the values in each bin of a number; of categories, that of the most frequent."""
    top: tuple[str, ...] = ()
    """The most frequent categories."""
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Overlap:
    """How many rows of another table occur in this one, of those that were compared."""

    against: str
    rows: int
    shared: int

    @property
    def share(self) -> float:
        """The share of the other table's rows that occur here."""
        return self.shared / self.rows if self.rows else 0.0


@dataclass(frozen=True, slots=True)
class TableProfile:
    """What is in a table."""

    path: str
    rows: int
    looked_at: int
    """Rows that the columns are told from: fewer where they were sampled."""
    columns: tuple[ColumnProfile, ...]
    duplicates: int
    """Rows that occur more than once, each counted but the first, of those ``compared``."""
    compared: int
    overlap: Overlap | None = None
    remarks: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """The table in a sentence."""
        sampled = f", {self.looked_at:,} of them looked at" if self.looked_at < self.rows else ""
        part = f" of {self.compared:,} compared" if self.compared < self.rows else ""
        twice = (
            f"{counted(self.duplicates, 'duplicate row')}{part}"
            if self.duplicates
            else "no duplicates"
        )
        rows, columns = counted(self.rows, "row"), counted(len(self.columns), "column")
        text = f"{rows}{sampled}, {columns}, {twice}."
        if self.overlap is None:
            return text
        seen = self.overlap
        return (
            f"{text} {seen.shared:,} of {counted(seen.rows, 'row')} of {seen.against} occur here."
        )
