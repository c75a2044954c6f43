"""How a person looks at the runs of an experiment, as it is kept in a file."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from mlops_tui.domain.experiments.run_column import RunColumn
from mlops_tui.domain.experiments.run_group import Statistic
from mlops_tui.domain.experiments.run_view import RunView, SortKey


@dataclass(frozen=True, slots=True)
class SavedView:
    """Columns with their widths, order, filter, group, what is pinned or hidden.

    Columns are given by their texts; ``columns`` is ``None`` for the usual ones.
    """

    columns: Sequence[str] | None = None
    widths: Mapping[str, int] = field(default_factory=dict)
    order: Sequence[tuple[str, bool]] = ()
    words: str = ""
    query: str = ""
    group: str = ""
    nested: bool = False
    pinned: Sequence[str] = ()
    hidden: Sequence[str] = ()
    statistic: Statistic = Statistic.MEAN

    def as_dict(self) -> dict[str, Any]:
        """Return what JSON can hold."""
        return asdict(self)

    def onto(self, view: RunView) -> RunView:
        """Return the view of runs that this one means; columns that make no sense are left out."""
        order = [(_column(text), greatest) for text, greatest in self.order]
        return replace(
            view,
            words=self.words,
            order=tuple(SortKey(column, greatest) for column, greatest in order if column),
            group=_column(self.group),
            nested=self.nested,
            pinned=frozenset(self.pinned),
            hidden=frozenset(self.hidden),
        )


def saved_view(found: object) -> SavedView:
    """Return the view that was kept as a dictionary; what makes no sense there is left out."""
    kept = found if isinstance(found, dict) else {}
    columns, widths = kept.get("columns"), kept.get("widths")
    order = kept.get("order")
    return SavedView(
        columns=[text for text in _texts(columns) if _column(text)] if columns else None,
        widths={
            str(key): width
            for key, width in (widths.items() if isinstance(widths, dict) else ())
            if isinstance(width, int)
        },
        order=[
            (str(pair[0]), bool(pair[1]))
            for pair in (order if isinstance(order, list) else ())
            if isinstance(pair, list) and len(pair) == 2  # noqa: PLR2004 - column, direction
        ],
        words=str(kept.get("words", "")),
        query=str(kept.get("query", "")),
        group=str(kept.get("group", "")),
        nested=bool(kept.get("nested")),
        pinned=_texts(kept.get("pinned")),
        hidden=_texts(kept.get("hidden")),
        statistic=_statistic(kept.get("statistic")),
    )


def _texts(found: object) -> list[str]:
    return [each for each in found if isinstance(each, str)] if isinstance(found, list) else []


def _column(text: str) -> RunColumn | None:
    with suppress(ValueError):
        return RunColumn.of(text)
    return None


def _statistic(found: object) -> Statistic:
    with suppress(ValueError):
        return Statistic(str(found))
    return Statistic.MEAN
