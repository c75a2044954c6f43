"""Recipe: an estimator of your choice on a data set of scikit-learn."""

from mlops_tui.domain.jobs.recipe import Parameter, Recipe
from mlops_tui.recipes import estimators, fields
from mlops_tui.recipes.fields import Values, text

DATA_SETS = ("iris", "wine", "breast_cancer", "digits")


def train(values: Values) -> None:
    """Train on the chosen data set, with a stratified split."""
    from sklearn import datasets

    from mlops_tui.recipes.training import Data, run

    name, estimator = text(values, "data_set"), text(values, "estimator")
    bundle = getattr(datasets, f"load_{name}")(as_frame=True)
    data = Data(name, bundle.data.astype("float64"), bundle.target.to_numpy(), stratified=True)
    run(values, data, estimators.build(values), model_name=f"{estimator}_model")


RECIPE = Recipe(
    name="bundled_data",
    title="scikit-learn data set",
    parameters=(
        fields.experiment("Bundled data"),
        fields.run_name("Run_1"),
        Parameter("data_set", "iris", "150, 178, 569 and 1,797 rows", choices=DATA_SETS),
        Parameter("estimator", "random_forest", choices=estimators.NAMES),
        *estimators.PARAMETERS,
        fields.TEST_SHARE,
        fields.RANDOM_STATE,
    ),
    train=train,
)
