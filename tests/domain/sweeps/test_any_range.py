"""Whatever stands in a field of a sweep, it is a range, a list, a value, or a reason."""

from contextlib import suppress
from math import isfinite

from hypothesis import example, given, settings
from hypothesis import strategies as st

from mlops_tui.domain.jobs.recipe import Parameter
from mlops_tui.domain.sweeps.sampling import grid_axes, random_point
from mlops_tui.domain.sweeps.search_space import parse_fields

NUMBERS = (
    st.floats().map(repr)
    | st.integers().map(str)
    | st.sampled_from(["1e308", "-1e308", "5e-324", "9" * 400, "9" * 5_000, "", "x"])
)
LOWS = NUMBERS | st.sampled_from(["-1e308", "-1.7e308", "1e-300", "-" + "9" * 400, "1"])
HIGHS = NUMBERS | st.sampled_from(["1e308", "1.7e308", "9" * 400, "9" * 300])
TEXTS = (
    st.tuples(LOWS, HIGHS, st.sampled_from(["", " log", ":4", " log:3", ":99999999999", " y"])).map(
        lambda parts: f"{parts[0]}..{parts[1]}{parts[2]}"
    )
    | st.lists(NUMBERS, max_size=4).map(",".join)
    | st.text(max_size=20)
)


@settings(max_examples=200, deadline=None)
@example(int, "0," + "9" * 400, 0)
@given(st.sampled_from([int, float, str]), TEXTS, st.integers(0, 3))
def test_any_text_makes_a_point_or_a_reason(kind: type, text: str, number: int) -> None:
    parameter = Parameter("lr", None, kind=kind)
    space, _fixed, reasons = parse_fields([parameter], {"lr": text})
    assert all(reasons.values())
    if space:
        found = [random_point(space, 1, number)["lr"]]
        assert str(space["lr"])
        with suppress(ValueError):  # a grid has no end of points, or too many
            found += grid_axes(space)["lr"]
        assert all(isinstance(each, str | int) or isfinite(each) for each in found)
