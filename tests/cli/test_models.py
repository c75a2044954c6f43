"""``mlops-tui models``."""

import json
from pathlib import Path

import pytest

from mlops_tui.cli import main
from mlops_tui.domain.models.stage import Stage
from mlops_tui.domain.models.transition import plan_transition
from mlops_tui.domain.store import Store
from mlops_tui.services.models import registration, registry, registry_changes
from mlops_tui.services.store.store import client
from tests.services.models.test_registry import ELSEWHERE


@pytest.fixture
def three_models(sqlite_store: Store) -> Store:
    """Make a model in Production, one with an alias, one with neither."""
    for name in ("iris", "wine", "digits"):
        registration.register(sqlite_store, name=name, model=ELSEWHERE, run_id="")
    plan = plan_transition(
        registry.list_versions(sqlite_store, "iris"), "1", Stage.PRODUCTION, archive_existing=True
    )
    registry_changes.move(sqlite_store, plan)
    registry_changes.set_alias(sqlite_store, "wine", "champion", "1")
    registry_changes.set_version_tags(
        sqlite_store, "digits", "1", {"validation_status": "failed"}, ()
    )
    client(sqlite_store).set_registered_model_tag("wine", "team", "bar")
    return sqlite_store


@pytest.mark.parametrize(
    ("flags", "names"),
    [
        ((), ["digits", "iris", "wine"]),
        (("--stage", "production"), ["iris"]),
        (("--stage", "Production"), ["iris"]),
        (("--alias",), ["wine"]),
        (("--alias", "champion"), ["wine"]),
        (("stage:production", "|", "alias:champ"), ["iris", "wine"]),
        (("wi",), ["wine"]),
        (("gate:failed",), ["digits"]),
        (("tag:team=bar",), ["wine"]),
        (("--alias", "champ"), []),
        (("--stage", "staging"), []),
    ],
)
def test_models_are_found_by_stage_alias_or_words(
    three_models: Store,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    flags: tuple[str, ...],
    names: list[str],
) -> None:
    where = ("--tracking-uri", three_models.tracking_uri, "--state-dir", str(tmp_path / "state"))
    code = main(["models", *where, "--json", *flags])
    printed, said = capsys.readouterr()
    assert [model["name"] for model in json.loads(printed)] == names
    assert (code == 0) == bool(names)
    assert names or "No model matches the filter." in said


def test_people_see_which_version_is_in_use(
    three_models: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ("--tracking-uri", three_models.tracking_uri, "--state-dir", str(tmp_path / "state"))
    assert main(["models", *where]) == 0
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    titles = ["model", "newest", "production", "staging", "gate", "aliases", "changed"]
    assert rows[0] == [*titles, "description"]
    shown = [row[:-2] for row in rows]  # without date and time
    assert ["iris", "v1", "v1"] in shown
    assert ["wine", "v1", "@champion=v1"] in shown


def test_json_says_what_is_newest_and_how_its_validation_went(
    three_models: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ("--tracking-uri", three_models.tracking_uri, "--state-dir", str(tmp_path / "state"))
    assert main(["models", *where, "--json", "digits"]) == 0
    (model,) = json.loads(capsys.readouterr().out)
    assert (model["newest_version"], model["gate_of_newest_version"]) == ("1", "failed")
    assert model["created_at"] <= model["updated_at"]
