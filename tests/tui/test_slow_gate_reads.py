"""Dialogs about gates while a server answers slowly."""

import asyncio
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from textual.app import App
from textual.pilot import Pilot

from mlops_tui.domain.gate.gate_view import GateView
from mlops_tui.domain.gate.verdict import GateState
from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.domain.models.stage import Stage
from mlops_tui.tui.gate import gate_dialog
from mlops_tui.tui.gate.gate_dialog import GateDialog
from mlops_tui.tui.models.transition_dialog import Decision, TransitionDialog


class _App(App[None]):
    """What a dialog asks of the app around it."""

    settings = SimpleNamespace(read_only=False)


VERSIONS = (ModelVersion("iris", "1", Stage.NONE),)
RULES = '[[rule]]\ntag = "owner"\n'


def gate(stage: Stage, state: GateState) -> GateView:
    return GateView(VERSIONS[0], stage, RULES, state)


async def test_a_late_answer_about_one_stage_says_nothing_of_another() -> None:
    answers = {stage: asyncio.Event() for stage in Stage}

    async def read() -> tuple[ModelVersion, ...]:
        return VERSIONS

    async def read_gate(stage: Stage) -> GateView:
        await answers[stage].wait()
        return gate(stage, GateState.FAILED)

    app: App[None] = App()
    async with app.run_test() as pilot:
        decided: list[Decision | None] = []
        app.push_screen(TransitionDialog(VERSIONS[0], VERSIONS, read, read_gate), decided.append)
        await pilot.pause()
        await pilot.press("p", "a")
        answers[Stage.PRODUCTION].set()
        await pilot.pause()
        await pilot.press("enter")
        await pilot.pause()
        assert [each.plan.target.after for each in decided if each] == [Stage.ARCHIVED]


async def test_looks_at_a_running_gate_do_not_cancel_a_slow_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(gate_dialog, "POLL", 0.001)
    reads: list[Stage] = []
    answer = asyncio.Event()

    async def read(stage: Stage) -> GateView:
        reads.append(stage)
        await answer.wait()
        return gate(stage, GateState.PASSED)

    async with _App().run_test() as pilot:
        dialog = GateDialog(gate(Stage.STAGING, GateState.RUNNING), read)
        pilot.app.push_screen(dialog)
        await _come(pilot, lambda: reads == [Stage.STAGING])
        await pilot.pause(0.05)  # time for more looks, which are to read nothing
        await pilot.press("p")
        await _come(pilot, lambda: Stage.PRODUCTION in reads)
        await pilot.pause(0.05)
        assert reads == [Stage.STAGING, Stage.PRODUCTION]
        answer.set()
        await _come(pilot, lambda: dialog.view == gate(Stage.PRODUCTION, GateState.PASSED))


async def _come(pilot: Pilot[None], has_come: Callable[[], bool]) -> None:
    while not has_come():
        await pilot.pause()
