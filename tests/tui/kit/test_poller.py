"""When a screen reads its data, and how much of them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.worker import WorkerCancelled

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.store import Store
from mlops_tui.tui.app import ControlRoom
from mlops_tui.tui.kit.banner import Banner
from mlops_tui.tui.kit.control_screen import ControlScreen
from mlops_tui.tui.kit.poller import Extent
from mlops_tui.tui.kit.status_bar import StatusBar
from tests.patience import PATIENCE
from tests.tui.story import settings_for
from tests.tui.test_before_an_answer import SilentProcess

RARELY = 120.0
OFTEN = 0.05


class EndedScreen(ControlScreen):
    """A screen of data that are not expected to change; a test answers its reads."""

    def __init__(self) -> None:
        super().__init__()
        self.reads: asyncio.Queue[Extent] = asyncio.Queue()
        self.answers: asyncio.Queue[ServiceError | None] = asyncio.Queue()

    @property
    def rests(self) -> bool:
        return True

    async def load(self) -> None:
        self.reads.put_nowait(self.poller.extent)
        if failure := await self.answers.get():
            raise failure


@asynccontextmanager
async def opened(
    store: Store, state_dir: Path, refresh_interval: float
) -> AsyncIterator[tuple[EndedScreen, Pilot[int]]]:
    settings = settings_for(store, state_dir, refresh_interval=refresh_interval)
    app = ControlRoom(settings, SilentProcess(settings.store, settings.state_dir))
    async with asyncio.timeout(PATIENCE), app.run_test(notifications=True) as pilot:
        screen = EndedScreen()
        await app.push_screen(screen)
        yield screen, pilot


async def test_what_is_requested_during_a_read_is_read_directly_after_it(
    store: Store, state_dir: Path
) -> None:
    async with opened(store, state_dir, RARELY) as (screen, pilot):
        assert await screen.reads.get() is Extent.ANEW
        await pilot.press("r")
        screen.answers.put_nowait(None)
        assert await screen.reads.get() is Extent.ALL
        screen.answers.put_nowait(None)
        await pilot.pause()
        assert screen.reads.empty()


async def test_a_read_covers_what_was_requested_until_one_has_succeeded(
    store: Store, state_dir: Path
) -> None:
    async with opened(store, state_dir, OFTEN) as (screen, _):
        assert await screen.reads.get() is Extent.ANEW
        screen.answers.put_nowait(ServiceError("The store does not answer."))
        assert await screen.reads.get() is Extent.ANEW
        screen.answers.put_nowait(None)
        assert await screen.reads.get() is Extent.CHANGES


@pytest.mark.parametrize("failure", [None, ServiceError("The store does not answer.")])
async def test_a_read_that_ends_while_its_screen_is_left_shows_nothing_any_more(
    store: Store, state_dir: Path, failure: ServiceError | None
) -> None:
    async with opened(store, state_dir, RARELY) as (screen, pilot):
        assert await screen.reads.get() is Extent.ANEW
        (read,) = (each for each in screen.workers if each.node is screen)
        await screen.query(Banner).remove()
        await screen.query(StatusBar).remove()
        left = pilot.app.pop_screen()
        screen.answers.put_nowait(failure)
        await left
        with suppress(WorkerCancelled):
            await read.wait()
        assert read.error is None
