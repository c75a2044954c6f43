"""The rules of gates, which MLflow keeps as tags of registered models."""

from pathlib import Path
from typing import TYPE_CHECKING

from mlops_tui.domain.errors import Conflict, InvalidInput, NotFound, ServiceError
from mlops_tui.domain.gate.rules import GATED, GateRules, gate_tag, parse_rules, rules_of
from mlops_tui.domain.home_path import expanded
from mlops_tui.domain.models.registry_event import (
    EventKind,
    Recorded,
    RegistryEvent,
    shortened,
)
from mlops_tui.domain.models.stage import Stage
from mlops_tui.domain.store import Store
from mlops_tui.services.files import regular_file
from mlops_tui.services.models.recorded_change import change
from mlops_tui.services.models.recorder import Present
from mlops_tui.services.store.failures import translated
from mlops_tui.services.store.store import registry_client

if TYPE_CHECKING:
    from mlflow import MlflowClient

LARGEST_FILE = 100_000
"""Bytes of a file of rules that are read."""


@translated()
def read_rules(store: Store, model: str) -> dict[Stage, str]:
    """Return the TOML of each stage of a model that has a gate."""
    mlflow_client = registry_client(store)
    if mlflow_client is None:
        raise NotFound(f"There is no registered model {model!r}.")
    tags = dict(mlflow_client.get_registered_model(model).tags)
    return {stage: text for stage in GATED if (text := rules_of(tags, stage))}


def required_rules(store: Store, model: str, stage: Stage) -> GateRules:
    """Return the rules of a stage. Raises ``NotFound`` where it has none."""
    text = read_rules(store, model).get(stage, "")
    if not text:
        raise NotFound(
            f"{model} has no gate for {stage}.",
            f"mlops-tui gate set {model} --stage {stage.value.lower()} --file F makes one.",
        )
    return parse_rules(text)


def write_rules(store: Store, model: str, stage: Stage, text: str, before: str) -> Recorded[None]:
    """Set the rules of a stage; an empty text removes its gate.

    Raises ``Conflict`` before anything is written when they are no longer what was shown before.
    """
    if stage not in GATED:
        raise InvalidInput(f"{stage} has no gate.", "Staging and Production can have one.")
    if text.strip():
        parse_rules(text)
    event = RegistryEvent(
        model,
        EventKind.GATE_RULES,
        subject=stage.value,
        before=shortened(before.strip()),
        after=shortened(text.strip()),
    )

    def check(present: Present) -> None:
        if rules_of(present[0].tags, stage) != before.strip():
            raise Conflict(f"The rules of {model} for {stage} were changed meanwhile. Look again.")

    def write(mlflow_client: "MlflowClient") -> None:
        if text.strip():
            mlflow_client.set_registered_model_tag(model, gate_tag(stage), text.strip())
        elif before.strip():
            mlflow_client.delete_registered_model_tag(model, gate_tag(stage))

    return change(store, event, check=check, write=write)


def read_file(path: Path) -> str:
    """Return the text of a file of rules. Raises ``ServiceError``."""
    try:
        with regular_file.open_to_read(expanded(path).resolve()) as file:
            data = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise ServiceError(f"{path} cannot be read: {error.strerror}.") from None
    except RuntimeError:  # what Path.resolve raises before Python 3.13
        raise InvalidInput(f"{path} cannot be read: its links lead in a circle.") from None
    return rules_text(data, str(path))


def rules_text(data: bytes, name: str) -> str:
    """Return the text of rules that were read. Raises ``InvalidInput``."""
    if len(data) > LARGEST_FILE:
        raise InvalidInput(f"{name} is too large for rules.")
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise InvalidInput(f"{name} is no UTF-8 text.") from None
