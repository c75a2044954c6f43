"""The registered models as rows of a table."""

import pytest

from mlops_tui.domain.models.model import RegisteredModel
from mlops_tui.tui.models.model_list import ModelList

IRIS = RegisteredModel(
    "iris",
    description="flowers",
    updated_at=3_000,
    tags={"team": "botany"},
    aliases={"champion": "9"},
    latest={"Production": "9", "None": "10"},
    newest="10",
    newest_tags={"validation_status": "passed"},
)
WINE = RegisteredModel(
    "Wine", updated_at=5_000, latest={"Staging": "2", "None": "1"}, newest="2", tags={"team": "bar"}
)
BARE = RegisteredModel("bare")
SHUT = RegisteredModel(
    "shut", latest={"None": "1"}, newest="1", newest_tags={"validation_status": "failed"}
)


def listed() -> ModelList:
    models = ModelList()
    models.confirm([BARE, IRIS, SHUT, WINE])
    return models


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("iri", ["iris"]),
        ("stage:staging", ["Wine"]),
        ("alias:champ", ["iris"]),
        ("tag:team", ["iris", "Wine"]),
        ("tag:team=bar", ["Wine"]),
        ("team=bot", ["iris"]),
        ("gate:failed | gate:passed", ["iris", "shut"]),
        ("nothing", []),
    ],
)
def test_models_are_found_by_name_stage_alias_tag_and_gate(words: str, names: list[str]) -> None:
    models = listed()
    models.words = words
    assert models.shown() == names


def test_a_row_says_what_is_newest_in_use_and_validated() -> None:
    models = listed()
    columns = ("newest", "production", "staging", "gate", "aliases", "description", "tags")
    cells = [models.cell("iris", column, 20).plain for column in columns]
    assert cells == ["v10", "v9", "", "✓ passed", "@champion=v9", "flowers", "team=botany"]
    assert [models.cell("bare", column, 20).plain for column in columns] == [""] * 7


@pytest.mark.parametrize(
    ("column", "names"),
    [
        ("newest", ["iris", "Wine", "shut", "bare"]),
        ("changed", ["Wine", "iris", "bare", "shut"]),
        ("gate", ["shut", "iris", "bare", "Wine"]),
        ("production", ["iris", "bare", "shut", "Wine"]),
    ],
)
def test_models_are_sorted_by_a_column_what_has_nothing_comes_last(
    column: str, names: list[str]
) -> None:
    models = listed()
    models.sort_by(column)
    assert models.shown() == names


def test_the_order_is_turned_round() -> None:
    models = listed()
    models.sort_by("name")
    assert models.shown() == ["Wine", "shut", "iris", "bare"]
    models.sort_by("newest")
    models.sort_by("newest")
    assert models.shown() == ["shut", "Wine", "iris", "bare"]


def test_models_that_changed_take_their_places_by_name() -> None:
    models = listed()
    models.update([RegisteredModel("iris", newest="11"), RegisteredModel("apple")])
    assert models.shown() == ["Wine", "apple", "bare", "iris", "shut"]
    assert models.cell("iris", "newest", 20).plain == "v11"
