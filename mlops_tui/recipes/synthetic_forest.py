"""Recipe: a random forest on synthetic data."""

from mlops_tui.domain.jobs.recipe import Parameter, Recipe
from mlops_tui.recipes import fields
from mlops_tui.recipes.fields import Values, number, whole

MAX_NUMBERS = 50_000_000
"""Maximum of rows times features: 400 MB, and as much again during the split."""
MIN_ROWS = 10
"""The smallest number of rows to train or test on."""


def check(values: Values) -> dict[str, str]:
    """Return the values that do not fit together: the reason by parameter."""
    features, informative = whole(values, "n_features"), whole(values, "n_informative")
    redundant, samples = whole(values, "n_redundant"), whole(values, "n_samples")
    reasons = {}
    if informative > features:
        reasons["n_informative"] = f"at most the {features} features"
    elif informative + redundant > features:
        left = features - informative
        reasons["n_redundant"] = f"at most {left}: {features} features, {informative} informative"
    if samples * features > MAX_NUMBERS:
        reasons["n_samples"] = f"at most {MAX_NUMBERS // features:,} with {features} features"
    tested = samples * number(values, "test_share")
    if tested < MIN_ROWS:
        reasons["test_share"] = f"leaves fewer than {MIN_ROWS} rows to test on"
    elif samples - tested < MIN_ROWS:
        reasons["test_share"] = f"leaves fewer than {MIN_ROWS} rows to train on"
    return reasons


def train(values: Values) -> None:
    """Train on ``make_classification``."""
    import pandas as pd
    from sklearn.datasets import make_classification
    from sklearn.ensemble import RandomForestClassifier

    from mlops_tui.recipes.training import Data, run

    seed = whole(values, "random_state")
    names = ("n_samples", "n_features", "n_informative", "n_redundant")
    X, y = make_classification(**{name: whole(values, name) for name in names}, random_state=seed)
    columns = [f"f{number}" for number in range(X.shape[1])]
    data = Data("make_classification", pd.DataFrame(X, columns=columns), y)
    forest = RandomForestClassifier(
        n_estimators=whole(values, "n_estimators"),
        max_depth=values["max_depth"],
        random_state=seed,
    )
    run(values, data, forest, model_name="random_forest_model")


RECIPE = Recipe(
    name="synthetic_forest",
    title="Random forest on synthetic data",
    parameters=(
        fields.experiment("Iris Classification Fun"),
        fields.run_name("RandomForest_Run_1"),
        Parameter("n_samples", 1000, "Number of samples", minimum=20, maximum=1_000_000),
        Parameter("n_features", 10, "Number of features", minimum=2, maximum=1000),
        Parameter(
            "n_informative",
            5,
            "Informative features, at least 2",
            minimum=2,
            maximum=1000,
        ),
        Parameter("n_redundant", 0, "Combinations of informative", minimum=0, maximum=1000),
        fields.TEST_SHARE,
        Parameter("n_estimators", 150, "Number of trees", minimum=1, maximum=10_000),
        Parameter(
            "max_depth",
            5,
            "Tree depth; empty: no limit",
            minimum=1,
            maximum=1000,
            optional=True,
        ),
        fields.RANDOM_STATE,
    ),
    train=train,
    check=check,
)
