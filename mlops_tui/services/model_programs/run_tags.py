"""Tags of the runs that programs write."""

import json
import os

KIND = "mlops_tui.kind"
MODEL, VERSION = "mlops_tui.model", "mlops_tui.version"
CONTEXT = "MLFLOW_RUN_CONTEXT"


def own_tags() -> dict[str, str]:
    """Return the tags that a run of this process gets: who ran it, which job it belongs to."""
    from mlflow.tracking.context.registry import resolve_tags

    given = json.loads(os.environ.get(CONTEXT, "{}"))
    return {str(key): str(value) for key, value in (resolve_tags() | given).items()}
