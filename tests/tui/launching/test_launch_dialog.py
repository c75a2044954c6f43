"""The dialog that launches: what is launched is what is chosen."""

import asyncio
from collections.abc import Callable

from textual.app import App
from textual.widgets import Select, Static

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.jobs.argument import CommandLine
from mlops_tui.domain.jobs.filled_form import FilledForm
from mlops_tui.domain.jobs.launchable import Launchable, Target, TargetKind
from mlops_tui.tui.launching.job_form import JobForm, NewJob
from mlops_tui.tui.launching.launch_dialog import FormLoader, LaunchDialog
from tests.patience import PATIENCE

TRAIN = Launchable(
    Target(TargetKind.SCRIPT, "/project/many.py", "train"),
    title="many.py train",
    line=CommandLine(command=("train",)),
    directory="/project",
    python="/usr/bin/python3",
    origin="",
    prefix=("many.py",),
    entry_points=("train", "eval"),
)


class Launching(App[None]):
    """The dialog alone; what another command's fields are is told when the test lets it."""

    def __init__(self) -> None:
        super().__init__()
        self.answers: asyncio.Queue[FilledForm | ServiceError] = asyncio.Queue()
        self.asked: list[str] = []
        self.launched: list[NewJob] = []

    def on_mount(self) -> None:
        dialog = LaunchDialog(
            "New job", JobForm(FilledForm(TRAIN)), FormLoader(self.ask_help, self.form_of)
        )
        self.push_screen(dialog, lambda job: self.launched.append(job) if job else None)

    async def ask_help(self, launchable: Launchable) -> Launchable:
        return launchable

    async def form_of(self, _launchable: Launchable, command: str) -> FilledForm:
        self.asked.append(command)
        answer = await self.answers.get()
        if isinstance(answer, ServiceError):
            raise answer
        return answer

    def choose(self, command: str) -> None:
        self.screen.query_one("#entry Select", Select).value = command

    @property
    def command(self) -> str:
        return str(self.screen.query_one("#command", Static).render())

    async def until(self, condition: Callable[[], object]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not condition():  # noqa: ASYNC110 - the app's own loop changes it
                await asyncio.sleep(0.01)


async def test_nothing_is_launched_while_the_fields_are_those_of_another_command() -> None:
    app = Launching()
    async with app.run_test(size=(120, 40)) as pilot:
        await app.until(lambda: app.screen.query("#entry Select"))
        app.choose("eval")
        await app.until(lambda: app.asked == ["eval"])
        await pilot.press("ctrl+s")
        await app.until(lambda: "The fields of eval were not read yet." in app.command)
        app.answers.put_nowait(ServiceError("It cannot be read."))
        await app.until(lambda: "It cannot be read." in app.command)
        app.screen.query_one("#job Input").focus()
        await pilot.press("x")
        await pilot.press("ctrl+s")
        await app.until(lambda: "The fields of eval were not read yet." in app.command)
        assert (app.launched, app.asked) == ([], ["eval"])


async def test_who_goes_back_to_the_first_command_keeps_its_fields() -> None:
    app = Launching()
    async with app.run_test(size=(120, 40)) as pilot:
        await app.until(lambda: app.screen.query("#entry Select"))
        app.choose("eval")
        await app.until(lambda: app.asked == ["eval"])
        app.choose("train")
        await pilot.pause()
        app.answers.put_nowait(FilledForm(TRAIN))
        await pilot.pause()
        assert "many.py train" in app.command
        await pilot.press("ctrl+s")
        await app.until(lambda: app.launched)
        assert app.launched[0].spec.command[-1] == "train"
