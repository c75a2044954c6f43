import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlops_tui.domain.jobs.recipe import Parameter, Value
from mlops_tui.domain.sweeps.search_space import (
    Choice,
    Range,
    fixed_text,
    parse_dimension,
    parse_fields,
    single_text,
)
from mlops_tui.recipes import RECIPES

LR = Parameter("lr", 0.1, minimum=0, open_interval=True)
DEPTH = Parameter("depth", 5, minimum=1, maximum=100)
OPTIMIZER = Parameter("optimizer", "adam", choices=("adam", "sgd", "lion"))
NAME = Parameter("name", "x")
SHUFFLE = Parameter("shuffle", default=True)
LAYERS = Parameter("layers", None, many=True, kind=int, optional=True)


@pytest.mark.parametrize(
    ("parameter", "text", "meant"),
    [
        (LR, "1e-4..1e-1 log", Range(1e-4, 1e-1, is_log=True)),
        (LR, "1e-4..1e-1:log", Range(1e-4, 1e-1, is_log=True)),
        (LR, " 1e-4 .. .5 : log : 4 ", Range(1e-4, 0.5, is_log=True, count=4)),
        (LR, "1..2", Range(1.0, 2.0)),
        (DEPTH, "2..10", Range(2, 10, is_whole=True)),
        (DEPTH, "2..10 5", Range(2, 10, is_whole=True, count=5)),
        (DEPTH, "2, 5,10", Choice((2, 5, 10))),
        (LR, "0.1,1e-3", Choice((0.1, 0.001))),
        (OPTIMIZER, "adam,sgd", Choice(("adam", "sgd"))),
        (SHUFFLE, "true,false", Choice((True, False))),
        (NAME, "1..10", Range(1, 10, is_whole=True, is_text=True)),
        (NAME, "0.5..1", Range(0.5, 1.0, is_text=True)),
        (NAME, '"a,b",c', Choice(("a,b", "c"))),
        (LAYERS, "64 32,128 64", Choice(("64 32", "128 64"))),
        (NAME, "a\nb", Choice(("a", "b"))),
    ],
)
def test_a_text_means_what_is_tried(parameter: Parameter, text: str, meant: object) -> None:
    assert parse_dimension(parameter, text) == meant


@pytest.mark.parametrize("text", ["", "5", "../data", "a..b", "1..", '"a,b"', "-3"])
def test_a_single_value_is_not_swept(text: str) -> None:
    assert parse_dimension(NAME, text) is None


def test_quotes_keep_a_single_value_in_one() -> None:
    assert fixed_text(NAME, ' "a,b" ') == "a,b"
    assert fixed_text(NAME, "'a b' c") == "'a b' c"
    assert fixed_text(NAME, '"a b" c') == '"a b" c'
    assert fixed_text(NAME, "") == ""


@pytest.mark.parametrize("name", ["experiment", "run_name"])
@pytest.mark.parametrize("text", ["10,20", "1..10", '"a,b"', "a, b", "1e-4..1e-1 log"])
def test_where_results_are_filed_is_never_swept(name: str, text: str) -> None:
    for recipe in RECIPES:
        found = [each for each in recipe.parameters if each.name == name]
        assert parse_fields(found, {name: text}) == ({}, {name: text}, {})


@pytest.mark.parametrize("text", ["10,20", "1..10", '"a"', '"a,b"', "[1,2]", "a\nb"])
def test_a_default_as_it_stands_is_one_value(text: str) -> None:
    parameter = Parameter("columns", text)
    assert parse_fields([parameter], {"columns": text}) == ({}, {"columns": text}, {})
    assert parse_dimension(Parameter("columns", "a,b"), "a, b") == Choice(("a", "b"))


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet='ab,".1 [\n', max_size=8) | st.sampled_from(["1..10", "2..3:log", '"a" b']))
def test_any_text_can_be_said_to_be_one_value(text: str) -> None:
    text = text.strip()
    parameter = Parameter("columns", None, optional=True)
    assert parse_fields([parameter], {"columns": single_text(parameter, text)}) == (
        {},
        {"columns": text or None},
        {},
    )


@pytest.mark.parametrize(
    ("parameter", "text", "reason"),
    [
        (LR, "0..1", "more than 0"),
        (LR, "1..0.5", "a range must start below its end"),
        (LR, "1..1", "a range must start below its end"),
        (Parameter("x", 0.5), "-1..1 log", "a log range must start above 0"),
        (LR, "1..2 cubic", "cubic is not understood after a range"),
        (LR, "1..2 log log", "log is not understood after a range"),
        (LR, "1..2 1", "1 is not understood after a range"),
        (LR, "1..2 3 3", "3 is not understood after a range"),
        (DEPTH, "0..5", "at least 1"),
        (DEPTH, "5..500", "at most 100"),
        (DEPTH, "0.5..5", "a whole number"),
        (DEPTH, "2,2", "2 is in the list twice"),
        (DEPTH, "2,,5", "a value of the list is empty"),
        (DEPTH, "2,many", "a whole number"),
        (OPTIMIZER, "adam,adagrad", "one of adam, sgd, lion"),
        (OPTIMIZER, "1..2", "a list of adam, sgd, lion"),
        (SHUFFLE, "true,maybe", "true or false"),
    ],
)
def test_what_makes_no_sense_has_a_reason(parameter: Parameter, text: str, reason: str) -> None:
    with pytest.raises(ValueError, match="^" + reason):
        parse_dimension(parameter, text)


def test_fields_are_told_apart_by_what_is_swept() -> None:
    texts = {"lr": "0.1,0.2", "depth": "7", "optimizer": "fancy"}
    swept, fixed, reasons = parse_fields((LR, DEPTH, OPTIMIZER), texts)
    assert swept == {"lr": Choice((0.1, 0.2))}
    assert fixed == {"depth": 7}
    assert reasons == {"optimizer": "one of adam, sgd, lion"}


@pytest.mark.parametrize(
    ("found", "points"),
    [
        (Range(2, 5, is_whole=True), (2, 3, 4, 5)),
        (Range(1, 10, is_whole=True, count=4), (1, 4, 7, 10)),
        (Range(1, 3, is_whole=True, count=9), (1, 2, 3)),
        (Range(1, 1000, is_whole=True, is_log=True, count=4), (1, 10, 100, 1000)),
        (Range(0.0, 1.0, count=3), (0.0, 0.5, 1.0)),
        (Range(1e-4, 1e-1, is_log=True, count=4), (1e-4, 1e-3, 1e-2, 1e-1)),
        (Range(1, 2, is_whole=True, is_text=True), ("1", "2")),
        (Choice(("a", True, 3)), ("a", True, 3)),
    ],
)
def test_the_points_of_a_grid(found: Range | Choice, points: tuple[Value, ...]) -> None:
    assert found.points() == points
    assert [type(point) for point in found.points()] == [type(point) for point in points]


def test_a_grid_needs_to_know_how_many_points_there_are() -> None:
    with pytest.raises(ValueError, match=r"number of points: 0\.0001\.\.0\.1:log:4"):
        Range(1e-4, 1e-1, is_log=True).points()
    with pytest.raises(ValueError, match="more than 100,000 values"):
        Range(0, 1e9, is_whole=True).points()


def test_a_draw_stays_within_the_range_and_reaches_its_ends() -> None:
    shares = [place / 1000 for place in range(1000)] + [1 - 1e-12]
    whole = [Range(2, 4, is_whole=True).at(share) for share in shares]
    assert [whole.count(number) for number in (2, 3, 4)] == [334, 333, 334]
    decades = [Range(1, 999, is_whole=True, is_log=True).at(share) for share in shares]
    assert min(map(int, decades)) == 1
    assert max(map(int, decades)) == 999
    assert 300 < sum(int(number) < 10 for number in decades) < 370
    log = [float(Range(1e-4, 1e-1, is_log=True).at(share)) for share in shares]
    assert min(log) == 1e-4
    assert max(log) <= 1e-1
    assert 320 < sum(number < 1e-3 for number in log) < 340
    assert {Choice(("a", "b")).at(share) for share in shares} == {"a", "b"}
    assert Range(0.0, 1.0).at(1 / 3) == 0.333333
    assert Range(0.12345649, 1.0).at(0.0) == 0.12345649
