"""What is new over all experiments."""

from pathlib import Path

from mlops_tui.domain.feed.read_marks import Marks
from mlops_tui.domain.monitoring.alert import Alert, AlertKind
from mlops_tui.domain.monitoring.monitor import MonitorPlan
from mlops_tui.domain.store import Store
from mlops_tui.services.feed.read_marks import FOLDER, read_marks
from mlops_tui.services.monitoring import monitor_runs
from mlops_tui.services.monitoring.monitor_alerts import list_alerts
from mlops_tui.services.monitoring.monitor_runs import ALERTS, alerts_text
from mlops_tui.services.store.store import client
from mlops_tui.tui.compare.compare_screen import CompareScreen
from mlops_tui.tui.feed.feed_list import FeedList
from mlops_tui.tui.feed.feed_screen import FeedScreen
from mlops_tui.tui.kit.table import Table
from mlops_tui.tui.run.run_screen import RunScreen
from tests.making import make_experiment, make_run
from tests.tui.story import Story, story


def feed_of(person: Story) -> FeedList:
    screen = person.app.screen
    assert isinstance(screen, FeedScreen)
    return screen.pane.feed_list


def kept(state_dir: Path, store: Store) -> Marks:
    return read_marks(state_dir, store) or Marks()


async def test_news_of_all_experiments_are_read_one_by_one_then_all_at_once(
    sqlite_store: Store, state_dir: Path
) -> None:
    flowers, digits = (make_experiment(sqlite_store, name) for name in ("Flowers", "Digits"))
    for number in range(2):
        make_run(sqlite_store, flowers, name=f"broken{number}", status="FAILED")
    make_run(sqlite_store, digits, name="[red]off", metrics={"loss": float("nan")})
    make_run(sqlite_store, flowers, name="long past")
    async with story(sqlite_store, state_dir, size=(80, 24)) as person:
        await person.sees("3 new in the feed (F)")
        await person.press("F")
        await person.sees("Feed: 3 unread · 2 failed · 1 NaN · 1 finished", "[red]off", "loss NaN")
        await person.press("n", "enter")
        assert isinstance(person.app.screen, RunScreen)
        await person.press("escape")
        await person.sees("2 unread")
        late = make_run(sqlite_store, digits, name="late")
        await person.sees("late", "3 unread")
        await person.press("n", "m")
        await person.sees("2 unread")
        assert person.app.screen.query_one(Table).cursor_key != late
        await person.press("A")
        await person.sees("Marked as read: 2", "0 unread")
        await person.press("n")
        await person.sees("Nothing is unread")
        await person.until(lambda: len(kept(state_dir, sqlite_store).seen) == 5, "marks kept")
        await person.press("space")
        await person.sees("1 marked")
        await person.press("space", "r")
        await person.sees_no("1 marked")
        await person.press("escape")
        await person.sees_no("new in the feed")


async def test_what_is_silent_is_found_settled_and_compared_over_experiments(
    sqlite_store: Store, state_dir: Path
) -> None:
    dead = make_run(sqlite_store, name="gone", status="RUNNING")
    make_run(sqlite_store, name="other", params={"depth": 2})
    async with story(sqlite_store, state_dir, stale_after=0.1) as person:
        await person.press("F")
        await person.sees("? dead", "1 silent (x)", "heard of")
        await person.press("C")
        await person.sees("Mark two runs or more")
        await person.press("space", "down", "space")
        await person.sees("2 marked")
        assert {run.name: dict(run.params) for run in person.app.selection.runs} == {
            "gone": {},
            "other": {"depth": "2"},
        }
        await person.press("C")
        await person.until(lambda: isinstance(person.app.screen, CompareScreen), "the comparison")
        await person.press("escape", "M", "slash")
        await person.type("dead")
        await person.press("enter", "y")
        assert person.app.clipboard == dead
        await person.press("x", "f", "enter")
        await person.until(lambda: client(sqlite_store).get_run(dead).info.status == "FAILED", "it")
        await person.sees("No entry matches")


async def test_an_empty_store_and_marks_that_cannot_be_kept_are_said(
    sqlite_store: Store, state_dir: Path
) -> None:
    async with story(sqlite_store, state_dir) as person:
        await person.press("F", "m")
        await person.sees("There is no entry under the cursor")
        await person.sees("No runs in any experiment yet")
        make_run(sqlite_store, name="broken", status="FAILED")
        await person.sees("1 unread")
        folder = state_dir / FOLDER
        for path in folder.iterdir():
            path.unlink()
        folder.rmdir()
        folder.write_text("in the way")
        await person.press("m")
        await person.sees("feed cannot be used", "1 unread")
        await person.press("A")
        await person.sees("1 unread")
        await person.sees_no("Marked as read")


async def test_alerts_of_monitors_stand_in_the_feed_until_somebody_acknowledges_them(
    sqlite_store: Store, state_dir: Path
) -> None:
    run = monitor_runs.open_run(sqlite_store, MonitorPlan("m1", "iris", "iris", "3"), "3", {})
    alert = Alert("a1", AlertKind.DRIFT, "iris", 1_000, "age drifted", monitor_id="m1", version="3")
    monitor_runs.set_tags(sqlite_store, run.run_id, {ALERTS: alerts_text([alert])})
    async with story(sqlite_store, state_dir, size=(80, 24)) as person:
        await person.sees("1 new in the feed (F)")
        await person.press("F")
        await person.sees("! drift iris v3", "age drifted", "Feed: 0 unread")
        await person.press("K")
        await person.sees("Acknowledged: 1 alert.")
        await person.sees_no("! drift iris v3")
        assert all(each.acknowledged for each in list_alerts(sqlite_store))
        await person.press("K")
        await person.sees("No monitor has an alert")
