"""The classifiers of the ``bundled_data`` recipe, with their parameters."""

from typing import TYPE_CHECKING

from mlops_tui.domain.jobs.recipe import Parameter
from mlops_tui.recipes.fields import Values, number, text, whole

if TYPE_CHECKING:
    from sklearn.base import ClassifierMixin

NAMES = (
    "random_forest",
    "gradient_boosting",
    "decision_tree",
    "logistic_regression",
    "k_neighbors",
    "svc",
    "naive_bayes",
)

PARAMETERS = (
    Parameter(
        "n_estimators",
        100,
        "Trees of a forest or boosting",
        minimum=1,
        maximum=10_000,
    ),
    Parameter(
        "max_depth",
        5,
        "Tree depth; empty: no limit",
        minimum=1,
        maximum=1000,
        optional=True,
    ),
    Parameter(
        "C",
        1.0,
        "For logistic_regression, svc: smaller regularises more",
        minimum=0,
        maximum=1e6,
        open_interval=True,
    ),
    Parameter("n_neighbors", 5, "For k_neighbors", minimum=1, maximum=75),
)
"""Estimators ignore the parameters that they do not have."""


def build(values: Values) -> "ClassifierMixin":
    """Return the chosen classifier, with scaled columns where it depends on their scale."""
    from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.naive_bayes import GaussianNB
    from sklearn.neighbors import KNeighborsClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    from sklearn.svm import SVC
    from sklearn.tree import DecisionTreeClassifier

    seed, trees = whole(values, "random_state"), whole(values, "n_estimators")
    tree = {"max_depth": values["max_depth"], "random_state": seed}
    strength, neighbors = number(values, "C"), whole(values, "n_neighbors")
    return {
        "random_forest": lambda: RandomForestClassifier(n_estimators=trees, **tree),
        "gradient_boosting": lambda: GradientBoostingClassifier(n_estimators=trees, **tree),
        "decision_tree": lambda: DecisionTreeClassifier(**tree),
        "logistic_regression": lambda: make_pipeline(
            StandardScaler(), LogisticRegression(C=strength, max_iter=1000)
        ),
        "k_neighbors": lambda: make_pipeline(
            StandardScaler(), KNeighborsClassifier(n_neighbors=neighbors)
        ),
        "svc": lambda: make_pipeline(StandardScaler(), SVC(C=strength, random_state=seed)),
        "naive_bayes": GaussianNB,
    }[text(values, "estimator")]()
