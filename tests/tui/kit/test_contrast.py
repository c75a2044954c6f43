"""Whether every text can be read, in every theme."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.color import Color as RichColor
from rich.segment import Segment
from rich.style import Style
from textual.color import Color

from mlops_tui.domain.models.stage import Stage
from mlops_tui.domain.models.transition import plan_transition
from mlops_tui.domain.store import Store
from mlops_tui.services.models import registration, registry, registry_changes
from mlops_tui.tui.kit.contrast import LEAST, TEXT, ContrastFilter, contrast, offered_themes
from tests.making import make_experiment, make_run
from tests.services.models.test_registry import ELSEWHERE
from tests.tui.story import Story, story

TRIPLETS = st.tuples(*[st.integers(0, 255)] * 3)


@given(TRIPLETS, TRIPLETS, st.booleans())
@settings(max_examples=200, deadline=None)
def test_any_two_colours_come_to_be_readable(
    colour: tuple[int, int, int], ground: tuple[int, int, int], is_reverse: bool
) -> None:
    style = Style(color=RichColor.from_rgb(*colour), bgcolor=RichColor.from_rgb(*ground))
    (segment,) = ContrastFilter().apply(
        [Segment("text", style + Style(reverse=is_reverse))], Color(0, 0, 0)
    )
    assert not unreadable([segment])


def test_what_can_be_read_or_is_drawn_keeps_its_colours() -> None:
    style = Style.parse("#808080 on #777777")
    for text, kept in (("▁▂▃", style), ("│", style), ("⣿ ", style), ("", style)):
        (segment,) = ContrastFilter().apply([Segment(text, style)], Color(0, 0, 0))
        assert (segment.text, segment.style) == (text, kept)
    clear = Style.parse("#ffffff on #000000")
    (segment,) = ContrastFilter().apply([Segment("text", clear)], Color(0, 0, 0))
    assert segment.style == clear


def unreadable(segments: list[Segment]) -> list[str]:
    """Return the texts that have too little contrast."""
    found = []
    for text, style, _ in segments:
        if style is None or not TEXT.search(text):
            continue
        colour, ground = style.color, style.bgcolor
        if colour is None or ground is None or colour.triplet is None or ground.triplet is None:
            found.append(f"{text!r} has no colours")
        elif (ratio := contrast(colour.triplet, ground.triplet)) < LEAST:
            found.append(f"{text!r}: {ratio:.2f}, {style}")
    return found


def all_unreadable(person: Story) -> list[str]:
    strips = person.app.screen._compositor.render_strips()
    return unreadable([segment for strip in strips for segment in strip])


@pytest.fixture
def colourful(sqlite_store: Store) -> Store:
    """Make runs in every status, versions in every stage."""
    experiment = make_experiment(sqlite_store, "Flowers")
    for status in ("FINISHED", "RUNNING", "FAILED", "KILLED", "SCHEDULED"):
        make_run(
            sqlite_store,
            experiment,
            name=status.lower(),
            status=status,
            metrics={"acc": 1.0},
            params={"lr": 1, "secret": "x"},
        )
    for number, stage in enumerate((Stage.PRODUCTION, Stage.STAGING, Stage.ARCHIVED), 1):
        registration.register(sqlite_store, name="iris", model=ELSEWHERE, run_id="")
        versions = registry.list_versions(sqlite_store, "iris")
        plan = plan_transition(versions, str(number), stage, archive_existing=False)
        registry_changes.move(sqlite_store, plan)
    return sqlite_store


async def look_at_screens(person: Story) -> dict[str, list[str]]:
    """Return what cannot be read on some screens."""
    wrong: dict[str, list[str]] = {}
    for where, keys in (
        ("runs", "space"),
        ("filter", "slash [ /"),
        ("palette", "escape ctrl+p"),
        ("tags", "escape T ="),
        ("run", "escape enter right_square_bracket"),
        ("training", "2 x"),
        ("new job", "n enter"),
        ("models", "escape escape 3"),
        ("transition", "t p"),
        ("serving", "escape 4 x"),
        ("help", "question_mark"),
    ):
        await person.press(*keys.split())
        if found := all_unreadable(person):
            wrong[where] = found
    return wrong


async def test_every_text_can_be_read_in_every_theme(colourful: Store, state_dir: Path) -> None:
    async with story(colourful, state_dir, stale_after=0.1) as person:
        await person.sees("5 loaded")
        await person.press("space", "D")
        await person.sees("Delete")
        for theme in offered_themes():
            person.app.theme = theme
            await person.pilot.pause()
            assert (theme, all_unreadable(person)) == (theme, [])


@pytest.mark.parametrize("variables", [{}, {"NO_COLOR": "1"}])
async def test_every_text_can_be_read_on_every_screen(
    colourful: Store, state_dir: Path, variables: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    async with story(colourful, state_dir, stale_after=0.1) as person:
        await person.sees("5 loaded")
        assert await look_at_screens(person) == {}


async def test_themes_whose_colours_are_the_terminals_are_not_offered(
    sqlite_store: Store, state_dir: Path
) -> None:
    async with story(sqlite_store, state_dir) as person:
        assert tuple(sorted(person.app.available_themes)) == offered_themes()
        assert not [name for name in offered_themes() if name.startswith("ansi")]
