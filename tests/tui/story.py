"""A person at the keyboard, for tests that tell what happens."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic
from typing import Any

from textual.events import Key
from textual.pilot import Pilot
from textual.widgets import Static

from mlops_tui.domain.place import Place
from mlops_tui.domain.store import Store
from mlops_tui.domain.terminal_notice import Protocol
from mlops_tui.services.worker.service_process import ServiceProcess
from mlops_tui.settings import Settings
from mlops_tui.tui.app import ControlRoom
from tests.patience import PATIENCE
from tests.tui.warm_service import WarmServiceProcess
from tests.unmeasured import unmeasured


def settings_for(store: Store, state_dir: Path, **changes: Any) -> Settings:
    values: dict[str, Any] = {
        "tracking_uri": store.tracking_uri,
        "registry_uri": store.registry_uri,
        "artifact_root": "",
        "read_only": False,
        "theme": "textual-dark",
        "first_screen": Place.EXPERIMENTS,
        "state_dir": state_dir,
        "python": "",
        "refresh_interval": 0.3,
        "stale_after": 600.0,
        "query_history": True,
        "notify_bell": True,
        "notify_desktop": Protocol.OFF,
        "notify_command": "",
        "sources": {},
    }
    return Settings(**(values | changes))


class NotedRoom(ControlRoom):
    """The app, with a record of its notices: on the screen they do not stay."""

    def __init__(self, settings: Settings, process: ServiceProcess) -> None:
        super().__init__(settings, process)
        self.notices: list[str] = []
        """The notices since the last key press."""

    def notify(self, message: str, **options: Any) -> None:
        self.notices.append(message)
        super().notify(message, **options)


class Story:
    """Presses keys, looks at the screen."""

    def __init__(self, app: NotedRoom, pilot: Pilot[int], *, allows_faults: bool) -> None:
        self.app = app
        self.pilot = pilot
        self.allows_faults = allows_faults

    @property
    @unmeasured
    def screen(self) -> str:
        """What stands on the screen, line by line."""
        strips = self.app.screen._compositor.render_strips()
        return "\n".join("".join(segment.text for segment in strip) for strip in strips)

    async def press(self, *keys: str) -> None:
        self.app.notices.clear()
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def burst(self, *keys: str) -> None:
        """Press keys all at once, as a slow line delivers them."""
        self.app.notices.clear()
        for key in keys:
            letter = key if len(key) == 1 else None
            self.app.post_message(Key(key, letter))
        await self.pilot.pause()

    async def type(self, text: str) -> None:
        names = {" ": "space", "=": "equals_sign", "'": "apostrophe", ".": "full_stop"}
        await self.press(*(names.get(character, character) for character in text))

    async def until(self, condition: Callable[[], object], what: object) -> None:
        """Wait until the condition holds; ``what`` names what is missing when it never does."""
        end = monotonic() + PATIENCE
        while not condition():
            self.raise_fault()
            if monotonic() > end:
                raise AssertionError(f"never: {what}\n{self.screen}")
            await asyncio.sleep(0.05)
            await self.pilot.pause()

    def raise_fault(self) -> None:
        """Raise an error of ours, which the app only tells, unless the story is about it."""
        for error in self.app.faults.errors.values() if not self.allows_faults else ():
            raise error

    async def undo(self) -> None:
        """Take back the last change, confirming that it is the one meant."""
        from mlops_tui.tui.kit.confirm import ConfirmDialog

        await self.press("u")
        await self.until(lambda: isinstance(self.app.screen, ConfirmDialog), "the question")
        await self.press("enter")

    async def sees(self, *texts: str) -> None:
        """Wait until each of the texts has been on the screen, or in a notice since the last key.

        A notice leaves the screen after some seconds, which a crowded machine may need to look.
        """
        missing = list(texts)

        def all_were_there() -> bool:
            shown = "\n".join((self.screen, *self.app.notices))
            missing[:] = [text for text in missing if text not in shown]
            return not missing

        await self.until(all_were_there, missing)

    async def sees_command(self, text: str) -> None:
        """Wait until the command below a form has the text: on the screen it wraps anywhere."""

        def has_it() -> bool:
            lines = self.app.screen.query("#command").results(Static)
            return any(text in str(each.content) for each in lines)

        await self.until(has_it, f"a command with {text!r}")

    async def sees_no(self, text: str) -> None:
        """Wait until the text is gone from the screen."""
        await self.until(lambda: text not in self.screen, f"{text!r} gone from the screen")


@asynccontextmanager
async def story(
    store: Store,
    state_dir: Path,
    size: tuple[int, int] = (120, 36),
    services: type[ServiceProcess] = WarmServiceProcess,
    *,
    allows_faults: bool = False,
    **changes: Any,
) -> AsyncIterator[Story]:
    """Open the app on a store."""
    settings = settings_for(store, state_dir, **changes)
    process = services(settings.store, settings.state_dir)
    app = NotedRoom(settings, process)
    async with app.run_test(size=size, notifications=True) as pilot:
        person = Story(app, pilot, allows_faults=allows_faults)
        yield person
    person.raise_fault()
