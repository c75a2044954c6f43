import pytest

from mlops_tui.domain.sweeps.sampling import grid_axes, grid_point, grid_size, random_point
from mlops_tui.domain.sweeps.search_space import Choice, Range, SearchSpace

SPACE: SearchSpace = {
    "lr": Range(1e-4, 1e-1, is_log=True, count=2),
    "depth": Range(2, 4, is_whole=True),
    "optimizer": Choice(("adam", "sgd")),
}


def test_a_grid_meets_each_point_once_the_last_axis_fastest() -> None:
    axes = grid_axes(SPACE)
    assert grid_size(axes) == 12
    points = [grid_point(axes, number) for number in range(12)]
    assert points[:3] == [
        {"lr": 1e-4, "depth": 2, "optimizer": "adam"},
        {"lr": 1e-4, "depth": 2, "optimizer": "sgd"},
        {"lr": 1e-4, "depth": 3, "optimizer": "adam"},
    ]
    assert points[-1] == {"lr": 1e-1, "depth": 4, "optimizer": "sgd"}
    assert len({tuple(point.values()) for point in points}) == 12


def test_a_grid_without_an_end_names_what_has_none() -> None:
    with pytest.raises(ValueError, match=r"^lr: a grid needs a list"):
        grid_axes({"lr": Range(0.1, 0.2)})


def test_a_grid_that_nobody_can_run_is_refused() -> None:
    axis = Range(1, 1000, is_whole=True)
    with pytest.raises(ValueError, match=r"1,000,000,000 points; 100,000 is the most"):
        grid_axes({"a": axis, "b": axis, "c": axis})
    assert grid_size(grid_axes({"a": axis, "b": Range(1, 100, is_whole=True)})) == 100_000


def test_a_random_point_depends_on_seed_and_number_alone() -> None:
    first = [random_point(SPACE, 7, number) for number in range(20)]
    assert [random_point(SPACE, 7, number) for number in reversed(range(20))] == first[::-1]
    assert len({tuple(point.values()) for point in first}) == 20
    assert first != [random_point(SPACE, 8, number) for number in range(20)]
    # Written down: a new version has to go on where an old one was stopped.
    assert random_point(SPACE, 0, 0) == FIRST


FIRST = {"lr": 0.00106673, "depth": 4, "optimizer": "sgd"}
