"""What the sub-commands of the model registry share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlops_tui.cli.output import print_json, tell
from mlops_tui.domain.errors import InvalidInput
from mlops_tui.domain.models.version_choice import chosen_version

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping, Sequence

    from mlops_tui.domain.models.model import ModelVersion
    from mlops_tui.domain.models.registry_event import Recorded, RegistryEvent
    from mlops_tui.settings import Settings


def add_reason(parser: argparse.ArgumentParser) -> None:
    """Add ``--reason`` and ``--json``."""
    parser.add_argument(
        "--reason", metavar="TEXT", default="", help="why; the history of the model keeps it"
    )
    parser.add_argument("--json", action="store_true", help="as JSON, for programs")


def prepare_write(settings: Settings) -> None:
    """Let MLflow be used; raises ``InvalidInput`` in read-only mode."""
    from mlops_tui.services.store.store import prepare_environment

    if settings.read_only:
        raise InvalidInput("Models are not changed in read-only mode.", "--no-read-only allows it.")
    prepare_environment()


def find_version(versions: Sequence[ModelVersion], name: str, wanted: str) -> ModelVersion:
    """Return the version with a number (``3`` or ``v3``), a stage or an alias (``@champion``)."""
    choice = wanted if wanted.startswith("@") else f"/{wanted.removeprefix('v')}"
    return chosen_version(versions, name, choice)


def say(sentence: str, data: Mapping[str, Any], answer: Recorded[Any], *, as_json: bool) -> None:
    """Print what was done, as a sentence or as data; tell when the history lacks it."""
    if as_json:
        print_json({**data, "recorded": not answer.unrecorded})
    else:
        print(sentence)
    if answer.unrecorded:
        tell(answer.unrecorded)


def version_as_dict(version: ModelVersion) -> dict[str, Any]:
    """Return a version as JSON has it."""
    return {
        "name": version.name,
        "version": version.version,
        "stage": version.stage.value,
        "aliases": list(version.aliases),
        "status": version.status,
        "status_message": version.status_message,
        "run_id": version.run_id,
        "source": version.source,
        "description": version.description,
        "user": version.user,
        "created_at": version.created_at,
        "updated_at": version.updated_at,
        "tags": dict(version.tags),
    }


def event_as_dict(event: RegistryEvent) -> dict[str, Any]:
    """Return a change as JSON has it. Times are milliseconds since the epoch."""
    return {
        "what": event.describe(),
        "kind": event.kind.value,
        "model": event.model,
        "version": event.version,
        "subject": event.subject,
        "before": event.before,
        "after": event.after,
        "also": event.also,
        "at": event.at,
        "seen_since": event.since,
        "by": event.by,
        "reason": event.reason,
        "gate_run": event.gate_run,
        "overridden": event.overridden,
        "outcome": event.outcome.value,
        "trouble": event.trouble,
        "run_id": event.event_id,
    }
