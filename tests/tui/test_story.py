"""What a story sees does not depend on how fast it looks."""

from pathlib import Path

from mlops_tui.domain.store import Store
from tests.tui.story import story


async def test_a_notice_is_seen_though_it_has_left_the_screen(
    store: Store, state_dir: Path
) -> None:
    async with story(store, state_dir) as person:
        person.app.notify("It is done.", timeout=0.01)
        await person.until(lambda: not list(person.app._notifications), "an end of the notice")
        await person.sees_no("It is done.")
        await person.sees("It is done.")
