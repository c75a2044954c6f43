"""Parallel coordinates."""

from mlops_tui.domain.compare.comparison import Kind, Trait
from mlops_tui.tui.charts.run_style import run_styles
from mlops_tui.tui.compare.parallel_chart import draw_parallel, upright
from tests.domain.made_up import made_up

RUNS = [
    made_up("a", {"depth": 2, "opt": "adam", "same": 1}, {"loss": 0.5}),
    made_up("b", {"depth": 4, "opt": "sgd", "same": 1}, {"loss": 0.25}),
    made_up("c", {"depth": 3, "opt": "rms"}),
]
LOOKS = run_styles((run.run_id, run.name, False) for run in RUNS)
AXES = [upright(Trait(Kind.PARAM, key), RUNS) for key in ("depth", "opt", "same")]
LOSS = upright(Trait(Kind.METRIC, "loss"), RUNS)


def lines(width: int, height: int) -> list[str]:
    drawn = draw_parallel([*AXES, LOSS], LOOKS, width, height)
    return ["".join(text for text, _ in runs) for runs in drawn]


def test_numbers_lie_by_size_and_words_by_name() -> None:
    depth, opt, same = AXES
    assert (depth.low, depth.high, depth.shares) == ("2", "4", (0.0, 1.0, 0.5))
    assert (opt.low, opt.high, opt.shares) == ("adam", "sgd", (0.0, 1.0, 0.5))
    assert same.shares == (0.5, 0.5, None)
    assert LOSS.shares == (1.0, 0.0, None)
    assert upright(Trait(Kind.PARAM, "none"), RUNS).shares == (None, None, None)


def test_names_and_ends_stand_at_the_axes() -> None:
    rows = lines(80, 20)
    assert rows[0].split() == ["depth", "opt", "same", "loss"]
    assert rows[1].split() == ["4", "sgd", "1", "0.5"]
    assert rows[-1].split() == ["2", "adam", "1", "0.25"]
    assert {len(row) for row in rows} == {80}
    assert len(rows) == 20
    assert all(mark in "".join(rows) for mark in "●▲■")


def test_axes_stand_in_the_middle_of_their_columns_below_their_names() -> None:
    rows = lines(80, 20)
    places = [10, 30, 50, 70]
    for axis, place in enumerate(places):
        around = [row[place - 1 : place + 2] for row in rows[2:-1]]
        assert sum(cells[1] == "│" for cells in around) >= 10
        assert not any("│" in (cells[0], cells[2]) for cells in around)
        name = rows[0][20 * axis : 20 * axis + 20]
        start = 20 * axis + name.index(name.strip())
        assert abs(start + len(name.strip()) / 2 - place) <= 1
    top, bottom = rows[2], rows[-2]
    assert (bottom[10], top[10]) == ("●", "▲")
    assert (top[70], bottom[70]) == ("●", "▲")


def test_without_room_fewer_axes_are_drawn_or_it_is_said() -> None:
    assert lines(30, 10)[0].split() == ["depth", "opt"]
    assert "no room" in lines(80, 3)[0]
    assert "nothing that differs" in draw_parallel([LOSS], LOOKS, 80, 20)[0][0][0]
