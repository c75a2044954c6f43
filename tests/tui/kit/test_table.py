"""The one table of every list, by key presses."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from random import Random
from typing import Any, Self

import pytest
from rich.text import Text
from textual.app import App, ComposeResult
from textual.events import MouseScrollDown
from textual.geometry import Region
from textual.pilot import Pilot
from textual.widgets import Input

from mlops_tui.tui.kit.table import Column, Table

COLUMNS = (
    Column("status", "Status", 10),
    Column("name", "Name", 16, grow=True),
    Column("loss", "Loss", 8, "right"),
)
STYLES = {"status": "green"}
KEYS = [f"run{number}" for number in range(200)]


def cell(key: str, column: str) -> Text:
    return Text(f"{key}/{column}", STYLES.get(column, ""))


class WatchedTable(Table):
    """Knows which lines were sent to the terminal."""

    lines_sent: list[int]

    def refresh(self, *regions: Region, **arguments: bool) -> Self:
        for region in regions or [self.size.region]:
            self.lines_sent += region.line_range
        return super().refresh(*regions, **arguments)


class TableApp(App[None]):
    """One table, with a field to take the focus away."""

    CSS = "Input { height: 1; border: none; }"

    def __init__(self, *, markable: bool = False, **arguments: Any) -> None:
        super().__init__()
        on_mark = self._mark if markable else None
        self.table = WatchedTable(COLUMNS, id="runs", on_mark=on_mark, **arguments)
        self.table.lines_sent = []
        self.told: list[tuple[str, str]] = []

    def _mark(self, key: str) -> None:
        self.told.append(("marked", key))

    def compose(self) -> ComposeResult:
        yield self.table
        yield Input()

    def on_table_highlighted(self, event: Table.Highlighted) -> None:
        assert event.control is self.table
        self.told.append(("highlighted", event.key))

    def on_table_opened(self, event: Table.Opened) -> None:
        self.told.append(("opened", event.key))

    def on_table_header_pressed(self, event: Table.HeaderPressed) -> None:
        self.told.append(("header", event.column))

    def on_table_near_end(self, _event: Table.NearEnd) -> None:
        self.told.append(("near end", ""))


@asynccontextmanager
async def running(
    keys: Sequence[str] = KEYS, size: tuple[int, int] = (60, 12), **arguments: Any
) -> AsyncIterator[tuple[TableApp, Table, Pilot[None]]]:
    app = TableApp(**arguments)
    async with app.run_test(size=size, notifications=True) as pilot:
        app.table.show(keys, cell)
        await pilot.pause()
        app.table.lines_sent.clear()
        yield app, app.table, pilot


def shown(table: Table) -> list[str]:
    return [table.draw(y).text for y in range(table.size.height)]


def lines_sent(app: TableApp) -> list[int]:
    sent = sorted(set(app.table.lines_sent))
    app.table.lines_sent.clear()
    return sent


async def test_the_rows_stand_directly_below_the_titles() -> None:
    async with running() as (_, table, _pilot):
        lines = shown(table)
        assert lines[0].split() == ["Status", "Name", "Loss"]
        assert lines[1].startswith("▌run0/stat…")
        assert lines[2].split()[0] == "run1/stat…"
        assert {len(line) for line in lines} == {60}


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        (["down"], "run1"),
        (["j", "j", "k"], "run1"),
        (["down", "up", "up"], "run0"),
        (["end"], "run199"),
        (["G", "j"], "run199"),
        (["end", "g"], "run0"),
        (["end", "home"], "run0"),
        (["pagedown"], "run10"),
        (["ctrl+d", "ctrl+d", "ctrl+u"], "run10"),
        (["pagedown", "pageup"], "run0"),
    ],
)
async def test_keys_move_the_cursor(keys: list[str], expected: str) -> None:
    async with running() as (app, table, pilot):
        await pilot.press(*keys)
        assert table.cursor_key == expected
        assert any(line[0] == "▌" and line[1:].startswith(expected) for line in shown(table))
        assert app.told.count(("highlighted", expected)) >= 1


async def test_a_cursor_key_sends_two_lines() -> None:
    async with running() as (app, _table, pilot):
        await pilot.press("down", "down")
        lines_sent(app)
        await pilot.press("down")
        assert lines_sent(app) == [3, 4]


async def test_rows_that_look_the_same_are_not_sent_again() -> None:
    async with running() as (app, table, pilot):
        table.show(KEYS, cell)
        await pilot.pause()
        assert lines_sent(app) == []
        table.show(KEYS, lambda k, c: Text("new") if (k, c) == ("run3", "name") else cell(k, c))
        await pilot.pause()
        assert lines_sent(app) == [4]


async def test_only_cells_in_view_are_asked_for_once() -> None:
    asked: list[tuple[str, str]] = []

    def counting(key: str, column: str) -> Text:
        asked.append((key, column))
        return cell(key, column)

    async with running() as (_app, table, pilot):
        table.show([f"run{number}" for number in range(100_000)], counting)
        await pilot.press("down", "up", "down")
        assert len(asked) == len(set(asked)) == 10 * len(COLUMNS)
        asked.clear()
        table.refresh_rows(["run2"])
        await pilot.pause()
        assert asked == [("run2", column.key) for column in COLUMNS]


async def test_the_cursor_stays_on_its_key_when_rows_come_before_it() -> None:
    async with running() as (app, table, pilot):
        await pilot.press("down", "down")
        table.show(["new", *KEYS], cell)
        await pilot.pause()
        assert table.cursor_key == "run2"
        assert shown(table)[4].startswith("▌run2")
        assert app.told[-1] == ("highlighted", "run2")


async def test_the_row_of_the_cursor_keeps_its_line_in_the_middle_of_the_list() -> None:
    async with running() as (app, table, pilot):
        await pilot.press("pagedown", "pagedown", "down")
        before = shown(table)
        lines_sent(app)
        table.show(["new", *KEYS], cell)
        await pilot.pause()
        assert shown(table) == before
        assert lines_sent(app) == []


async def test_the_cursor_stays_at_the_start_until_it_is_moved() -> None:
    async with running() as (_app, table, pilot):
        await pilot.press("down", "down")
        table.stay_at_start()
        table.show(["new", *KEYS], cell)
        assert table.cursor_key == "new"
        await pilot.press("down")
        table.show(["newer", "new", *KEYS], cell)
        assert table.cursor_key == "run0"


async def test_where_the_key_is_gone_the_cursor_keeps_its_place() -> None:
    async with running() as (app, table, pilot):
        await pilot.press("down", "down")
        table.show([key for key in KEYS if key != "run2"], cell)
        await pilot.pause()
        assert table.cursor_key == "run3"
        assert app.told[-1] == ("highlighted", "run3")


async def test_a_shorter_list_is_shown_from_where_it_fills_the_table() -> None:
    async with running() as (_app, table, pilot):
        await pilot.press("end")
        table.show(KEYS[:3], cell)
        await pilot.pause()
        assert table.cursor_key == "run2"
        assert [line[1:5] for line in shown(table)[1:5]] == ["run0", "run1", "run2", "    "]


async def test_the_cursor_can_be_put_on_a_key() -> None:
    async with running() as (_app, table, pilot):
        table.move_to("run150")
        table.move_to("nowhere")
        await pilot.pause()
        assert table.cursor_key == "run150"


async def test_what_is_said_stands_where_there_are_no_rows() -> None:
    async with running([]) as (app, table, pilot):
        table.say("No runs yet: [press 2] to train one, or take another experiment.\nSecond line")
        await pilot.press("enter", "down", "pagedown", "space", "G")
        lines = [line.strip() for line in shown(table)]
        assert lines[1:4] == [
            "No runs yet: [press 2] to train one, or take another",
            "experiment.",
            "Second line",
        ]
        assert table.cursor_key is None
        assert app.told == []


async def test_enter_opens_the_row() -> None:
    async with running() as (app, _table, pilot):
        await pilot.press("down", "enter")
        assert app.told[-1] == ("opened", "run1")


async def test_space_marks_rows_where_that_is_wanted() -> None:
    async with running(markable=True) as (app, table, pilot):
        await pilot.press("space", "down", "space", "down")
        assert table.marked == {"run0", "run1"}
        assert [line[0] for line in shown(table)[1:4]] == ["●", "●", "▌"]
        await pilot.press("up", "space")
        assert table.marked == {"run0"}
        assert app.told[-1] == ("marked", "run1")
        table.action_mark()
        assert app.told.count(("marked", "run1")) == 3  # at once: the next key may be about it


async def test_space_marks_nothing_elsewhere() -> None:
    async with running() as (app, table, pilot):
        await pilot.press("space")
        assert table.marked == frozenset()
        assert ("marked", "run0") not in app.told


async def test_a_mark_can_be_told_from_the_cursor_on_it() -> None:
    async with running(markable=True) as (_app, table, pilot):
        await pilot.press("space")
        assert shown(table)[1][0] == "◉"
        await pilot.press("tab")
        assert shown(table)[1][0] == "◎"


async def test_the_cursor_shows_whether_the_table_has_the_focus_without_colour_too() -> None:
    async with running() as (_app, table, pilot):
        focused = table.draw(1)
        await pilot.press("tab")
        blurred = table.draw(1)
        assert (focused.text[0], blurred.text[0]) == ("▌", "│")
        assert next(iter(focused)).style != next(iter(blurred)).style


async def test_the_row_of_the_cursor_is_one_piece() -> None:
    async with running() as (_app, table, _pilot):
        assert len(list(table.draw(1))) == 1
        assert len(list(table.draw(2))) == 2


async def test_columns_beyond_the_edge_are_reached_by_keys() -> None:
    columns = [Column(f"c{number}", f"C{number}", 12) for number in range(9)]
    async with running(frozen=1) as (_app, table, pilot):
        table.show(KEYS, cell, columns)
        assert shown(table)[0].split() == ["C0", "C1", "C2", "C3", "C4", ">"]
        await pilot.press("right", "l")
        assert shown(table)[0].split() == ["<C0", "C3", "C4", "C5", "C6", ">"]
        await pilot.press(*["l"] * 20)
        assert shown(table)[0].split() == ["<C0", "C6", "C7", "C8"]
        table.reveal_column("c4")
        assert shown(table)[0].split() == ["<C0", "C4", "C5", "C6", "C7", ">"]
        table.reveal_column("c8")
        assert shown(table)[0].split() == ["<C0", "C6", "C7", "C8"]
        table.reveal_column("c0")
        await pilot.press("h", *["left"] * 20)
        assert shown(table)[0].split() == ["C0", "C1", "C2", "C3", "C4", ">"]


async def test_the_header_shows_what_the_rows_are_sorted_by() -> None:
    async with running() as (app, table, pilot):
        table.sort = ("loss", True)
        await pilot.pause()
        assert shown(table)[0].split() == ["Status", "Name", "Loss▼"]
        assert lines_sent(app) == [0]
        table.sort = ("status", False)
        assert shown(table)[0].split() == ["Status▲", "Name", "Loss"]


async def test_a_long_title_gives_way_to_the_sign() -> None:
    async with running() as (_app, table, _pilot):
        table.show(KEYS, cell, [Column("a", "accuracy_score", 8, "right")])
        table.sort = ("a", False)
        assert shown(table)[0].split() == ["accura…▲"]


async def test_a_click_moves_the_cursor_where_a_second_one_opens() -> None:
    async with running() as (app, table, pilot):
        await pilot.click(table, offset=(5, 4))
        assert table.cursor_key == "run3"
        assert ("opened", "run3") not in app.told
        await pilot.double_click(table, offset=(5, 6))
        assert app.told[-1] == ("opened", "run5")


async def test_a_row_that_its_list_lost_before_the_table_was_told_is_drawn_without_words() -> None:
    rows = {key: f"value of {key}" for key in KEYS}
    columns = [Column("name", "Name", 20)]
    async with running() as (_app, table, pilot):
        table.show(list(rows), lambda key, _column: Text(rows[key]), columns)
        rows.clear()
        table.say("reading…")
        await pilot.press("down", "pagedown", "end", "home")
        assert table.draw(2).text.split() == ["·"] or "value of run1" in table.draw(2).text
        assert "·" in table.draw(3).text or "value of run2" in table.draw(3).text
        rows["run7"] = "another"
        table.show(list(rows), lambda key, _column: Text(rows[key]), columns)
        assert table.cursor_key == "run7"
        assert "another" in table.draw(1).text


async def test_a_click_below_the_last_row_does_nothing() -> None:
    async with running(KEYS[:2]) as (_app, table, pilot):
        await pilot.click(table, offset=(5, 7))
        assert table.cursor_key == "run0"


async def test_a_click_on_a_title_tells_which() -> None:
    async with running() as (app, table, pilot):
        await pilot.click(table, offset=(14, 0))
        assert app.told[-1] == ("header", "name")


async def test_the_wheel_scrolls_without_the_cursor() -> None:
    async with running() as (_app, table, pilot):
        await pilot._post_mouse_events([MouseScrollDown], table, offset=(5, 5))
        await pilot.pause()
        assert table.top > 0
        assert table.cursor_key == "run0"


async def test_coming_near_the_end_is_told_once() -> None:
    async with running() as (app, table, pilot):
        assert ("near end", "") not in app.told
        await pilot.press("end", "up", "down")
        assert app.told.count(("near end", "")) == 1
        table.show([*KEYS, *(f"later{number}" for number in range(50))], cell)
        await pilot.pause()
        assert app.told.count(("near end", "")) == 1
        await pilot.press("end")
        assert app.told.count(("near end", "")) == 2


async def test_the_handle_of_the_scroll_bar_follows_the_view() -> None:
    async with running() as (_app, table, pilot):
        assert [y for y, line in enumerate(shown(table)) if line.endswith("▐")] == [1]
        await pilot.press("end")
        assert [y for y, line in enumerate(shown(table)) if line.endswith("▐")] == [10]
        table.show(KEYS[:3], cell)
        assert not [line for line in shown(table) if line.endswith("▐")]


async def test_the_handle_is_as_long_as_the_share_in_view() -> None:
    async with running(KEYS[:20]) as (_app, table, pilot):
        assert table.page == 10
        assert [y for y, line in enumerate(shown(table)) if line.endswith("▐")] == [1, 2, 3, 4, 5]
        await pilot.press("end")
        assert [y for y, line in enumerate(shown(table)) if line.endswith("▐")] == [6, 7, 8, 9, 10]
        table.show(KEYS[:11], cell)
        assert sum(line.endswith("▐") for line in shown(table)) == 9


async def test_a_smaller_terminal_keeps_the_cursor_in_view() -> None:
    async with running(size=(60, 30)) as (_app, table, pilot):
        await pilot.press(*["down"] * 20)
        await pilot.resize_terminal(30, 8)
        await pilot.pause()
        assert any(line.startswith("▌run20") for line in shown(table))
        assert {len(line) for line in shown(table)} == {30}


async def test_another_theme_changes_the_colours_of_rows_drawn_before() -> None:
    async with running() as (app, table, pilot):
        before = table.draw(2)
        app.theme = "textual-light"
        await pilot.pause()
        assert table.draw(2).text == before.text
        assert table.draw(2) != before


async def test_a_table_as_high_as_its_rows_grows_with_them() -> None:
    async with running(KEYS[:2]) as (_app, table, pilot):
        table.styles.height = "auto"
        await pilot.pause()
        assert table.size.height == 3
        table.show(KEYS[:5], cell)
        await pilot.pause()
        assert table.size.height == 6


async def test_rows_shown_before_the_table_is_mounted_are_there() -> None:
    class Early(App[None]):
        def compose(self) -> ComposeResult:
            table = Table(COLUMNS)
            table.show(KEYS, cell)
            yield table

    app = Early()
    async with app.run_test(notifications=True) as pilot:
        await pilot.press("down")
        assert app.query_one(Table).cursor_key == "run1"


Hostile = Callable[[str, str], Text]


@pytest.mark.parametrize(
    "name",
    [
        "[/tmp/x]",
        "[red]",
        "params[lr]=1",
        "\x1b[31mred\x1b]0;x\x07",
        "x" * 5_000,
        "日本語👩‍👩‍👧❤️",
        "שלום",
        "e" + "\u0301" * 500,
        "\u202eevil",
    ],
)
async def test_hostile_names_neither_break_nor_widen_a_line(name: str) -> None:
    async with running() as (_app, table, pilot):
        columns = [Column("name", name, 10), Column("next", "Next", 8)]
        table.show(
            [name, "other"], lambda key, column: Text(key if column == "name" else "|"), columns
        )
        table.say(name)
        await pilot.pause()
        for y in range(3):
            assert table.draw(y).cell_length == 60
            assert "\x1b" not in table.draw(y).text
        assert table.draw(1).crop(12, 13).text == "|"
        await pilot.press("enter")
        table.show([], cell)
        await pilot.pause()
        assert table.draw(1).cell_length == 60


async def test_a_column_that_is_revealed_is_whole() -> None:
    columns = [Column("status", "Status", 10), *(Column(str(n), str(n), 14) for n in range(6))]
    async with running(frozen=1, size=(54, 12)) as (_app, table, _pilot):
        table.show(KEYS, cell, columns)
        assert [each.is_whole for each in table.painter.placed] == [True, True, True, False]
        table.reveal_column("2")
        assert [each.is_whole for each in table.painter.placed if each.column.key == "2"] == [True]
        table.scroll_columns_to(0)
        assert [each.column.key for each in table.painter.placed][1] == "0"


async def test_no_order_of_events_asks_for_a_row_that_is_gone() -> None:
    chance = Random(7)  # noqa: S311 - it guards nothing
    rows: dict[str, str] = {}
    keys = ["down", "up", "pagedown", "end", "home", "space", "right", "left", "enter", "tab"]

    async with running([], markable=True) as (app, table, pilot):

        def renew() -> None:
            rows.clear()
            rows.update((f"run{chance.randrange(60)}", "x") for _ in range(chance.randrange(40)))

        def show() -> None:
            table.show(list(rows), lambda key, _column: Text(rows[key]), COLUMNS)

        events: list[Callable[[], object]] = [
            *(renew, show, rows.clear),
            lambda: table.say(str(chance.random())),
            lambda: table.move_to(f"run{chance.randrange(60)}"),
            lambda: table.refresh_rows([f"run{chance.randrange(60)}"]),
            lambda: setattr(table, "marked", frozenset(rows)),
            lambda: setattr(table, "sort", ("loss", True)),
            lambda: table.reveal_column("loss"),
            lambda: setattr(app, "theme", chance.choice(["textual-dark", "textual-light"])),
            table.stay_at_start,
            table.focus,
        ]
        for number in range(150):
            chance.choice(events)()
            if not number % 4:
                await pilot.press(chance.choice(keys))
            if not number % 50:
                await pilot.resize_terminal(chance.randrange(5, 90), chance.randrange(2, 20))
        renew()
        show()
        assert table.cursor_key == (table.keys[table._cursor] if rows else None)
        assert list(table.keys) == list(rows)


async def test_decimal_points_stand_below_each_other() -> None:
    values = {"a": "0.87", "b": "0.8699", "c": "12", "d": "NaN", "e": "1.5e-05", "f": "-1,234.5"}

    def value(key: str, _column: str) -> Text:
        return Text(values[key])

    async with running(size=(20, 12)) as (_app, table, _pilot):
        table.show(list(values), value, [Column("x", "x", 12, "decimal")])
        shown = [table.render_line(y).text[1:13] for y in range(1, 7)]
        assert shown == [
            "      0.87  ",
            "      0.8699",
            "     12     ",
            "         NaN",
            "     1.5e-05",
            " -1,234.5   ",
        ]
        table.show(list(values), value, [Column("x", "x", 6, "decimal")])
        assert table.render_line(1).text[1:7] == "0.87  "
        assert table.render_line(2).text[1:7] == "0.8699"
        assert table.render_line(5).text[1:7] == "1.5e-…"
