"""``mlops-tui versions``, ``register``, ``transition``, ``alias``, ``rollback``, ``history``."""

import getpass
from pathlib import Path

import pytest

from mlops_tui.cli import main
from mlops_tui.domain.models.stage import Stage
from mlops_tui.domain.store import Store
from mlops_tui.services.gate import gate_rules
from mlops_tui.services.models import registration, registry
from mlops_tui.services.store import store as stores
from tests.cli.conftest import Command, Done
from tests.making import log_model, make_run
from tests.services.models.test_registry import ELSEWHERE

HOSTILE = "it's [red]\x1b[31m"


@pytest.fixture
def command(sqlite_store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    """Return what runs a sub-command on a store with three versions of two models."""
    for name in ("iris", "iris", "iris", HOSTILE):
        registration.register(sqlite_store, name=name, model=ELSEWHERE, run_id="")
    where = ("--tracking-uri", sqlite_store.tracking_uri, "--state-dir", str(tmp_path / "state"))

    def run(name: str, *arguments: str) -> Done:
        capsys.readouterr()
        try:
            code = main([name, *arguments, *where])
        except SystemExit as end:
            code = int(str(end.code))
        return Done(code, *capsys.readouterr())

    return run


def stages(store: Store) -> dict[str, str]:
    return {v.version: v.stage.value for v in registry.list_versions(store, "iris")}


def test_versions_are_listed_newest_first(command: Command) -> None:
    command("transition", "iris", "2", "staging")
    assert [each["version"] for each in command("versions", "iris", "--json").data] == [
        *("3", "2", "1"),
    ]
    (staged,) = command("versions", "iris", "stage:staging", "--json").data
    assert (staged["version"], staged["stage"]) == ("2", "Staging")
    table = command("versions", "iris").stdout.splitlines()
    assert table[0].split()[:3] == ["version", "stage", "aliases"]
    missing = command("versions", "lily", "--json")
    assert missing.returncode == 1
    assert "lily" in missing.stderr


def test_a_model_of_a_run_is_registered(command: Command, sqlite_store: Store) -> None:
    run_id = make_run(sqlite_store)
    log_model(sqlite_store, run_id)
    made = command(
        "register", run_id[:12], "lily", "--description", "first", "--tag", "a=1", "--json"
    )
    assert (made.returncode, made.data["version"], made.data["run_id"]) == (0, "1", run_id)
    assert (made.data["description"], made.data["tags"]) == ("first", {"a": "1"})
    assert command("register", run_id, "lily").stdout == "lily v2 registered\n"
    assert command("register", run_id, "lily", "--tag", "nothing").returncode == 2


def test_of_several_models_of_a_run_one_is_chosen(command: Command, sqlite_store: Store) -> None:
    run_id = make_run(sqlite_store)
    assert "has logged no model" in command("register", run_id, "lily").stderr
    for name in ("small", "large"):
        log_model(sqlite_store, run_id, name=name)
    refused = command("register", run_id, "lily")
    assert refused.returncode == 2
    assert "Choose by --model." in refused.stderr
    assert command("register", run_id, "lily", "--model", "large").returncode == 0
    assert "has no model huge" in command("register", run_id, "lily", "--model", "huge").stderr


def test_a_version_is_moved_with_a_reason_and_rolled_back(
    command: Command, sqlite_store: Store
) -> None:
    command("transition", "iris", "1", "production")
    moved = command("transition", "iris", "v2", "production", "--reason", "better", "--json")
    assert moved.data == {
        "name": "iris",
        "version": "2",
        "from": "None",
        "to": "Production",
        "also": "v1: Production → Archived; @previous → v1",
        "recorded": True,
    }
    assert command("transition", "iris", "2", "production").stderr.endswith("already.\n")
    assert "v1 → Production" in command("rollback", "iris", "--dry-run").stdout
    assert stages(sqlite_store)["2"] == "Production"
    back = command("rollback", "iris", "--reason", "it fails at night")
    assert back.stdout == ("iris v1 → Production; v2: Production → Archived; @previous → v2\n")
    assert stages(sqlite_store) == {"1": "Production", "2": "Archived", "3": "None"}
    again = command("rollback", "iris")
    assert again.returncode == 1
    assert "Nothing that still exists was in Production of iris before" in again.stderr


def test_a_version_that_is_there_already_changes_nothing_else(
    command: Command, sqlite_store: Store
) -> None:
    command("transition", "iris", "1", "production")
    command("transition", "iris", "2", "production", "--keep")
    done = command("transition", "iris", "2", "production", "--json")
    assert done.data["also"] == ""
    assert stages(sqlite_store)["1"] == "Production"
    for empty in ("", "@"):
        refused = command("rollback", "iris", "--alias", empty)
        assert (refused.returncode, "at least one character" in refused.stderr) == (2, True)
    assert stages(sqlite_store)["2"] == "Production"


def test_the_history_tells_who_what_and_why(command: Command) -> None:
    command("transition", "iris", "1", "production", "--reason", "the first")
    command("transition", "iris", "2", "production", "--keep")
    rows = command("history", "iris", "--json").data
    assert [row["what"] for row in rows[:2]] == ["v2: None → Production", "v1: None → Production"]
    assert (rows[1]["by"], rows[1]["reason"]) == (getpass.getuser(), "the first")
    assert "the first" in command("history", "iris").stdout
    shortened = command("history", "iris", "--limit", "1", "--json")
    assert len(shortened.data) == 1
    assert "The newest 1 of 5 changes" in shortened.stderr


def test_what_was_changed_elsewhere_is_told_as_seen(command: Command, sqlite_store: Store) -> None:
    client = stores.client(sqlite_store)
    client.transition_model_version_stage("iris", "3", "Staging")
    client.set_registered_model_alias("iris", "champion", "3")
    for _ in range(2):
        alias, stage, *others = command("history", "iris", "--json").data
        assert [alias["what"], stage["what"]] == ["@champion: nothing → v3", "v3: None → Staging"]
        assert stage["by"] == ""
        assert stage["seen_since"] < stage["at"]
        assert not any(each["seen_since"] for each in others)
    assert "seen between 20" in command("history", "iris").stdout


def test_looking_at_the_history_in_read_only_mode_writes_nothing(
    command: Command, sqlite_store: Store
) -> None:
    stores.client(sqlite_store).transition_model_version_stage("iris", "3", "Staging")
    before = stores.fingerprint(sqlite_store)
    (stage, *_) = command("history", "iris", "--json", "--read-only").data
    assert (stage["what"], stage["run_id"]) == ("v3: None → Staging", "")
    assert stores.fingerprint(sqlite_store) == before


def test_an_alias_is_set_moved_rolled_back_and_removed(
    command: Command, sqlite_store: Store
) -> None:
    assert command("alias", "iris", "champion", "1").stdout == "iris @champion → v1\n"
    assert command("alias", "iris", "@champion", "2", "--json").data["from"] == "1"
    assert command("rollback", "iris", "--alias", "champion").stdout == "iris @champion → v1\n"
    assert command("alias", "iris", "champion", "--remove").stdout == "iris @champion removed\n"
    assert "has no alias" in command("alias", "iris", "champion", "--remove").stderr
    assert command("alias", "iris", "champion").returncode == 2
    assert command("alias", "iris", "a b", "1").returncode == 2
    assert "has no version 9" in command("alias", "iris", "champion", "9").stderr
    assert registry.list_versions(sqlite_store, "iris")[2].aliases == ()


@pytest.mark.parametrize(
    "arguments",
    [
        ("transition", "iris", "1", "production"),
        ("alias", "iris", "champion", "1"),
        ("rollback", "iris"),
        ("register", "abc", "iris"),
    ],
)
def test_nothing_is_changed_in_read_only_mode(
    command: Command, sqlite_store: Store, arguments: tuple[str, ...]
) -> None:
    before = stores.fingerprint(sqlite_store)
    done = command(*arguments, "--read-only")
    assert done.returncode == 2
    assert "read-only" in done.stderr
    assert stores.fingerprint(sqlite_store) == before


def test_a_hostile_name_is_printed_harmlessly(command: Command) -> None:
    command("transition", HOSTILE, "1", "production", "--reason", "\x1b[31mred\nline")
    shown = command("history", HOSTILE)
    assert shown.returncode == 0
    assert "\x1b" not in shown.stdout
    assert "red↵line" in shown.stdout
    assert command("history", HOSTILE, "--json").data[0]["reason"] == "\x1b[31mred\nline"


def test_a_model_without_a_history_is_told_from_one_that_is_not_there(
    command: Command, sqlite_store: Store
) -> None:
    stores.client(sqlite_store).create_registered_model("rose")
    assert "No change of rose is recorded yet" in command("history", "rose").stderr
    assert "There is no model tulip" in command("history", "tulip").stderr


def test_a_gate_keeps_a_version_out_unless_it_is_overridden_with_a_reason(
    command: Command, sqlite_store: Store
) -> None:
    rules = '[[rule]]\ntag = "owner"\n'
    gate_rules.write_rules(sqlite_store, "iris", Stage.PRODUCTION, rules, "")
    refused = command("transition", "iris", "1", "production")
    assert refused.returncode == 3
    assert stages(sqlite_store)["1"] == "None"
    move = ("transition", "iris", "1", "production", "--override")
    assert command(*move).returncode == 2
    assert command(*move, "--reason", "the gate's data is late").returncode == 0
    (moved, *_) = command("history", "iris", "--json").data
    assert (moved["overridden"], moved["reason"]) == (True, "the gate's data is late")
    assert "gate overridden · the gate's data is late" in command("history", "iris").stdout
