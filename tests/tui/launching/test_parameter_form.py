from collections.abc import Sequence

from textual.app import App, ComposeResult
from textual.widgets import Input, Select

from mlops_tui.domain.jobs.recipe import Parameter, to_text
from mlops_tui.tui.launching.parameter_form import ParameterForm
from mlops_tui.tui.launching.parameter_row import ParameterRow


class Forms(App[None]):
    """A form alone."""

    def __init__(self, parameters: Sequence[Parameter]) -> None:
        super().__init__()
        self._parameters = parameters

    def compose(self) -> ComposeResult:
        original = {each.name: to_text(each.default) for each in self._parameters}
        yield ParameterForm(self._parameters, original=original)

    @property
    def form(self) -> ParameterForm:
        return self.query_one(ParameterForm)

    def remark(self, name: str) -> str:
        row = next(each for each in self.query(ParameterRow) if each.parameter.name == name)
        return str(row.query_one(".note").render())

    def offered(self, name: str) -> list[str]:
        row = next(each for each in self.query(ParameterRow) if each.parameter.name == name)
        select: Select[str] = row.query_one(Select)
        return [str(value) for _, value in select._options]


async def test_a_field_that_is_emptied_says_that_the_default_is_taken() -> None:
    app = Forms([Parameter("kind", "adam", optional=True)])
    async with app.run_test() as pilot:
        app.query_one(Input).value = ""
        await pilot.pause()
        assert "left out: adam, its default" in app.remark("kind")
        assert app.form.values() == ({"kind": None}, {})


async def test_what_can_be_chosen_is_what_the_program_has_words_for() -> None:
    app = Forms(
        [
            Parameter("warm", True, choices=("true",), optional=True),
            Parameter("pin", False, optional=True),
            Parameter("log", None, choices=("a", "b"), optional=True, constants=("--log",)),
            Parameter("command", "", choices=("check", "export")),
        ]
    )
    async with app.run_test():
        assert app.offered("warm") == ["true"]
        assert app.offered("pin") == ["true", "false"]
        assert app.offered("log") == ["", "a", "b", "--log"]
        assert app.offered("command") == ["", "check", "export"]
        assert app.form.values()[1] == {"command": "needs a value"}


async def test_a_constant_is_taken_as_it_is_in_a_field_of_another_type() -> None:
    app = Forms([Parameter("level", 1, optional=True, constants=("--level",))])
    async with app.run_test() as pilot:
        app.query_one(Input).value = "--level"
        await pilot.pause()
        assert app.form.values() == ({"level": "--level"}, {})
        app.query_one(Input).value = "--other"
        await pilot.pause()
        assert app.form.values()[1] == {"level": "a whole number"}
