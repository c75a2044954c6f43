"""The overview of a run."""

from rich.text import Text

from mlops_tui.domain.metrics.metric import is_system
from mlops_tui.domain.runs.run import RunDetail, RunStatus
from mlops_tui.domain.runs.silence import last_sign
from mlops_tui.tui.kit.facts import facts, section
from mlops_tui.tui.kit.formatting import age, number, plain, status_cell, timestamp, took_in_words
from mlops_tui.tui.runs.model_metrics_text import measured


def overview(detail: RunDetail) -> Text:
    """Return the facts of a run, with its data sets."""
    run = detail.run
    is_running = run.status is RunStatus.RUNNING
    metrics = {key: Text(number(value)) for key, value in sorted(run.metrics.items())}
    parts = [
        plain(run.name, "bold"),
        facts(
            {
                "status": status_cell(run.status),
                "last update": Text(f"{age(last_sign(run))} ago" if is_running else ""),
                "lifecycle": Text("deleted; U restores it" if run.is_deleted else "", "red"),
                "run id": Text(run.run_id),
                "experiment": plain(detail.experiment_name),
                "started": Text(timestamp(run.started_at) if run.started_at else "unknown"),
                "took": Text(took_in_words(run)),
                "user": plain(run.user),
                "source": plain(run.tags.get("mlflow.source.name", "")),
                "parent": plain(run.parent_id or ""),
                "job": plain(run.job_id or ""),
                "artifacts": plain(run.artifact_uri),
                "note": plain(run.note),
            }
        ),
        section("Models", {m.name: plain(m.uri) for m in detail.models}),
        *(measured(model.metrics, model.name) for model in detail.models if model.metrics),
        section("Metrics", {k: v for k, v in metrics.items() if not is_system(k)}),
        section(
            "Data sets",
            {
                f"{d.name} {d.digest}": plain(f"{d.context} {d.source_type}".strip())
                for d in detail.datasets
            },
        ),
        section("System metrics", {k: v for k, v in metrics.items() if is_system(k)}),
    ]
    return Text("\n").join(parts)
