"""What a person does with the retraining of a model."""

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.processes.process import ProcessKind
from mlops_tui.domain.retraining.retraining_rule import Paused, RetrainingRule
from mlops_tui.domain.retraining.retraining_view import Retraining
from mlops_tui.domain.retraining.rule_fields import texts_of
from mlops_tui.services.launchers import processes
from mlops_tui.services.retraining import evaluation, retraining, retraining_rules, rule_proposal
from mlops_tui.tui.kit.confirm import ConfirmDialog
from mlops_tui.tui.kit.control_screen import ControlScreen
from mlops_tui.tui.kit.formatting import timestamp
from mlops_tui.tui.kit.messages import Changed, Topic
from mlops_tui.tui.kit.text_dialog import LineDialog
from mlops_tui.tui.retraining.retraining_dialog import RetrainingDialog, RetrainingWish, Wish
from mlops_tui.tui.retraining.rule_form import RetrainingRuleDialog

LOG_MODE = "training"
"""The screen that shows the log of a job."""


async def open_retraining(screen: ControlScreen, model: str) -> None:
    """Show the retraining of a model; do what is asked there, until it is closed."""

    async def read() -> Retraining:
        settings = screen.shell.settings
        return await screen.ask(
            retraining.read_retraining, settings.store, settings.state_dir, model
        )

    while True:
        wish = await screen.shell.push_screen_wait(RetrainingDialog(await read(), read))
        if wish is None:
            screen.shell.changed.publish(Changed(Topic.MODELS))
            return
        try:
            goes_on = await _do(screen, wish)
        except ServiceError as error:
            screen.complain(error)
            goes_on = True
        if not goes_on:
            return


async def pause_all_rules(screen: ControlScreen) -> None:
    """Pause all rules; where none is on, resume those that were paused all at once."""
    store = screen.shell.settings.store
    names = await screen.ask(retraining_rules.pause_all, store)
    done = "paused"
    if not names:
        names = await screen.ask(retraining_rules.resume_all, store)
        done = "resumed"
    shown = one_line(", ".join(names), 200)
    screen.tell(f"Rules {done}: {shown}." if names else "There is no rule to pause or to resume.")


async def _do(screen: ControlScreen, wish: RetrainingWish) -> bool:
    """Do what is wanted; return whether the dialog is to be shown again."""
    model, settings = wish.view.model, screen.shell.settings
    where = (settings.store, settings.state_dir, model)
    match wish.wish:
        case Wish.APPROVE:
            await screen.ask(retraining.approve, *where)
        case Wish.DECLINE:
            await _decline(screen, wish)
        case Wish.EDIT:
            await _edit(screen, wish.view)
        case Wish.TRY if wish.view.stored and wish.view.stored.rule:
            await _try(screen, wish.view.stored.rule, "Dry run", "")
        case Wish.NOW:
            sentence = "A job is launched on the rows that have labels by now."
            if await _agreed(screen, f"Retrain {model} now?", sentence):
                await screen.ask(retraining.begin_now, *where)
                screen.shell.changed.publish(Changed(Topic.JOBS))
        case Wish.PAUSE:
            await _pause(screen, wish.view)
        case Wish.PAUSE_ALL:
            await pause_all_rules(screen)
        case Wish.DELETE:
            await _delete(screen, wish.view)
        case _:
            return await _go_to(screen, wish)
    return True


async def _agreed(screen: ControlScreen, title: str, sentence: str) -> bool:
    agreed = await screen.shell.push_screen_wait(ConfirmDialog(title, sentence))
    return agreed is True


async def _decline(screen: ControlScreen, wish: RetrainingWish) -> None:
    settings, model = screen.shell.settings, wish.view.model
    reason = await screen.shell.push_screen_wait(
        LineDialog(f"Stop retraining {model}", explain="Why? May be empty. Its job ends, too.")
    )
    if reason is not None:
        await screen.ask(retraining.decline, settings.store, settings.state_dir, model, reason)


async def _edit(screen: ControlScreen, view: Retraining) -> None:
    """Ask for the rule; show what it would have done; set it when the person wants it so."""
    settings, stored = screen.shell.settings, view.stored
    before = stored.rule if stored else None
    if before is not None:
        texts = texts_of(before)
    else:
        texts = await screen.ask(
            rule_proposal.proposed_texts, settings.store, settings.state_dir, view.model
        )
    while True:
        form = RetrainingRuleDialog(view.model, texts, before)
        rule = await screen.shell.push_screen_wait(form)
        if rule is None:
            return
        texts = texts_of(rule)
        if not await _try(screen, rule, "Switch the rule on?", " enter switches it on."):
            continue
        answer = await screen.ask(
            retraining_rules.set_rule, settings.store, rule, stored.text if stored else ""
        )
        screen.tell(answer.unrecorded or f"{one_line(view.model, 60)}: the rule is on.")
        return


async def _try(screen: ControlScreen, rule: RetrainingRule, title: str, way: str) -> bool:
    """Show the dry run of a rule; return whether the person agrees."""
    settings = screen.shell.settings
    try:
        found = await screen.ask(evaluation.try_out, settings.store, settings.state_dir, rule)
    except ServiceError as error:
        screen.complain(error)
        return False
    firings = [f"{timestamp(each.at)}  {each.because}" for each in reversed(found.firings)]
    dialog = ConfirmDialog(title, f"{found.sentence}{way}", which=firings)
    agreed = await screen.shell.push_screen_wait(dialog)
    return agreed is True


async def _pause(screen: ControlScreen, view: Retraining) -> None:
    store, stored = screen.shell.settings.store, view.stored
    is_paused = stored is not None and stored.rule and stored.rule.paused is not Paused.NO
    change = retraining_rules.resume if is_paused else retraining_rules.pause
    answer = await screen.ask(change, store, view.model)
    done = "resumed" if is_paused else "paused"
    screen.tell(answer.unrecorded or f"{one_line(view.model, 60)}: the rule is {done}.")


async def _delete(screen: ControlScreen, view: Retraining) -> None:
    sentence = "Nothing fires any more; its attempts stay in MLflow."
    if view.stored and await _agreed(screen, "Delete the rule?", sentence):
        store = screen.shell.settings.store
        await screen.ask(retraining_rules.write_rule, store, view.model, "", view.stored.text)


async def _go_to(screen: ControlScreen, wish: RetrainingWish) -> bool:
    attempt, settings = wish.attempt, screen.shell.settings
    if attempt is None:
        return True
    if wish.wish is Wish.RUN:
        screen.shell.navigation.open_run(attempt.attempt_id)
        return False
    record = await screen.ask(
        processes.get, settings.state_dir, ProcessKind.JOB, attempt.gate_job or attempt.job_id
    )
    screen.shell.navigation.open_log(LOG_MODE, record)
    return False
