import pytest

from mlops_tui.domain.jobs.recipe import Parameter, Recipe, Value, parse_all, to_text

DEPTH = Parameter("depth", 5, minimum=1, maximum=10, optional=True)
SHARE = Parameter("share", 0.2, minimum=0, maximum=1, open_interval=True)
NAME = Parameter("name", "run", maximum=5)
KIND = Parameter("kind", "a", choices=("a", "b"))
SHUFFLE = Parameter("shuffle", default=True)


@pytest.mark.parametrize(
    ("parameter", "text", "value"),
    [
        (DEPTH, " 7 ", 7),
        (DEPTH, "", None),
        (DEPTH, "1", 1),
        (DEPTH, "10", 10),
        (SHARE, "0.5", 0.5),
        (SHARE, "1e-3", 0.001),
        (NAME, "[red]", "[red]"),
        (KIND, "b", "b"),
        (SHUFFLE, "False", False),
        (SHUFFLE, "true", True),
    ],
)
def test_a_text_is_read_as_the_type_of_the_default(
    parameter: Parameter, text: str, value: Value | None
) -> None:
    assert parameter.parse(text) == value
    assert type(parameter.parse(text)) is type(value)


@pytest.mark.parametrize(
    ("parameter", "text", "reason"),
    [
        (DEPTH, "0", "at least 1"),
        (DEPTH, "11", "at most 10"),
        (DEPTH, "5.0", "a whole number"),
        (DEPTH, "five", "a whole number"),
        (SHARE, "0", "more than 0"),
        (SHARE, "1", "less than 1"),
        (SHARE, "much", "a number"),
        (SHARE, "nan", "a finite number"),
        (SHARE, "inf", "a finite number"),
        (SHARE, "", "needs a value"),
        (NAME, "longer", "at most 5 characters"),
        (NAME, "  ", "needs a value"),
        (KIND, "c", "one of a, b"),
        (SHUFFLE, "1", "true or false"),
    ],
)
def test_a_wrong_text_is_refused_with_the_reason(
    parameter: Parameter, text: str, reason: str
) -> None:
    with pytest.raises(ValueError, match=f"^{reason}$"):
        parameter.parse(text)


def test_a_text_of_any_length_is_taken_where_none_is_set() -> None:
    assert Parameter("name", "x").parse("y" * 1000) == "y" * 1000


@pytest.mark.parametrize("value", [5, 0.1, 1e-07, 1e300, "text", True, False])
def test_a_value_is_shown_as_a_text_that_means_it(value: Value) -> None:
    assert Parameter("p", value).parse(to_text(value)) == value


def test_no_value_is_shown_as_an_empty_field() -> None:
    assert to_text(None) == ""


def test_values_are_looked_at_together_once_each_is_right() -> None:
    recipe = Recipe(
        "r", "R", (DEPTH, SHARE), train=print, check=lambda _values: {"depth": "not with this"}
    )
    assert parse_all(recipe, {"depth": "3", "share": "0.5"}) == (
        {"depth": 3, "share": 0.5},
        {"depth": "not with this"},
    )
    assert parse_all(recipe, {"depth": "3"})[1] == {"share": "needs a value"}


def test_a_recipe_without_a_check_takes_whatever_is_right_alone() -> None:
    assert parse_all(Recipe("r", "R", (KIND,), train=print), {"kind": "b"}) == ({"kind": "b"}, {})
