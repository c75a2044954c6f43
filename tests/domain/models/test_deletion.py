"""What stands against deleting versions."""

from dataclasses import replace

from mlops_tui.domain.models.deletion import changed_since, uses_lines
from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.domain.models.stage import Stage

PLAIN = ModelVersion("iris", "1", Stage.NONE)
LIVE = ModelVersion("iris", "2", Stage.PRODUCTION, aliases=("champion",))


def test_what_is_served_in_a_stage_or_has_an_alias_is_named() -> None:
    archived = ModelVersion("iris", "3", Stage.ARCHIVED)
    served = {"1": ["http://127.0.0.1:1234"]}
    assert uses_lines([PLAIN, LIVE, archived], served) == [
        "v1: served at http://127.0.0.1:1234",
        "v2: in Production, @champion",
    ]
    assert uses_lines([PLAIN, archived], {}) == []


def test_what_has_changed_since_it_was_shown_is_said() -> None:
    assert changed_since(LIVE, LIVE) == ""
    assert "is gone" in changed_since(LIVE, None)
    moved = replace(PLAIN, stage=Stage.STAGING)
    assert changed_since(PLAIN, moved) == "v1 is in Staging now, not None."
    named = replace(LIVE, aliases=("blue", "champion"))
    assert changed_since(LIVE, named) == "v2 has the alias blue now."
    assert changed_since(named, LIVE) == ""  # less use is no reason to keep it
