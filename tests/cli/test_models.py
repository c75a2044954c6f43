"""``mlops-tui models``."""

import json
from pathlib import Path

import pytest

from mlops_tui.cli import main
from mlops_tui.domain.models.stage import Stage
from mlops_tui.domain.models.transition import plan_transition
from mlops_tui.domain.store import Store
from mlops_tui.services.models import registration, registry, registry_changes
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
    assert rows[0] == ["model", "production", "staging", "aliases", "description"]
    assert ["iris", "v1"] in rows
    assert ["wine", "@champion=v1"] in rows
