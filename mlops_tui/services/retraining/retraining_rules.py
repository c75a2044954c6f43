"""The rules of retraining, which MLflow keeps as tags of registered models."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from time import time
from typing import TYPE_CHECKING

from mlops_tui.domain.errors import Conflict, InvalidInput, NotFound, ServiceError
from mlops_tui.domain.models.registry_event import (
    EventKind,
    Recorded,
    RegistryEvent,
    shortened,
)
from mlops_tui.domain.retraining.retraining_rule import TAG, Paused, RetrainingRule
from mlops_tui.domain.retraining.retraining_view import StoredRule
from mlops_tui.domain.retraining.rule_text import as_toml, parse_rule
from mlops_tui.domain.store import Store
from mlops_tui.services.models.recorded_change import change
from mlops_tui.services.models.recorder import Present
from mlops_tui.services.models.registry import list_models
from mlops_tui.services.store.failures import translated
from mlops_tui.services.store.store import registry_client
from mlops_tui.services.worker.calls import is_kept

if TYPE_CHECKING:
    from mlflow import MlflowClient


def stored_rule(model: str, tags: Mapping[str, str]) -> StoredRule | None:
    """Return the rule among the tags of a model, None where it has none."""
    text = tags.get(TAG, "").strip()
    if not text:
        return None
    try:
        return StoredRule(model, text, parse_rule(model, text))
    except InvalidInput as error:
        return StoredRule(model, text, None, str(error))


@translated()
def read_rule(store: Store, model: str) -> StoredRule | None:
    """Return the rule of a model, None where it has none. Raises ``NotFound`` without the model."""
    mlflow_client = registry_client(store)
    if mlflow_client is None:
        raise NotFound(f"There is no registered model {model!r}.")
    return stored_rule(model, dict(mlflow_client.get_registered_model(model).tags))


def required_rule(store: Store, model: str) -> StoredRule:
    """Return the rule of a model. Raises ``NotFound`` where it has none."""
    found = read_rule(store, model)
    if found is None:
        raise NotFound(
            f"{model} has no retraining rule.",
            f"mlops-tui retrain set {model} --file F makes one.",
        )
    return found


def list_rules(store: Store) -> tuple[StoredRule, ...]:
    """Return the rules of all models, by the names of the models."""
    found = (stored_rule(model.name, model.tags) for model in list_models(store))
    return tuple(rule for rule in found if rule is not None)


@is_kept
def write_rule(
    store: Store, model: str, text: str, before: str, *, reason: str = ""
) -> Recorded[None]:
    """Set the rule of a model; an empty text removes it.

    Raises ``Conflict`` before anything is written when it is no longer what was shown before.
    """
    text, before = text.strip(), before.strip()
    if text:
        parse_rule(model, text)
    event = RegistryEvent(
        model,
        EventKind.RETRAINING_RULE,
        before=shortened(before),
        after=shortened(text),
        reason=reason,
    )

    def check(present: Present) -> None:
        if present[0].tags.get(TAG, "").strip() != before:
            raise Conflict(f"The retraining rule of {model} was changed meanwhile. Look again.")

    def write(mlflow_client: "MlflowClient") -> None:
        if text:
            mlflow_client.set_registered_model_tag(model, TAG, text)
        elif before:
            mlflow_client.delete_registered_model_tag(model, TAG)

    return change(store, event, check=check, write=write)


@is_kept
def set_rule(store: Store, rule: RetrainingRule, before: str) -> Recorded[None]:
    """Set a rule that begins now: what was before counts neither as attempt nor as date."""
    return write_rule(store, rule.model, as_toml(replace(rule, since=_now())), before)


@is_kept
def pause(store: Store, model: str, paused: Paused = Paused.ALONE) -> Recorded[None]:
    """Pause the rule of a model."""
    found = required_rule(store, model)
    if found.rule is None or found.rule.paused is not Paused.NO:
        return Recorded(None)
    text = as_toml(replace(found.rule, paused=paused))
    return write_rule(store, model, text, found.text, reason="paused")


@is_kept
def resume(store: Store, model: str) -> Recorded[None]:
    """Switch the rule of a model on again; attempts that failed before count no more."""
    found = required_rule(store, model)
    if found.rule is None:
        raise InvalidInput(f"The retraining rule of {model} cannot be read: {found.problem}")
    text = as_toml(replace(found.rule, paused=Paused.NO, since=_now()))
    return write_rule(store, model, text, found.text, reason="resumed")


@is_kept
def pause_all(store: Store) -> tuple[str, ...]:
    """Pause all rules that are on; return the names of their models.

    Every rule is tried; raises the first ``ServiceError`` at the end.
    """
    wanted = [each for each in list_rules(store) if each.rule and not each.rule.paused]
    return _each(wanted, lambda each: pause(store, each.model, Paused.WITH_ALL))


@is_kept
def resume_all(store: Store) -> tuple[str, ...]:
    """Switch on again the rules that were paused all at once; return the names of their models."""
    wanted = [
        each for each in list_rules(store) if each.rule and each.rule.paused is Paused.WITH_ALL
    ]
    return _each(wanted, lambda each: resume(store, each.model))


def _each(
    rules: "list[StoredRule]", write: "Callable[[StoredRule], Recorded[None]]"
) -> tuple[str, ...]:
    done, failures = [], []
    for each in rules:
        try:
            write(each)
            done.append(each.model)
        except ServiceError as error:
            failures.append(error)
    if failures:
        raise failures[0]
    return tuple(done)


def _now() -> int:
    return round(time() * 1000)
