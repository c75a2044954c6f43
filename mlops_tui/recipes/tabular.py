"""Recipe: a classifier of your choice on the rows of a CSV or Parquet file."""

from typing import TYPE_CHECKING

from mlops_tui.domain.jobs.recipe import Parameter, Recipe
from mlops_tui.recipes import estimators, fields
from mlops_tui.recipes.fields import Values, text

if TYPE_CHECKING:
    import pandas as pd
    from sklearn.base import ClassifierMixin

MOST_CATEGORIES = 50
"""Categories of a column that have a column of their own; the rarest ones share one."""


def train(values: Values) -> None:
    """Train on all columns but the target; hold rows out, which stay beside the run."""
    from mlops_tui.recipes.table_file import read_table
    from mlops_tui.recipes.training import Data, run

    table = read_table(text(values, "data"), text(values, "target"))
    estimator = estimators.build(values)
    data = Data(
        table.path.stem,
        table.X,
        table.y,
        stratified=table.can_be_stratified,
        target=text(values, "target"),
        file=table.path,
    )
    model_name = f"{text(values, 'estimator')}_model"
    run(values, data, _with_preparation(estimator, table.X), model_name=model_name)


def _with_preparation(estimator: "ClassifierMixin", X: "pd.DataFrame") -> "ClassifierMixin":
    """Return an estimator that also takes categories and missing values, if there are any."""
    from sklearn.compose import ColumnTransformer
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder

    numbers = [name for name in X if X[name].dtype == "float64"]
    categories = [name for name in X if name not in numbers]
    if not categories and not X.isna().to_numpy().any():
        return estimator
    filled = SimpleImputer(strategy="constant", fill_value="missing")
    one_hot = OneHotEncoder(
        handle_unknown="infrequent_if_exist", max_categories=MOST_CATEGORIES, sparse_output=False
    )
    columns = ColumnTransformer(
        [
            ("numbers", SimpleImputer(strategy="median"), numbers),
            ("categories", make_pipeline(filled, one_hot), categories),
        ]
    )
    return make_pipeline(columns, estimator)


RECIPE = Recipe(
    name="tabular",
    title="Classifier on a CSV or Parquet file",
    parameters=(
        fields.experiment("Tabular data"),
        fields.run_name("Run_1"),
        Parameter("data", None, "CSV or Parquet file", kind=str, maximum=4_000),
        Parameter("target", "label", "Column with the classes", maximum=500),
        Parameter("estimator", "random_forest", choices=estimators.NAMES),
        *estimators.PARAMETERS,
        fields.TEST_SHARE,
        fields.RANDOM_STATE,
    ),
    train=train,
)
