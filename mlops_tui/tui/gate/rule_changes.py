"""Changing the rules of a gate: in a form, in an editor, from and to a file."""

import os
from dataclasses import replace
from pathlib import Path

from mlops_tui.domain.errors import Conflict, InvalidInput, ServiceError
from mlops_tui.domain.gate.gate_view import GateView
from mlops_tui.domain.gate.rule import Rule, RuleKind
from mlops_tui.domain.gate.rule_form import FIXED, TITLES, rule_of
from mlops_tui.domain.gate.rules import EXAMPLE, as_toml, parse_rules
from mlops_tui.domain.home_path import expanded
from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.domain.models.registry_event import Recorded
from mlops_tui.domain.models.stage import Stage
from mlops_tui.domain.plain_text import one_line
from mlops_tui.services.gate import gate_rules
from mlops_tui.services.machine import editor, export_file
from mlops_tui.tui.gate.gate_dialog import GateWish, Wish
from mlops_tui.tui.gate.rule_dialog import RuleDialog
from mlops_tui.tui.kit.confirm import ConfirmDialog
from mlops_tui.tui.kit.control_screen import ControlScreen
from mlops_tui.tui.kit.messages import Topic
from mlops_tui.tui.kit.pick_dialog import PickDialog
from mlops_tui.tui.kit.suspend import lend_terminal
from mlops_tui.tui.kit.text_dialog import LineDialog
from mlops_tui.tui.kit.write import Write

FILE = "gate.toml"


async def change(screen: ControlScreen, wish: GateWish) -> None:
    """Do what is wanted with the rules. Raises ``ServiceError``."""
    view = wish.view
    if wish.wish is Wish.EXPORT:
        await _export(screen, view.text)
        return
    text = await _changed(screen, wish)
    if text is not None and text.strip() != view.text:
        await screen.write(_write(screen, view.version, view.stage, text.strip(), view.text))


async def _changed(screen: ControlScreen, wish: GateWish) -> str | None:
    """Return the rules as they are to be, None where nothing is to change."""
    view = wish.view
    match wish.wish:
        case Wish.NEW:
            rule = await _new_rule(screen, view)
            return "\n\n".join(filter(None, (view.text, as_toml((rule,))))) if rule else None
        case Wish.EDIT:
            return _edited(screen, view)
        case Wish.IMPORT:
            return await _imported(screen)
    rules = list(view.rules.rules) if view.rules else []
    place = wish.rule - 1
    if wish.wish is Wish.CHANGE:
        changed = await _fill_in(screen, view, rules[place].kind, rules[place])
        if changed is None:
            return None
        rules[place] = changed
    else:
        sentence = f"{rules[place].describe()}: the gate no longer asks for it."
        if not await screen.shell.push_screen_wait(ConfirmDialog("Delete the rule?", sentence)):
            return None
        del rules[place]
    return as_toml(tuple(rules))


async def _new_rule(screen: ControlScreen, view: GateView) -> Rule | None:
    kinds = {kind.value: f"{kind.value}: {title}" for kind, title in TITLES.items()}
    picked = await screen.shell.push_screen_wait(PickDialog("What to ask for", kinds, "Rule"))
    return await _fill_in(screen, view, RuleKind(picked)) if picked else None


async def _fill_in(
    screen: ControlScreen, view: GateView, kind: RuleKind, rule: Rule | None = None
) -> Rule | None:
    if kind in FIXED:
        return rule_of(kind, {})
    return await screen.shell.push_screen_wait(RuleDialog(kind, view, rule))


def _edited(screen: ControlScreen, view: GateView) -> str | None:
    """Let the person edit the TOML; what is wrong stands above it when it is edited again."""
    edited = [view.text or EXAMPLE]

    def edit() -> None:
        edited.append(editor.edit_text(edited[-1], os.environ, "rules.toml"))

    complaint = ""
    while True:
        if failure := lend_terminal(screen.app, edit):
            raise ServiceError(failure)
        text = edited[-1].removeprefix(complaint)
        if not text.strip() or edited[-1] == edited[-2]:
            return text if text.strip() or view.text else None
        try:
            parse_rules(text)
        except InvalidInput as error:
            complaint = f"# {one_line(str(error), 600)}\n"
            edited.append(f"{complaint}{text}")
        else:
            return text


async def _imported(screen: ControlScreen) -> str | None:
    name = await screen.shell.push_screen_wait(
        LineDialog("Take the rules of a file", FILE, explain=f"A TOML file, from {Path.cwd()}.")
    )
    if not name:
        return None
    text = await screen.ask(gate_rules.read_file, _path(name))
    parse_rules(text)
    return text


def _path(name: str) -> Path:
    """Return the path that was typed; the service process may work in another folder."""
    return Path.cwd() / expanded(name)


async def _export(screen: ControlScreen, text: str) -> None:
    name = await screen.shell.push_screen_wait(
        LineDialog("Write the rules to a file", FILE, explain=f"Into {Path.cwd()}, for git.")
    )
    if not name:
        return
    path = _path(name)
    try:
        await screen.ask(export_file.write_file, path, f"{text}\n")
    except Conflict:
        sentence = f"{name} is there already. Replace what is in it?"
        if not await screen.shell.push_screen_wait(ConfirmDialog("Replace the file?", sentence)):
            return
        await screen.ask(export_file.write_file, path, f"{text}\n", overwrite=True)
    screen.tell(f"Wrote {path}.")


def _write(
    screen: ControlScreen, version: ModelVersion, stage: Stage, text: str, before: str
) -> Write[Recorded[None]]:
    """Return the write of rules; its undo writes those before."""
    store = screen.shell.settings.store
    done = "set" if text else "removed"
    return Write(
        title=f"{version.name}: gate for {stage} {done}",
        topic=Topic.MODELS,
        call=lambda backend: backend.call(
            gate_rules.write_rules, store, version.name, stage, text, before
        ),
        remaining=lambda answer: answer.unrecorded,
        undo=lambda _answer: replace(_write(screen, version, stage, before, text), undo=None),
    )
