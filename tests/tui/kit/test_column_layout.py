"""The columns of a table."""

import pytest
from rich.cells import cell_len

from mlops_tui.tui.kit.column_layout import Column, arrange, fit, most_skipped

STATUS = Column("status", "Status", 10)
NAME = Column("name", "Name", 20, grow=True)
LOSS = Column("loss", "Loss", 8, "right")
DEPTH = Column("depth", "Depth", 8)

HOSTILE = [
    "[/tmp/x]",
    "[red]",
    "params[lr]=1",
    "\x1b[31mred\x1b]0;title\x07",
    "x" * 5_000,
    "日本語のモデル名前が続く",
    "👩‍👩‍👧 ❤️ 👍🏽",
    "שלום עולם",
    "\u202etxt.exe",
    "e" + "\u0301" * 3_000,
    "\u0301 at the beginning",
    "a\nb\tc\r\x00",
    "",
]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("width", [1, 2, 7, 20])
@pytest.mark.parametrize("justify", ["left", "right"])
def test_any_text_takes_exactly_its_width(text: str, width: int, justify: str) -> None:
    shown = fit(text, width, "right" if justify == "right" else "left")
    assert cell_len(shown) == width
    assert not set(shown) & set("\x1b\n\t\r\x00\u202e\u200d\ufe0f")


def test_what_is_cut_ends_in_an_ellipsis() -> None:
    assert fit("RandomForest", 7) == "Random…"
    assert fit("日本語", 4) == "日 …"
    assert fit("abc", 3) == "abc"


def test_numbers_stand_at_the_right() -> None:
    assert fit("0.9", 6, "right") == "   0.9"


def test_emoji_are_drawn_without_what_terminals_disagree_about() -> None:
    assert fit("👍🏽❤️", 4) == "👍❤ "


def test_spare_width_goes_to_the_column_that_grows() -> None:
    placed = arrange((STATUS, NAME, LOSS), 60, frozen=0, skipped=0)
    assert [(p.start, p.width) for p in placed] == [(0, 10), (11, 40), (52, 8)]


def test_spare_width_is_shared_to_the_last_cell() -> None:
    grown = (Column("a", "A", 5, grow=True), Column("b", "B", 5, grow=True))
    assert [p.width for p in arrange(grown, 20, frozen=0, skipped=0)] == [9, 10]


def test_a_text_column_is_cut_at_the_edge_where_a_number_is_left_out() -> None:
    assert [p.width for p in arrange((STATUS, DEPTH), 15, frozen=0, skipped=0)] == [10, 4]
    assert [p.width for p in arrange((STATUS, LOSS), 15, frozen=0, skipped=0)] == [10]
    assert [p.width for p in arrange((LOSS,), 5, frozen=0, skipped=0)] == [5]


def test_frozen_columns_stay_when_others_are_skipped() -> None:
    placed = arrange((STATUS, NAME, LOSS, DEPTH), 30, frozen=1, skipped=2)
    assert [p.column.key for p in placed] == ["status", "depth"]


def test_columns_can_be_skipped_until_the_last_one_is_in_view() -> None:
    columns = (STATUS, NAME, LOSS, DEPTH)
    assert most_skipped(columns, 80, frozen=1) == 0
    assert most_skipped(columns, 30, frozen=1) == 1
    assert most_skipped(columns, 5, frozen=1) == 2
    assert most_skipped((), 5, frozen=1) == 0


def test_no_width_shows_nothing() -> None:
    assert arrange((STATUS, LOSS), 0, frozen=1, skipped=0) == ()
