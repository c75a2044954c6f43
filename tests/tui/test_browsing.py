"""Looking at experiments and runs."""

from pathlib import Path

from mlops_tui.domain.store import Store
from mlops_tui.services.runs.runs import get_run
from mlops_tui.tui.kit.table import Table
from tests.making import make_run
from tests.tui.story import story


async def test_the_newest_run_comes_first(
    sqlite_store: Store, state_dir: Path, three_runs: dict[str, str]
) -> None:
    async with story(sqlite_store, state_dir) as person:
        await person.sees("Flowers", "deep", "middling", "shallow", "3 loaded")
        runs = person.app.screen.query_one("#runs", Table)
        assert list(runs.keys) == list(reversed(three_runs.values()))


async def test_a_run_made_elsewhere_appears_by_itself(
    sqlite_store: Store, state_dir: Path, three_runs: dict[str, str]
) -> None:
    async with story(sqlite_store, state_dir) as person:
        await person.sees("deep")
        make_run(sqlite_store, "1", name="made elsewhere")
        await person.sees("made elsewhere")


async def test_a_filter_keeps_what_matches_as_one_types(
    sqlite_store: Store, state_dir: Path, three_runs: dict[str, str]
) -> None:
    async with story(sqlite_store, state_dir) as person:
        await person.sees("deep")
        await person.press("slash")
        await person.type("depth=5")
        await person.sees("1 of 3 loaded")
        runs = person.app.screen.query_one("#runs", Table)
        assert runs.keys == (three_runs["middling"],)
        await person.press("escape")
        await person.sees("3 loaded")


async def test_a_filter_that_nothing_passes_says_so(
    sqlite_store: Store, state_dir: Path, three_runs: dict[str, str]
) -> None:
    async with story(sqlite_store, state_dir) as person:
        await person.sees("deep")
        await person.press("slash")
        await person.type("nosuchrun")
        await person.sees("No loaded run matches the filter.")


async def test_a_query_asks_the_server(
    sqlite_store: Store, state_dir: Path, three_runs: dict[str, str]
) -> None:
    async with story(sqlite_store, state_dir) as person:
        await person.sees("deep")
        await person.press("f")
        await person.type("metrics.accuracy > 0.85")
        await person.press("enter")
        await person.sees("query: metrics.accuracy > 0.85")
        runs = person.app.screen.query_one("#runs", Table)
        assert runs.keys == (three_runs["middling"],)


async def test_a_wrong_query_keeps_the_rows_and_shows_the_complaint(
    sqlite_store: Store, state_dir: Path, three_runs: dict[str, str]
) -> None:
    async with story(sqlite_store, state_dir) as person:
        await person.sees("deep")
        await person.press("f")
        await person.type("metrics.accuracy > x")
        await person.press("enter")
        await person.sees("Expected numeric value type for metric. Found x")
        assert len(person.app.screen.query_one("#runs", Table).keys) == 3


async def test_enter_opens_the_run_and_escape_leaves_it(
    sqlite_store: Store, state_dir: Path, three_runs: dict[str, str]
) -> None:
    async with story(sqlite_store, state_dir) as person:
        await person.sees("deep")
        await person.press("enter")
        await person.sees("Overview", three_runs["deep"])
        await person.press("right_square_bracket")
        await person.sees("depth")
        await person.press("escape")
        await person.sees("3 loaded")


async def test_a_metric_with_a_history_has_a_chart(
    sqlite_store: Store, state_dir: Path, three_runs: dict[str, str]
) -> None:
    async with story(sqlite_store, state_dir) as person:
        await person.sees("deep")
        await person.press("enter")
        await person.sees(three_runs["deep"])
        await person.press("right_square_bracket", "right_square_bracket")
        await person.sees("accuracy", "step")


async def test_the_run_under_the_cursor_stands_beside_the_table_with_a_curve(
    sqlite_store: Store, state_dir: Path, three_runs: dict[str, str]
) -> None:
    experiment = get_run(sqlite_store, three_runs["deep"]).run.experiment_id
    make_run(sqlite_store, experiment, name="flat", metrics={"accuracy": 0.5})
    async with story(sqlite_store, state_dir) as person:
        await person.sees("flat", "deep")
        table = person.app.screen.query_one("#runs", Table)
        table.move_to(three_runs["deep"])
        await person.sees("Params", "step")
        curve = person.app.screen.query_one("RunSummary Chart")
        await person.press("up")
        await person.until(lambda: not curve.display, "no curve for one value")
        await person.press("down")
        await person.until(lambda: curve.display, "the curve again")


async def test_nothing_is_created_where_no_store_is(store: Store, state_dir: Path) -> None:
    async with story(store, state_dir) as person:
        await person.sees("No experiments yet")
        for key in "2341":
            await person.press(key)
    assert store.sqlite_path is not None
    assert not store.sqlite_path.exists()
