"""What is offered, dimmed, warned of or copied in which state."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from textual.app import App

from mlops_tui.domain.gate.gate_view import GateView
from mlops_tui.domain.gate.verdict import GateState
from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.domain.models.stage import Stage
from mlops_tui.domain.retraining.attempt import RetrainingAttempt, Step
from mlops_tui.domain.retraining.retraining_view import Retraining, StoredRule
from mlops_tui.domain.retraining.rule_text import parse_rule
from mlops_tui.domain.store import Store
from mlops_tui.services.models import registration
from mlops_tui.services.store.store import client
from mlops_tui.tui.kit.confirm import ConfirmDialog
from mlops_tui.tui.kit.dialog import Dialog
from mlops_tui.tui.kit.text_dialog import LineDialog
from mlops_tui.tui.models.transition_dialog import TransitionDialog
from mlops_tui.tui.retraining.retraining_dialog import RetrainingDialog
from tests.making import make_experiment, make_run
from tests.services.models.test_registry import ELSEWHERE
from tests.tui.story import story

RULE = 'launch = "j"\nargument = "data"\nmonitor = "m"\nage_days = 3'
OF_RULE = ("try_rule", "begin_now", "pause", "delete_rule")
OF_RULE_OR_ATTEMPT = (*OF_RULE, "approve", "decline", "open_log", "open_run")
VERSIONS = (
    ModelVersion("iris", "2", Stage.STAGING),
    ModelVersion("iris", "1", Stage.PRODUCTION),
)


class Writable(App[None]):
    """An app that is not in read-only mode."""

    settings = SimpleNamespace(read_only=False)


def transition() -> TransitionDialog:
    async def read() -> tuple[ModelVersion, ...]:
        return VERSIONS

    async def no_gate(stage: Stage) -> GateView:
        return GateView(VERSIONS[0], stage, "", GateState.NONE)

    return TransitionDialog(VERSIONS[0], VERSIONS, read, no_gate)


def retraining(text: str = "", *attempts: RetrainingAttempt) -> RetrainingDialog:
    """Return the dialog about a model with a rule of this text, none if it is empty."""
    rule = parse_rule("iris", text) if text.startswith("launch") else None
    stored = StoredRule("iris", text, rule) if text else None
    view = Retraining("iris", stored, "", attempts)

    async def read() -> Retraining:
        return view

    return RetrainingDialog(view, read)


def with_rule() -> RetrainingDialog:
    return retraining(RULE)


def with_unreadable_rule() -> RetrainingDialog:
    return retraining("nonsense")


def with_attempt() -> RetrainingDialog:
    return retraining(RULE, RetrainingAttempt("a1", "iris", 1, "late", Step.TRAIN))


@pytest.mark.parametrize(
    ("dialog", "keys", "action", "state"),
    [
        (transition, (), "confirm", "dimmed"),
        (transition, ("s",), "confirm", "dimmed"),
        (transition, ("p",), "confirm", "offered"),
        (transition, ("p", "s"), "confirm", "dimmed"),
        (transition, (), "toggle_archive", "dimmed"),
        (transition, ("a",), "toggle_archive", "dimmed"),
        (transition, ("p",), "toggle_archive", "offered"),
        (transition, ("p",), "override", "gone"),
        (retraining, (), "edit_rule", "offered"),
        (retraining, (), "pause_all", "offered"),
        (retraining, (), "copy", "offered"),
        *((retraining, (), action, "gone") for action in OF_RULE_OR_ATTEMPT),
        *((with_rule, (), action, "offered") for action in OF_RULE),
        (with_rule, (), "approve", "gone"),
        (with_unreadable_rule, (), "try_rule", "gone"),
        (with_unreadable_rule, (), "delete_rule", "offered"),
        (with_attempt, (), "begin_now", "gone"),
        (with_attempt, (), "decline", "offered"),
        (with_attempt, (), "open_run", "offered"),
        (with_attempt, (), "open_log", "gone"),
        (lambda: ConfirmDialog("Stop?", "It ends.", "kill 1"), (), "copy", "offered"),
        (lambda: ConfirmDialog("Replace?", "It is there."), (), "copy", "gone"),
        (lambda: LineDialog("Name", equivalent=str.upper), ("x",), "copy", "offered"),
        (lambda: LineDialog("Limits", "x=0:1"), (), "copy", "gone"),
    ],
)
async def test_a_dialog_offers_dims_or_leaves_out(
    dialog: Callable[[], Dialog[Any]], keys: tuple[str, ...], action: str, state: str
) -> None:
    app = Writable()
    async with app.run_test() as pilot:
        shown = dialog()
        app.push_screen(shown)
        await pilot.pause()
        await pilot.press(*keys)
        await pilot.pause()
        found = {
            each.binding.action: "offered" if each.enabled else "dimmed"
            for each in shown.active_bindings.values()
            if each.node is shown
        }
        assert found.get(action, "gone") == state


async def test_a_list_of_texts_is_gone_on_with_a_single_one_is_replaced() -> None:
    for text, typed in (("x=0:5 y=0:1", "x=0:5 y=0:1!"), ("a,b", "a,b!"), ("name", "!")):
        app: App[None] = App()
        async with app.run_test() as pilot:
            answers: list[str | None] = []
            app.push_screen(LineDialog("Text", text), answers.append)
            await pilot.pause()
            await pilot.press("exclamation_mark", "enter")
            await pilot.pause()
            assert answers == [typed]


@pytest.mark.parametrize(
    ("marked", "warning"), [((), ""), (("going",), "1 still"), (("going", "on"), "2 still")]
)
async def test_deleting_warns_of_runs_that_still_run(
    sqlite_store: Store, state_dir: Path, marked: tuple[str, ...], warning: str
) -> None:
    experiment = make_experiment(sqlite_store, "Flowers")
    for name in ("on", "going"):
        make_run(sqlite_store, experiment, name=name, status="RUNNING")
    make_run(sqlite_store, experiment, name="ended")
    async with story(sqlite_store, state_dir) as person:
        await person.sees("3 loaded")
        await person.press("down", *(key for _ in marked for key in ("space", "down")), "g", "D")
        await person.sees("MLflow keeps deleted runs")
        assert (f"{warning} RUNNING: what logs" in person.screen) == bool(warning)


async def test_y_copies_the_model_or_the_version_by_the_list_with_the_focus(
    sqlite_store: Store, state_dir: Path
) -> None:
    registration.register(sqlite_store, name="iris", model=ELSEWHERE, run_id="")
    async with story(sqlite_store, state_dir) as person:
        await person.press("3")
        await person.sees("models:/iris/1")
        await person.press("y")
        assert person.app.clipboard == "models:/iris/1"
        await person.press("shift+tab", "y")
        assert person.app.clipboard == "iris"


async def test_over_an_empty_list_only_what_does_something_is_offered(
    sqlite_store: Store, state_dir: Path
) -> None:
    async with story(sqlite_store, state_dir, size=(200, 24)) as person:
        await person.sees("No runs in this experiment yet", "c Columns")
        for label in ("R Register", "e Edit", "D Delete"):
            assert label not in person.screen
        await person.press("2")
        await person.sees("No training jobs yet", "n New job", "w Sweep", "A Attach")
        for label in ("a Again", "x Stop", "M Metrics", "v Run", "D Remove", "H Hold", "S Settle"):
            assert label not in person.screen
        await person.press("3")
        await person.sees("No registered models yet")
        for label in ("t Stage", "a Alias", "e Edit", "s Serve", "v Run"):
            assert label not in person.screen
        registration.register(sqlite_store, name="iris", model=ELSEWHERE, run_id="")
        await person.sees("t Stage", "a Alias", "e Edit", "s Serve")
        assert "v Run" not in person.screen
        make_run(sqlite_store, "0", name="first")
        await person.press("1")
        await person.sees("R Register", "e Edit", "D Delete")


async def test_keys_are_offered_by_what_is_marked_whatever_is_listed(
    sqlite_store: Store, state_dir: Path
) -> None:
    experiment = make_experiment(sqlite_store, "Flowers")
    make_run(sqlite_store, experiment, name="active")
    client(sqlite_store).delete_run(make_run(sqlite_store, experiment, name="binned"))
    async with story(sqlite_store, state_dir) as person:
        await person.sees("1 loaded")
        await person.press("space", "d")
        await person.sees("binned", "1 marked", "D Delete")
        assert "U Restore" not in person.screen
        await person.press("space")
        await person.sees("2 marked", "U Restore", "D Delete")
