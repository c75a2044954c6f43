import pytest

from mlops_tui.domain.jobs.recipe import Value, parse_all, to_text
from mlops_tui.recipes.synthetic_forest import RECIPE

DEFAULTS = {parameter.name: parameter.default for parameter in RECIPE.parameters}


def reasons(**changed: Value) -> dict[str, str]:
    texts = {name: to_text(value) for name, value in (DEFAULTS | changed).items()}
    return parse_all(RECIPE, texts)[1]


def test_the_defaults_are_the_tutorials() -> None:
    assert reasons() == {}
    assert DEFAULTS == {
        "experiment": "Iris Classification Fun",
        "run_name": "RandomForest_Run_1",
        "n_samples": 1000,
        "n_features": 10,
        "n_informative": 5,
        "n_redundant": 0,
        "test_share": 0.2,
        "n_estimators": 150,
        "max_depth": 5,
        "random_state": 42,
    }


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"n_informative": 11}, {"n_informative": "at most the 10 features"}),
        ({"n_redundant": 6}, {"n_redundant": "at most 5: 10 features, 5 informative"}),
        ({"n_informative": 1}, {"n_informative": "at least 2"}),
        (
            {"n_samples": 1_000_000, "n_features": 1000},
            {"n_samples": "at most 50,000 with 1000 features"},
        ),
        ({"n_samples": 40}, {"test_share": "leaves fewer than 10 rows to test on"}),
        (
            {"n_samples": 40, "test_share": 0.9},
            {"test_share": "leaves fewer than 10 rows to train on"},
        ),
        ({"test_share": 1.0}, {"test_share": "at most 0.9"}),
        ({"experiment": "x" * 501}, {"experiment": "at most 500 characters"}),
    ],
)
def test_values_that_do_not_fit_are_refused_beside_their_field(
    changed: dict[str, Value], expected: dict[str, str]
) -> None:
    assert reasons(**changed) == expected


def test_every_field_has_its_help() -> None:
    assert all(parameter.help for parameter in RECIPE.parameters)
