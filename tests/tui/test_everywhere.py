"""What is the same on every screen: palette, help, copying, panes, quitting."""

from pathlib import Path

from mlops_tui.domain.store import Store
from mlops_tui.tui.kit.table import Table
from tests.tui.story import Story, story


async def test_the_palette_runs_a_key_of_the_screen_beneath(
    sqlite_store: Store, state_dir: Path, three_runs: dict[str, str]
) -> None:
    async with story(sqlite_store, state_dir) as person:
        await person.sees("3 loaded")
        await person.press("ctrl+p")
        await person.sees("Search for commands")
        await person.type("Training")
        await person.sees("Training jobs")
        await person.press("enter")
        await person.sees("Press n to launch one")


async def test_help_lists_the_keys_that_work_here(sqlite_store: Store, state_dir: Path) -> None:
    async with story(sqlite_store, state_dir) as person:
        await person.press("3", "question_mark")
        await person.sees("Filter the versions", "Find any command")
        assert "Move the version" not in person.screen  # there is none
        await person.press("escape")
        await person.sees_no("Filter the versions")


async def test_y_copies_what_is_under_the_cursor(
    sqlite_store: Store, state_dir: Path, three_runs: dict[str, str]
) -> None:
    async with story(sqlite_store, state_dir) as person:
        await person.sees("3 loaded")
        await person.press("y")
        assert person.app.clipboard == three_runs["deep"]
        await person.press("shift+tab", "y")
        assert person.app.clipboard == "1"
        await person.press("3", "y")
        await person.sees("There is nothing to copy here")


async def test_another_experiment_shows_its_own_runs(
    sqlite_store: Store, state_dir: Path, three_runs: dict[str, str]
) -> None:
    async with story(sqlite_store, state_dir) as person:
        await person.sees("3 loaded")
        await person.press("shift+tab", "down")
        await person.sees("No runs in this experiment yet")
        await person.press("up", "enter")
        await person.sees("3 loaded")
        assert person.app.screen.query_one("#runs", Table).has_focus


async def test_the_digit_of_a_screen_leads_back_to_its_list(
    sqlite_store: Store, state_dir: Path, three_runs: dict[str, str]
) -> None:
    async with story(sqlite_store, state_dir) as person:
        await person.sees("3 loaded")
        for keys in (("enter",), ("F",), ("C",)):
            await person.press(*keys)
            await person.until(lambda: len(person.app.screen_stack) == 2, "a screen over it")
            await person.press("3", "1")
            await person.until(lambda: len(person.app.screen_stack) == 2, "it is still there")
            await person.press("1")
            await person.until(lambda: len(person.app.screen_stack) == 1, "the list")


async def test_a_screen_is_chosen_by_the_mouse(sqlite_store: Store, state_dir: Path) -> None:
    async with story(sqlite_store, state_dir) as person:
        await person.sees("3 Models")
        await person.pilot.click("StatusBar", offset=(person.screen.index("3 Models") + 1, 0))
        await person.sees("No registered models yet")
        await person.press("1", "F")
        await person.until(lambda: len(person.app.screen_stack) == 2, "the feed")
        await person.pilot.click("StatusBar", offset=(person.screen.index("1 Experiments") + 1, 0))
        await person.until(lambda: len(person.app.screen_stack) == 1, "the list")


async def test_every_screen_is_usable_on_a_small_terminal(
    sqlite_store: Store, state_dir: Path, three_runs: dict[str, str]
) -> None:
    async with story(sqlite_store, state_dir, size=(80, 24)) as person:
        await person.sees("3 loaded", "accur", "0.9")
        for key, text in (
            ("2", "New job"),
            ("3", "Stage"),
            ("4", "No servers yet"),
            ("5", "No monitors yet"),
            ("1", "Register"),
        ):
            await person.press(key)
            await person.sees(text, "? Help")
        assert all(len(line) <= 80 for line in person.screen.splitlines())


async def test_undo_says_when_there_is_nothing(sqlite_store: Store, state_dir: Path) -> None:
    async with story(sqlite_store, state_dir) as person:
        await person.press("u")
        await person.sees("There is nothing to undo")


async def test_keys_that_cannot_work_say_why(sqlite_store: Store, state_dir: Path) -> None:
    async with story(sqlite_store, state_dir) as person:
        await person.press("R")
        await person.sees("no run under the cursor")
        await person.press("2")
        for key, reason in (
            ("x", "no running job"),
            ("D", "Only a job that has ended"),
            ("S", "Only the runs of a job that has ended"),
            ("v", "no job under the cursor"),
        ):
            await person.press(key)
            await person.sees(reason)
        await person.press("3")
        for key, reason in (
            ("t", "t (Stage): There is no version"),
            ("v", "v (Run): There is no version"),
        ):
            await person.press(key)
            await person.sees(reason)
        await person.press("4")
        for key, reason in (
            ("x", "x (Stop): There is no server under the cursor"),
            ("D", "D (Remove): There is no server under the cursor"),
            ("o", "o (Log): There is no server under the cursor"),
            ("ctrl+s", "ctrl+s (Send) works in"),
        ):
            await person.press(key)
            await person.sees(reason)


def above_keys(person: Story) -> list[str]:
    return [line.strip() for line in person.screen.splitlines()[-3:-1]]


async def test_notices_cover_little_of_a_small_screen_but_never_hide_why_something_failed(
    sqlite_store: Store, state_dir: Path
) -> None:
    async with story(sqlite_store, state_dir, size=(80, 24)) as person:
        person.app.notify("it failed", severity="error", timeout=60)
        for number in range(4):
            person.app.notify(f"said {number}", timeout=60)
        await person.until(lambda: above_keys(person) == ["it failed", "said 3"], "both notices")
        assert "said 2" not in person.screen
        await person.press("2")
        await person.until(lambda: above_keys(person) == ["it failed", "said 3"], "both notices")
    async with story(sqlite_store, state_dir, size=(120, 50)) as person:
        for number in range(4):
            person.app.notify(f"said {number}", timeout=60)
        await person.until(lambda: "said 3" in person.screen, "said 3")
        assert all((f"said {number}" in person.screen) is (number > 0) for number in range(4))
