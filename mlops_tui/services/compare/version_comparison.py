"""Versions of a model as a comparison shows them: beside their runs what only a version has."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from mlops_tui.domain.compare.compared_version import as_compared, requirements
from mlops_tui.domain.compare.comparison import Kind
from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.gate.rules import GATED
from mlops_tui.domain.gate.verdict import note_of
from mlops_tui.domain.gate.verdict_cells import shown
from mlops_tui.domain.models.mlmodel import describe, signature_lines
from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.domain.runs.run import Run
from mlops_tui.domain.store import Store
from mlops_tui.services.artifacts.artifact_file import read_head
from mlops_tui.services.gate.verdicts import read_verdict
from mlops_tui.services.store.failures import translated
from mlops_tui.services.store.store import client
from mlops_tui.services.versions.version_files import AT_ONCE, location_of
from mlops_tui.services.versions.version_runs import read_runs_of_versions
from mlops_tui.services.worker.calls import LONG, may_take

if TYPE_CHECKING:
    from mlflow import MlflowClient

LIMIT = 200_000
"""Bytes of a model's ``MLmodel`` and requirements that are read."""

OF_VERSION = ("flavors", "loaded by", "MLflow", "Python", "size", "created")
"""Facts of an ``MLmodel`` file that are compared; others name the very model."""


@may_take(LONG)
@translated()
def read_compared_versions(store: Store, versions: Sequence[ModelVersion]) -> tuple[Run, ...]:
    """Return a run for each version: its own metrics and params, and what is known of the version.

    What is out of reach is left out.
    """
    ids = [version.run_id for version in versions if version.run_id]
    runs = {run.run_id: run for run in read_runs_of_versions(store, ids)} if ids else {}
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="versions") as pool:
        found = list(pool.map(lambda version: _facts(store, version), versions))
    compared = as_compared(versions, runs)
    return tuple(
        replace(run, model_facts=facts) for run, facts in zip(compared, found, strict=True)
    )


def _facts(store: Store, version: ModelVersion) -> Mapping[str, Mapping[str, str]]:
    mlmodel = _mlmodel(_text(client(store), version, "MLmodel"))
    described = dict(describe(mlmodel))
    of_version = {
        "stage": version.stage.value,
        "aliases": " ".join(f"@{alias}" for alias in version.aliases),
        "by": version.user,
        "status": version.trouble,
        **{key: described.get(key, "") for key in OF_VERSION},
        "description": version.description,
    }
    return {
        Kind.VERSION: {key: text for key, text in of_version.items() if text},
        Kind.SIGNATURE: dict(signature_lines(mlmodel)),
        Kind.REQUIREMENT: requirements(_text(client(store), version, "requirements.txt")),
        Kind.GATE: _rules(store, version),
    }


def _text(mlflow_client: "MlflowClient", version: ModelVersion, name: str) -> str:
    with suppress(ServiceError), translated():
        location = location_of(mlflow_client, version.source)
        head, _size = read_head(mlflow_client, location, name, LIMIT)
        return head.decode(errors="replace")
    return ""


def _mlmodel(text: str) -> Mapping[str, object]:
    import yaml

    try:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        found = yaml.load(text, Loader=loader)  # noqa: S506 - both loaders are the safe one
    except (yaml.YAMLError, ValueError, RecursionError, TypeError):
        return {}
    return found if isinstance(found, Mapping) else {}


def _rules(store: Store, version: ModelVersion) -> dict[str, str]:
    """Return what became of each rule of the version's gates."""
    found: dict[str, str] = {}
    for stage in GATED:
        if note_of(version, stage) is None:
            continue
        with suppress(ServiceError):
            for result in read_verdict(store, version, stage).results:
                measured = f" ({value})" if (value := shown(result.candidate)) else ""
                found[f"{stage}: {result.rule}"] = f"{result.outcome}{measured}"
    return found
