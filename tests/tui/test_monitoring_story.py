"""Monitors, their verdicts and what is done about them, by key presses."""

from dataclasses import replace
from pathlib import Path

import pytest

from mlops_tui.domain.store import Store
from mlops_tui.services.models import registration
from mlops_tui.services.monitoring import monitors
from mlops_tui.services.processes import child_environment
from tests.detached import python, start
from tests.making import make_run
from tests.services.models.test_registry import ELSEWHERE
from tests.tui.monitoring.monitored import MODEL, PLAN, chunk, write
from tests.tui.story import story


@pytest.fixture
def registered(sqlite_store: Store) -> Store:
    """Register a version of a model, whose files are elsewhere."""
    run_id = make_run(sqlite_store, metrics={"accuracy": 0.95})
    registration.register(sqlite_store, name=MODEL, model=ELSEWHERE, run_id=run_id)
    return sqlite_store


async def test_the_verdict_comes_first_then_the_columns_chunk_by_chunk(
    sqlite_store: Store, state_dir: Path
) -> None:
    write(sqlite_store, [chunk(1), chunk(2), chunk(3, drifted=True)])
    async with story(sqlite_store, state_dir, (80, 24)) as person:
        await person.press("5")
        await person.sees(f"{MODEL}@", "v3", "✗ 1/2", "✗0.8")
        await person.sees("✗ 1 of 2 columns drifted since chunk 3", "It matters: accuracy 0.8")
        await person.sees("chunk 3 of 3", "1,000 rows, 200 labels", "Estimated without labels: 0.8")
        await person.sees("✗ age", "0.342", "⡇⣿⢸", "1e-37", "12%", "✓ [red]city")
        await person.press("left_square_bracket")
        await person.sees("✓ No drift in chunk 2", "chunk 2 of 3", "✓ age")
        await person.press("enter", "down", "enter")
        await person.sees("chunk 2", "✓ no drift: Wasserstein/σ 0.03, limit 0.1", "median")
        await person.press("right_square_bracket")
        await person.sees("chunk 3", "✗ drifted: Wasserstein/σ 0.342", "below 30", "████")
        await person.press("right_square_bracket")
        await person.sees("There is no chunk after it.")
        await person.press("pagedown", "pagedown")
        await person.sees("drift  ● effect 0.342", "12%, <1% in the reference")
        await person.press("escape", "p")
        await person.sees("Performance of", "● realised 0.9", "▲ estimated 0.9", "CBPE")
        await person.press("escape", "right_square_bracket")
        await person.sees("chunk 3 of 3")
        await person.press("right_square_bracket")
        await person.sees("There is no chunk after it.")
        await person.press("y")
        await person.sees("Copied age")


async def test_what_is_missing_is_said_with_the_way_on(registered: Store, state_dir: Path) -> None:
    async with story(registered, state_dir, (80, 24)) as person:
        await person.press("5")
        await person.sees("No monitors yet. n sets one up; so does w on a version (3)")
        await person.press("x")
        await person.sees("There is no monitor under the cursor.")
        write(registered, [])
        await person.press("r")
        await person.sees(f"{MODEL}@", "✗ failed", "No chunk yet")
        for key, reason in (
            ("p", "The monitor has no chunk yet."),
            ("m", "No alert is open."),
            ("x", "The monitor does not run."),
            ("o", "The monitor has not run on this machine."),
        ):
            await person.press(key)
            await person.sees(reason)
        await person.press("C")
        await person.sees("no second version to compare with")


async def test_alerts_are_read_and_acknowledged_and_a_monitor_is_removed(
    sqlite_store: Store, state_dir: Path
) -> None:
    run = write(sqlite_store, [chunk(1, drifted=True)], alerts=2)
    async with story(sqlite_store, state_dir, (80, 24)) as person:
        await person.press("5")
        await person.sees(
            "!2 ", "! drift ", "performance ", "m seen · R retrain · B roll back · C compare"
        )
        await person.press("m")
        await person.sees("Alerts of", "drift: drift in [b]it", "performance: performance in [b]it")
        await person.press("enter")
        await person.sees("2 alerts of", "acknowledged")
        await person.sees_no("!2 ")
        await person.press("v")
        await person.sees(run.run_id)
        await person.press("escape")
        await person.sees("chunk 1 of 1")
        await person.press("D")
        await person.sees("Remove the monitor", "Its runs stay in MLflow")
        await person.press("enter")
        await person.sees("removed", "No monitors yet")
    assert monitors.list_monitors(sqlite_store, state_dir) == ()


async def test_read_only_mode_lets_one_look_and_nothing_else(
    sqlite_store: Store, state_dir: Path
) -> None:
    write(sqlite_store, [chunk(1, drifted=True)], alerts=1)
    async with story(sqlite_store, state_dir, read_only=True) as person:
        await person.press("5")
        await person.sees("! drift ", "✗ age")
        for key in ("n", "m", "D", "a", "L", "B"):
            await person.press(key)
            await person.sees("Read-only mode changes nothing.")


async def test_each_monitor_shows_its_newest_chunk_and_a_large_screen_the_curves(
    sqlite_store: Store, state_dir: Path
) -> None:
    write(sqlite_store, [chunk(1), chunk(2)])
    other = replace(PLAN, monitor_id="ba9876543210", title="nightly", follows="", created_at=1)
    write(sqlite_store, [chunk(1, drifted=True)], other)
    async with story(sqlite_store, state_dir, (200, 50)) as person:
        await person.press("5")
        await person.sees("nightly", "✗ 1 of 2 columns drifted since chunk 1", "PSI", "Remark")
        await person.sees("drift of prediction", "accuracy  ● realised 0.8")
        await person.press("down")
        await person.sees("✓ No drift in chunk 2")
        await person.press("left_square_bracket")
        await person.sees("✓ No drift in chunk 1")
        await person.press("up")
        await person.sees("✗ 1 of 2 columns drifted since chunk 1")
        await person.press("down", "enter", "down")
        await person.sees("✓ No drift in chunk 2", "drift of age  ● effect 0.03")


async def test_the_form_refuses_what_is_wrong_in_a_sentence_and_keeps_what_was_typed(
    registered: Store, state_dir: Path, working_directory: Path
) -> None:
    (working_directory / "in coming").mkdir()
    async with story(registered, state_dir, (80, 24)) as person:
        await person.press("3")
        await person.sees(f"models:/{MODEL}/1")
        await person.press("w")
        await person.sees("Set up a monitor", f"{MODEL}/1", "mlops-tui monitor add")
        await person.press("enter")
        await person.sees("captures requests", "serve")
        await person.press("tab")
        await person.type("nowhere")
        await person.sees_no("captures requests")
        await person.press("enter")
        await person.sees("There is neither a folder nor a file")
        await person.press("home", "shift+end")
        await person.type("in coming")
        await person.sees("--from 'in coming'")
        await person.press("tab", "tab")
        await person.type("fast")
        await person.press("enter")
        await person.sees("'fast' is no size of a chunk.")
        await person.press("home", "shift+end")
        await person.type("1h")
        await person.press(*["tab"] * 7)
        await person.type("nonsense")
        await person.press("enter")
        await person.sees("'nonsense' is no limit.")
        await person.press("escape")
        await person.sees_no("Set up a monitor")
    assert monitors.list_monitors(registered, state_dir) == ()


async def test_a_monitor_of_an_endpoint_follows_what_that_follows(
    registered: Store, state_dir: Path
) -> None:
    details = {"model": MODEL, "version": "1", "port": "9", "follow": "alias:champion"}
    label = child_environment.absolute(registered).label
    server = start(state_dir, replace(python("pass"), details=details, store=label))
    async with story(registered, state_dir) as person:
        await person.press("4")
        await person.sees(":9/")
        await person.press("w")
        await person.sees(
            "Set up a monitor", f"{MODEL}@champion", f"--endpoint {server.process_id}"
        )
        await person.press("escape")
