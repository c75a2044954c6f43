"""All key scopes: the source of help, palette and the README's table of keys."""

from mlops_tui.tui.artifacts.artifact_keys import ARTIFACTS, PREVIEW, TREE
from mlops_tui.tui.charts.chart_keys import CHARTS
from mlops_tui.tui.compare.compare_keys import COMPARE
from mlops_tui.tui.data.data_keys import DATASET_VERSIONS, DATASETS
from mlops_tui.tui.experiments.experiment_keys import (
    EXPERIMENT_LIST,
    EXPERIMENT_VIEW,
    EXPERIMENTS,
    RUNS,
)
from mlops_tui.tui.feed.feed_keys import FEED
from mlops_tui.tui.gate.gate_keys import GATE_DIALOG
from mlops_tui.tui.jobs.job_keys import TRAINING
from mlops_tui.tui.keys_everywhere import EVERYWHERE
from mlops_tui.tui.kit.key import KeyScope
from mlops_tui.tui.kit.keys import DIALOG, FILTER, PICK_DIALOG, SCREEN, TABLE, TAGS_DIALOG
from mlops_tui.tui.kit.readable import readable
from mlops_tui.tui.launching.launch_keys import LAUNCH_DIALOG
from mlops_tui.tui.logs.log_keys import LOG, LOG_SEARCH
from mlops_tui.tui.loop.loop_keys import LOOP
from mlops_tui.tui.models.model_keys import (
    HISTORY_DIALOG,
    METRIC_DIALOG,
    MODEL_LIST,
    MODELS,
    TRANSITION_DIALOG,
)
from mlops_tui.tui.monitoring.monitoring_keys import (
    FEATURE_DIALOG,
    MONITORING,
    PERFORMANCE_DIALOG,
)
from mlops_tui.tui.retraining.retraining_keys import RETRAINING_DIALOG
from mlops_tui.tui.run.run_page_keys import RUN_PAGE
from mlops_tui.tui.runs.run_keys import COLUMNS_DIALOG, LABEL_DIALOG, SETTLE_DIALOG
from mlops_tui.tui.serving.serving_keys import QUERY, REQUEST_FORM, REQUESTS_DIALOG, SERVING
from mlops_tui.tui.sweeps.sweep_keys import SWEEP

SCOPES: dict[str, KeyScope] = {
    scope.name: scope
    for scope in (
        EVERYWHERE,
        SCREEN,
        TABLE,
        FILTER,
        LOOP,
        LOG,
        LOG_SEARCH,
        EXPERIMENTS,
        EXPERIMENT_LIST,
        RUNS,
        EXPERIMENT_VIEW,
        FEED,
        RUN_PAGE,
        ARTIFACTS,
        TREE,
        PREVIEW,
        COMPARE,
        CHARTS,
        TRAINING,
        SWEEP,
        MODELS,
        MODEL_LIST,
        SERVING,
        QUERY,
        REQUEST_FORM,
        REQUESTS_DIALOG,
        MONITORING,
        FEATURE_DIALOG,
        PERFORMANCE_DIALOG,
        DATASETS,
        DATASET_VERSIONS,
        PICK_DIALOG,
        COLUMNS_DIALOG,
        LAUNCH_DIALOG,
        LABEL_DIALOG,
        TAGS_DIALOG,
        SETTLE_DIALOG,
        DIALOG,
        HISTORY_DIALOG,
        TRANSITION_DIALOG,
        GATE_DIALOG,
        RETRAINING_DIALOG,
        METRIC_DIALOG,
    )
}

UNDERLYING = ("everywhere", "screen", "table", "log", "log search", "tree", "preview")
"""General scopes: help and palette list them after those of the screen."""


def key_table() -> str:
    """Return the README's table of keys, in Markdown."""
    rows = ["| where | key | what it does |", "|---|---|---|"]
    for scope in SCOPES.values():
        for key in scope.keys:
            names = " ".join(f"`{readable(name)}`" for name in key.keys.split(","))
            rows.append(f"| {scope.title} | {names} | {key.help} |")
    return "\n".join(rows)
