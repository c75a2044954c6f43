"""Ways to other screens, and questions, that come while a dialog is in use or a screen was left."""

from pathlib import Path

from textual.widgets import Input

from mlops_tui.domain.store import Store
from mlops_tui.services.models import registration
from mlops_tui.services.runs.runs import get_run
from mlops_tui.tui.experiments.experiments_screen import ExperimentsScreen
from mlops_tui.tui.kit.confirm import ConfirmDialog
from mlops_tui.tui.kit.text_dialog import LineDialog
from mlops_tui.tui.models.models_screen import ModelsScreen
from mlops_tui.tui.models.register_dialog import RegisterDialog
from mlops_tui.tui.run.run_screen import RunScreen
from tests.services.models.test_registry import ELSEWHERE
from tests.tui.kit.test_key_queue import suspended_service
from tests.tui.story import story


async def test_a_dialog_keeps_what_was_typed_and_a_way_that_comes_meanwhile_waits(
    sqlite_store: Store, state_dir: Path, three_runs: dict[str, str]
) -> None:
    registration.register(sqlite_store, name="iris", model=ELSEWHERE, run_id="")
    experiment = get_run(sqlite_store, three_runs["deep"]).run.experiment_id
    async with story(sqlite_store, state_dir) as person:
        app = person.app

        async def open_run() -> None:
            app.navigation.open_run(three_runs["deep"])

        for way, goal in (
            (app.navigation.show_experiment(experiment), ExperimentsScreen),
            (app.navigation.show_model("iris"), ModelsScreen),
            (open_run(), RunScreen),
        ):
            await person.press("1", "n")
            await person.until(lambda: isinstance(app.screen, LineDialog), "the dialog")
            await person.type("abc")
            app.run_worker(way)
            await person.sees("Close this first")
            assert isinstance(app.screen, LineDialog)
            assert app.screen.query_one(Input).value == "abc"
            await person.press("escape")
            await person.until(lambda goal=goal: isinstance(app.screen, goal), goal)  # type: ignore[misc]


async def test_a_question_after_an_answer_is_asked_where_the_action_began(
    sqlite_store: Store, state_dir: Path, modelled_run: str
) -> None:
    async with story(sqlite_store, state_dir) as person:
        await person.sees("with model")
        await person.press("R")
        await person.until(lambda: isinstance(person.app.screen, RegisterDialog), "the dialog")
        await person.type("iris")
        with suspended_service(person):
            await person.press("enter", "3")
            await person.until(lambda: isinstance(person.app.screen, ModelsScreen), "the models")
        await person.sees("iris registered", "v1")
        assert isinstance(person.app.screen, ModelsScreen)
        await person.press("1")
        await person.sees("Created iris v1. Go there?")
        assert isinstance(person.app.screen, ConfirmDialog)
