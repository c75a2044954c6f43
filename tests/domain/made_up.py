"""Runs made up for a test."""

from collections.abc import Mapping

from mlops_tui.domain.runs.run import Run, RunStatus


def made_up(
    name: str,
    params: Mapping[str, object] | None = None,
    metrics: Mapping[str, float] | None = None,
    tags: Mapping[str, str] | None = None,
) -> Run:
    return Run(
        run_id=f"id-{name}",
        experiment_id="1",
        name=name,
        status=RunStatus.FINISHED,
        started_at=None,
        ended_at=None,
        metrics=metrics or {},
        params={key: str(value) for key, value in (params or {}).items()},
        tags=tags or {},
    )
