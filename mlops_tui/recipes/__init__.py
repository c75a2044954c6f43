"""The recipes: trainings that come with mlops-tui."""

from mlops_tui.domain.jobs.recipe import Recipe
from mlops_tui.recipes import bundled_data, synthetic_forest, tabular

RECIPES: tuple[Recipe, ...] = (
    synthetic_forest.RECIPE,
    bundled_data.RECIPE,
    tabular.RECIPE,
)


def find(name: str) -> Recipe | None:
    """Return the recipe with this name, None if there is none."""
    return next((recipe for recipe in RECIPES if recipe.name == name), None)
