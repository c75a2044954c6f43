"""What an arrangement of runs shows."""

from mlops_tui.services.experiments.run_arrangement import Arrangement


def names(found: Arrangement) -> list[str]:
    """Return the names of the runs in their order."""
    held = {run.run_id: run.name for run in found.runs}
    return [held[key] for key in found.keys]
