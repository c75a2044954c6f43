"""A new training job: recipe with parameters."""

from collections.abc import Callable, Iterable, Mapping

from textual import on
from textual.widget import Widget
from textual.widgets import Select, Static

from mlops_tui.domain.recipe import Recipe, Value
from mlops_tui.recipes import RECIPES
from mlops_tui.tui.dialogs.dialog import Dialog
from mlops_tui.tui.keys import bindings
from mlops_tui.tui.widgets.parameter_form import ParameterForm

Job = tuple[str, dict[str, Value | None]]


class NewJobDialog(Dialog[Job]):
    """The form of a recipe; the result is the recipe's name with its values."""

    BINDINGS = bindings("new job")
    AUTO_FOCUS = "ParameterForm Input"

    def __init__(self, command: Callable[[str, Mapping[str, Value | None]], str]) -> None:
        super().__init__("New training job")
        self._command = command
        self._recipes = {recipe.name: recipe for recipe in RECIPES}

    def compose_body(self) -> Iterable[Widget]:
        """Ask which recipe, then for its parameters."""
        choices = [(recipe.title, name) for name, recipe in self._recipes.items()]
        yield Select(choices, allow_blank=False, compact=True, id="recipe")
        yield Static("Every field has a default. enter launches the job.", classes="explain")
        yield ParameterForm(RECIPES[0])

    @property
    def recipe(self) -> Recipe:
        """The recipe chosen."""
        return self._recipes[str(self.query_one("#recipe", Select).value)]

    @on(Select.Changed, "#recipe")
    async def _recipe_chosen(self) -> None:
        form = self.query_one(ParameterForm)
        if form.recipe is not self.recipe:
            await form.show(self.recipe)

    @on(ParameterForm.Submitted)
    def action_launch(self) -> None:
        """Launch the job, unless a field is wrong."""
        form = self.query_one(ParameterForm)
        values, reasons = form.values()
        if reasons:
            name, reason = next(iter(reasons.items()))
            self.refuse(f"{name}: {reason}")
            form.focus_field(name)
        else:
            self.dismiss((self.recipe.name, values))

    def equivalent(self) -> str:
        """Return the command line."""
        values, reasons = self.query_one(ParameterForm).values()
        return "" if reasons else self._command(self.recipe.name, values)
