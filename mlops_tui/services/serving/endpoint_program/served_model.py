"""Loads a model with MLflow's own scoring app around it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .beside import Beside

ASGI = Callable[[Any, Any, Any], Awaitable[None]]

OK = 200


@dataclass(frozen=True)
class Served:
    """A model that can answer."""

    name: str
    version: str
    uri: str
    path: Path
    """The folder of its files on this machine."""
    app: ASGI
    model: Any
    """The ``PyFuncModel``; None where another process has it."""
    beside: "Beside | None" = None
    """That process."""


def load(uri: str, name: str, version: str) -> Served:
    """Load a model, from a registry or a folder; raises whatever MLflow raises."""
    from mlflow.artifacts import download_artifacts
    from mlflow.pyfunc import scoring_server

    path = Path(download_artifacts(artifact_uri=uri))
    model = scoring_server.load_model_with_mlflow_config(str(path))  # type: ignore[no-untyped-call]
    return Served(name, version, uri, path, scoring_server.init(model), model)


def example_problem(served: Served) -> str:
    """Let the model answer its own input example; return what went wrong, empty if nothing did.

    A model without an example has nothing to fail.
    """
    from mlflow.pyfunc import scoring_server

    request = served.model.metadata.get_serving_input(str(served.path))
    if request is None:
        return ""
    schema = served.model.metadata.get_input_schema()
    try:
        answer = scoring_server.invocations(  # type: ignore[no-untyped-call]
            request, "application/json", served.model, schema
        )
    except Exception as error:  # noqa: BLE001 - a model may raise anything
        return f"it does not answer its own input example: {error}"
    if answer.status != OK:
        return f"it does not answer its own input example: {answer.response}"
    return ""
