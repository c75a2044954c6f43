"""``mlops-tui retrain``, in this process."""

import json
import re
from pathlib import Path

import pytest

from mlops_tui.cli.command import main
from mlops_tui.domain.store import Store
from tests.services.retraining.conftest import MODEL, RULE, Watched, watched_model


@pytest.fixture
def watched(sqlite_store: Store, tmp_path: Path) -> Watched:
    return watched_model(sqlite_store, tmp_path)


class Command:
    """The command on a store, with what it printed."""

    def __init__(self, watched: Watched, capsys: pytest.CaptureFixture[str]) -> None:
        self._where = ["--tracking-uri", watched.store.tracking_uri]
        self._where += ["--state-dir", str(watched.state_dir)]
        self._capsys = capsys

    def __call__(self, *words: str) -> tuple[int, str, str]:
        code = main(["retrain", *words, *self._where])
        printed = self._capsys.readouterr()
        return code, printed.out, printed.err


def test_a_rule_is_tried_set_paused_resumed_and_removed(
    watched: Watched, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    retrain = Command(watched, capsys)
    assert retrain("show")[0] == 1
    watched.register()
    watched.drift(False, True)
    assert retrain("show", MODEL) == (
        1,
        f"# {MODEL}: no rule\n# There is no rule: nothing is retrained.\n\n",
        "",
    )
    job = watched.job_that_ran().process_id
    file = tmp_path / "rule.toml"
    file.write_text(RULE.format(job=job, model=watched.plan.title, arrows="[]"))
    code, _, err = retrain("dry-run", MODEL, "--file", str(file))
    assert code == 0
    assert "It would have fired once over 2 recorded chunks" in err
    assert retrain("set", MODEL, "--file", str(file))[:2] == (
        0,
        f"{MODEL}: the retraining rule is set.\n",
    )
    shown = retrain("show", MODEL)[1]
    assert re.search(
        r"^since = 20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00$", shown, re.MULTILINE
    )
    file.write_text(shown)
    assert retrain("set", MODEL, "--file", str(file))[0] == 0
    assert json.loads(retrain("dry-run", MODEL, "--json")[1])["cost"] == 60_000
    assert retrain("pause", "--all")[1] == f"1 rule paused: {MODEL}.\n"
    assert json.loads(retrain("show", "--json")[1])[0]["paused"] is True
    assert json.loads(retrain("resume", "--all", "--json")[1]) == {"resumed": [MODEL]}
    assert retrain("pause", MODEL)[0] == 0
    assert "The rule is paused." in retrain("show", MODEL)[1]
    assert retrain("resume", MODEL, "--json")[0] == 0
    assert retrain("set", MODEL, "--remove")[0] == 0
    assert retrain("set", MODEL, "--remove")[0] == 1


def test_an_attempt_is_listed_and_declined(
    watched: Watched, capsys: pytest.CaptureFixture[str]
) -> None:
    retrain = Command(watched, capsys)
    watched.register()
    watched.drift(True)
    assert retrain("attempts", MODEL)[0] == 1
    watched.set_rule(watched.job_that_ran().process_id)
    watched.look()
    code, out, _ = retrain("attempts", MODEL)
    assert code == 0
    assert "a person" in out
    declined = json.loads(retrain("decline", MODEL, "--reason", "later", "--json")[1])
    assert declined["step"] == "stopped"
    assert retrain("approve", MODEL)[0] == 1


def test_an_attempt_that_fails_ends_the_command_with_1(
    watched: Watched, capsys: pytest.CaptureFixture[str]
) -> None:
    retrain = Command(watched, capsys)
    watched.register()
    watched.set_rule(watched.job_that_ran().process_id)
    (watched.folder / "base.csv").unlink()
    code, out, _ = retrain("now", MODEL, "--wait")
    assert code == 1
    assert "There is no file" in out


@pytest.mark.parametrize(
    "words",
    [
        ("now",),
        ("pause",),
        ("pause", MODEL, "--all"),
        ("set", MODEL),
        ("now", MODEL, "--read-only"),
    ],
)
def test_wrong_use_ends_with_2(
    watched: Watched, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    watched.register()
    assert Command(watched, capsys)(*words)[0] == 2
