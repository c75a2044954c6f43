"""Changing runs by key."""

from pathlib import Path

import pytest

from mlops_tui.domain.errors import Unreachable
from mlops_tui.domain.runs.run import NOTE_TAG, Run
from mlops_tui.domain.store import Store
from mlops_tui.services.runs.runs_by_id import find_runs
from mlops_tui.services.store.store import client
from mlops_tui.tui.kit.table import Table
from tests.making import erase_run, make_experiment, make_run, unique
from tests.tui.story import story


def read(store: Store, run_id: str) -> Run:
    found = client(store).get_run(run_id)
    (run,) = find_runs(store, [run_id], [found.info.experiment_id])
    return run


@pytest.fixture
def two_runs(sqlite_store: Store) -> tuple[str, str]:
    """Make a run with tags and note, then one without; return their ids."""
    experiment = make_experiment(sqlite_store, "Flowers")
    tags = {"team": "a", NOTE_TAG: "Looks *good*."}
    return (
        make_run(sqlite_store, experiment, name="older", tags=tags),
        make_run(sqlite_store, experiment, name="newer"),
    )


async def test_name_and_note_are_edited_copied_undone(
    sqlite_store: Store, state_dir: Path, two_runs: tuple[str, str]
) -> None:
    older = two_runs[0]
    async with story(sqlite_store, state_dir) as person:
        await person.sees("newer")
        await person.press("down", "e")
        await person.sees("Edit older", "Looks *good*.")
        await person.press("end")
        await person.type("X")
        await person.press("tab", "end", "enter")
        await person.type("Really")
        await person.press("shift+tab", "ctrl+y")
        assert "update_run" in person.app.clipboard
        assert "Looks *good*.\\nReally" in person.app.clipboard
        await person.press("ctrl+s")
        await person.sees("older: renamed to olderX, note changed. u undoes it", "olderX")
        assert read(sqlite_store, older).note == "Looks *good*.\nReally"
        await person.undo()
        await person.sees("older: note changed, renamed to older")
        run = read(sqlite_store, older)
        assert (run.name, run.note) == ("older", "Looks *good*.")


async def test_nothing_changed_writes_nothing(
    sqlite_store: Store, state_dir: Path, two_runs: tuple[str, str]
) -> None:
    async with story(sqlite_store, state_dir) as person:
        await person.sees("newer")
        await person.press("e")
        await person.sees("Edit newer")
        await person.press("enter")
        await person.sees_no("Edit newer")
        await person.press("u")
        await person.sees("There is nothing to undo")


async def test_a_run_keeps_a_name(
    sqlite_store: Store, state_dir: Path, two_runs: tuple[str, str]
) -> None:
    async with story(sqlite_store, state_dir) as person:
        await person.sees("newer")
        await person.press("e")
        await person.sees("Edit newer")
        await person.press("ctrl+u", "ctrl+s")
        await person.sees("✗ It needs a name")
        await person.press("escape")
        await person.sees_no("It needs a name")
    assert read(sqlite_store, two_runs[1]).name == "newer"


async def test_marked_runs_are_renamed_by_a_pattern(
    sqlite_store: Store, state_dir: Path, two_runs: tuple[str, str]
) -> None:
    async with story(sqlite_store, state_dir) as person:
        await person.sees("newer")
        await person.press("space", "down", "space", "e")
        await person.sees("Edit 2 runs", "newer", "older", "{name}, {note}: what each has now")
        await person.press("end")
        await person.type("-v")
        await person.press("left_curly_bracket", "n", "right_curly_bracket", "ctrl+s")
        await person.sees("2 runs: renamed. u undoes it", "newer-v1", "older-v2")
        assert read(sqlite_store, two_runs[0]).note == "Looks *good*."
        await person.undo()
        await person.until(lambda: read(sqlite_store, two_runs[0]).name == "older", "undone")
        assert read(sqlite_store, two_runs[1]).name == "newer"


async def test_a_name_that_somebody_else_changed_keeps_what_was_typed(
    sqlite_store: Store, state_dir: Path, two_runs: tuple[str, str]
) -> None:
    newer = two_runs[1]
    async with story(sqlite_store, state_dir) as person:
        await person.sees("newer")
        await person.press("e")
        await person.sees("Edit newer")
        await person.press("end")
        await person.type("X")
        client(sqlite_store).update_run(newer, name="theirs")
        await person.press("ctrl+s")
        await person.sees("its name is 'theirs'", "Edit theirs", "newerX", "✗ It was not done")
        assert read(sqlite_store, newer).name == "theirs"
        await person.press("ctrl+s")
        await person.sees("theirs: renamed to newerX")


async def test_a_tag_that_is_typed_loses_no_other(
    sqlite_store: Store, state_dir: Path, two_runs: tuple[str, str]
) -> None:
    older = two_runs[0]
    before = dict(read(sqlite_store, older).tags)
    async with story(sqlite_store, state_dir) as person:
        await person.sees("newer")
        await person.press("down", "T")
        await person.sees("Tags of older", "team=a")
        await person.type("owner=me")
        await person.sees("Sets owner=me.")
        assert "Removes" not in person.screen
        await person.press("enter")
        await person.until(lambda: "owner" in read(sqlite_store, older).tags, "the tag")
        assert read(sqlite_store, older).tags == {**before, "owner": "me"}


async def test_tags_of_one_run_are_edited_one_a_line(
    sqlite_store: Store, state_dir: Path, two_runs: tuple[str, str]
) -> None:
    older = two_runs[0]
    async with story(sqlite_store, state_dir) as person:
        await person.sees("newer")
        await person.press("down", "T")
        await person.sees("Tags of older", "team=a")
        await person.press("backspace", "ctrl+u")
        await person.sees("Removes team=a.")
        await person.press("ctrl+n")
        await person.type("checked")
        await person.sees("✗ A tag is key=value")
        await person.type('="yes, by me"')
        await person.sees("Removes team=a. Sets checked=yes, by me.")
        await person.press("ctrl+y")
        assert f"delete_tag('{older}', 'team')" in person.app.clipboard
        await person.press("enter")
        await person.sees("older: tags changed. u undoes it")
        tags = read(sqlite_store, older).tags
        assert tags["checked"] == "yes, by me"
        assert "team" not in tags
        assert tags[NOTE_TAG] == "Looks *good*."
        await person.undo()
        await person.until(lambda: read(sqlite_store, older).tags.get("team") == "a", "undone")
        assert "checked" not in read(sqlite_store, older).tags


async def test_tags_of_marked_runs_are_set_or_removed(
    sqlite_store: Store, state_dir: Path, two_runs: tuple[str, str]
) -> None:
    async with story(sqlite_store, state_dir) as person:
        await person.sees("newer")
        await person.press("A", "T")
        await person.sees("Tags of 2 runs", "-key removes it", "team=a")
        await person.type("-team, checked=yes")
        await person.press("enter")
        await person.sees("2 runs: tags changed")
        for run_id in two_runs:
            tags = read(sqlite_store, run_id).tags
            assert tags["checked"] == "yes"
            assert "team" not in tags
        assert len(person.app.selection) == 2


async def test_marked_runs_are_deleted_after_one_question_then_undone(
    sqlite_store: Store, state_dir: Path, three_runs: dict[str, str]
) -> None:
    async with story(sqlite_store, state_dir) as person:
        await person.sees("deep")
        await person.press("space", "down", "space", "D")
        await person.sees("Delete 2 runs", "deep", "middling", "U restores them")
        await person.press("y")
        assert person.app.clipboard.count("client.delete_run(") == 2
        await person.press("enter")
        await person.sees("2 runs: deleted. u undoes it", "1 loaded")
        assert read(sqlite_store, three_runs["deep"]).is_deleted
        assert len(person.app.selection) == 0
        await person.undo()
        await person.sees("2 runs: restored", "3 loaded")
        assert not read(sqlite_store, three_runs["deep"]).is_deleted


async def test_escape_deletes_nothing(
    sqlite_store: Store, state_dir: Path, three_runs: dict[str, str]
) -> None:
    async with story(sqlite_store, state_dir) as person:
        await person.sees("deep")
        await person.press("D")
        await person.sees("Delete deep")
        await person.press("escape")
        await person.sees_no("Delete deep")
    assert not read(sqlite_store, three_runs["deep"]).is_deleted


async def test_deleted_runs_are_shown_restored_shown_as_active(
    sqlite_store: Store, state_dir: Path, three_runs: dict[str, str]
) -> None:
    client(sqlite_store).delete_run(three_runs["deep"])
    async with story(sqlite_store, state_dir) as person:
        await person.sees("2 loaded")
        await person.press("d")
        await person.sees("deleted runs · 1 loaded", "deep")
        actions = {
            b.binding.action for b in person.app.screen.active_bindings.values() if b.enabled
        }
        assert "restore" in actions
        assert "delete" not in actions
        await person.press("e")
        await person.sees("Left out, being deleted (U restores): deep")
        await person.press("U")
        await person.sees("Restore deep")
        await person.press("enter")
        await person.sees("deep: restored. u undoes it", "Nothing is deleted here")
        await person.press("d")
        await person.sees("3 loaded")
        await person.undo()
        await person.sees("deep: deleted", "2 loaded")


async def test_a_run_that_is_gone_before_it_is_deleted_is_told_with_what_was_done(
    sqlite_store: Store, state_dir: Path, three_runs: dict[str, str]
) -> None:
    async with story(sqlite_store, state_dir) as person:
        await person.sees("deep")
        await person.press("A", "D")
        await person.sees("Delete 3 runs")
        erase_run(sqlite_store, three_runs["middling"])
        await person.press("enter")
        await person.sees("2 runs: deleted. u undoes it", "Not done for 1 of 3 runs: middling")
        assert read(sqlite_store, three_runs["deep"]).is_deleted
        await person.undo()
        await person.sees("2 runs: restored", "2 loaded")
        await person.press("e")
        await person.sees("Gone from the store: middling")
        assert len(person.app.selection) == 0


async def test_a_run_is_edited_and_deleted_on_its_own_screen(
    sqlite_store: Store, state_dir: Path, three_runs: dict[str, str]
) -> None:
    async with story(sqlite_store, state_dir) as person:
        await person.sees("deep")
        await person.press("down", "space", "up", "enter")
        await person.sees("Overview", three_runs["deep"])
        await person.press("e")
        await person.sees("Edit deep")
        await person.press("end")
        await person.type("er")
        await person.press("enter")
        await person.sees("deep: renamed to deeper")
        await person.press("D")
        await person.sees("Delete deeper")
        await person.press("enter")
        await person.sees("deleted; U restores it")
        await person.press("escape")
        await person.sees("2 loaded", "1 marked")
        await person.undo()
        await person.sees("deeper: restored", "3 loaded")


async def test_what_was_written_on_a_screen_that_is_gone_is_undone_elsewhere(
    sqlite_store: Store, state_dir: Path, three_runs: dict[str, str]
) -> None:
    async with story(sqlite_store, state_dir) as person:
        await person.sees("deep")
        await person.press("enter")
        await person.sees("Overview", three_runs["deep"])
        await person.press("D")
        await person.sees("Delete deep")
        await person.press("enter")
        await person.sees("deleted; U restores it")
        await person.press("escape", "3")
        await person.undo()
        await person.sees("deep: restored")
        assert not read(sqlite_store, three_runs["deep"]).is_deleted
        await person.press("1")
        await person.sees("3 loaded")


async def test_what_could_not_be_undone_for_want_of_an_answer_can_be_undone_later(
    sqlite_store: Store,
    state_dir: Path,
    three_runs: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with story(sqlite_store, state_dir) as person:
        await person.sees("deep")
        await person.press("D")
        await person.sees("Delete deep")
        await person.press("enter")
        await person.sees("deep: deleted", "2 loaded")

        async def no_answer(*_: object, **__: object) -> None:
            raise Unreachable("Nothing listens there.")

        with monkeypatch.context() as patch:
            patch.setattr(person.app.backend, "call", no_answer)
            await person.undo()
            await person.sees("Nothing listens there")
        assert read(sqlite_store, three_runs["deep"]).is_deleted
        await person.undo()
        await person.sees("deep: restored", "3 loaded")


async def test_without_a_run_the_keys_say_so(store: Store, state_dir: Path) -> None:
    async with story(store, state_dir) as person:
        await person.sees("No experiments yet")
        await person.press("e")
        await person.sees("There is no run under the cursor")


async def test_read_only_mode_takes_the_write_keys_away(
    sqlite_store: Store, state_dir: Path, three_runs: dict[str, str]
) -> None:
    writes = {"edit", "edit_tags", "settle", "delete", "restore", "new_experiment", "register"}
    async with story(sqlite_store, state_dir, read_only=True) as person:
        await person.sees("deep")
        for keys in ((), ("d",), ("shift+tab",), ("d", "tab", "enter")):
            await person.press(*keys)
            active = person.app.screen.active_bindings.values()
            assert not writes & {one.binding.action for one in active if one.enabled}
        await person.press("e", "D", "x", "T", "U", "n")
        assert len(person.app.screen_stack) == 1


async def test_runs_on_a_server_are_renamed_deleted_restored(
    server_store: Store, state_dir: Path
) -> None:
    name = unique("run")
    run_id = make_run(server_store, make_experiment(server_store), name=name)
    async with story(server_store, state_dir) as person:
        await person.sees(name)
        await person.press("e")
        await person.sees(f"Edit {name}")
        await person.press("end")
        await person.type("X")
        await person.press("enter")
        await person.sees(f"renamed to {name}X")
        await person.press("D")
        await person.sees(f"Delete {name}X")
        await person.press("enter")
        await person.until(lambda: read(server_store, run_id).is_deleted, "deleted")
        await person.sees("No runs in this experiment yet")
        await person.undo()
        await person.until(lambda: not read(server_store, run_id).is_deleted, "restored")
        await person.sees("1 loaded")
        assert person.app.screen.query_one("#runs", Table).keys == (run_id,)
