"""What others change is seen on a screen that is open, or was hidden."""

from pathlib import Path

from mlops_tui.domain.store import Store
from mlops_tui.services.store.store import client
from mlops_tui.tui.kit.messages import Changed, Topic
from tests.making import make_experiment, make_run
from tests.tui.story import story

NEXT = "right_square_bracket"


async def test_a_run_that_has_ended_is_read_again_with_the_folders_that_are_open(
    sqlite_store: Store, state_dir: Path
) -> None:
    run_id = make_run(sqlite_store, make_experiment(sqlite_store, "Flowers"), name="deep")
    mlflow_client = client(sqlite_store)
    mlflow_client.log_text(run_id, "one", "logs/b.txt")
    async with story(sqlite_store, state_dir) as person:
        await person.sees("deep")
        await person.press("enter")
        await person.sees("Overview", "run id", "s ago")
        assert " live " not in person.screen
        mlflow_client.set_tag(run_id, "mlflow.note.content", "from a colleague")
        await person.sees("from a colleague")
        await person.press(NEXT, NEXT, NEXT, NEXT)
        await person.sees("logs")
        await person.press("g", "enter")
        await person.sees("b.txt", "A folder: enter opens it.")
        await person.press("down")
        await person.sees("one")
        mlflow_client.log_text(run_id, "two", "logs/a.txt")
        await person.sees("a.txt")
        tree = person.app.screen.query_one("ArtifactTree")
        assert tree.current.ref.path == "logs/b.txt"  # type: ignore[attr-defined]
        await person.press("up", "up")
        await person.sees("A folder: enter opens it.")
        await person.sees_no("one")


async def test_a_hidden_screen_shows_what_changed_meanwhile(
    sqlite_store: Store, state_dir: Path
) -> None:
    run_id = make_run(sqlite_store, make_experiment(sqlite_store, "Flowers"), name="old name")
    async with story(sqlite_store, state_dir, refresh_interval=120.0) as person:
        await person.sees("old name")
        await person.press("enter")
        await person.sees("Overview", "run id", "old name")
        await person.press("2")
        await person.sees("Press n to launch one")
        client(sqlite_store).set_tag(run_id, "mlflow.runName", "new name")
        person.app.changed.publish(Changed(Topic.RUNS))
        await person.press("1")
        await person.sees("new name")
        await person.press("escape")
        await person.sees("1 loaded", "new name")
