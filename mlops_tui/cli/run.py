"""``mlops-tui run``: shows one run."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from mlops_tui.cli.exit_codes import FINE
from mlops_tui.cli.output import Cell, facts, print_csv, print_json, print_table
from mlops_tui.cli.run_data import attributes, run_as_dict
from mlops_tui.cli.sub_command import Commands, add_formats
from mlops_tui.domain.models.model_metric import by_dataset
from mlops_tui.domain.runs.run import RunDetail
from mlops_tui.settings import Settings

ABOUT = "show the metrics, params, tags, data sets and models of a run"


def add_to(commands: Commands, common: Mapping[str, Any]) -> None:
    """Add the sub-command."""
    parser = commands.add_parser("run", help=ABOUT, description=ABOUT, **common)
    parser.add_argument("run_id", metavar="ID", help="run id, or the beginning of it")
    add_formats(parser)
    parser.set_defaults(run=run)


def run(settings: Settings, arguments: Mapping[str, Any]) -> int:
    """Show the run."""
    from mlops_tui.services.experiments.run_lookup import find_runs
    from mlops_tui.services.runs.runs import get_run
    from mlops_tui.services.store.store import prepare_environment

    prepare_environment()
    (found,) = find_runs(settings.store, [arguments["run_id"]])
    detail = get_run(settings.store, found.run_id)
    if arguments["json"]:
        print_json(_as_dict(detail))
    elif arguments["csv"]:
        print_csv(("kind", "key", "value"), list(_rows(detail)))
    else:
        _print(detail)
    return FINE


def _as_dict(detail: RunDetail) -> dict[str, Any]:
    return {
        **run_as_dict(detail.run, detail.experiment_name),
        "artifact_uri": detail.run.artifact_uri,
        "datasets": [asdict(dataset) for dataset in detail.datasets],
        "models": [asdict(model) for model in detail.models],
    }


def _rows(detail: RunDetail) -> Iterator[tuple[str, str, Cell]]:
    found = detail.run
    for key, value in attributes(found, detail.experiment_name).items():
        yield "attribute", key, value
    yield "attribute", "artifact_uri", found.artifact_uri
    for kind, pairs in (("metric", found.metrics), ("param", found.params), ("tag", found.tags)):
        for key in sorted(pairs):
            yield kind, key, pairs[key]
    for dataset in detail.datasets:
        yield "dataset", dataset.name, dataset.digest
    for model in detail.models:
        yield "model", model.name, model.uri
    for model in detail.models:
        for data, values in by_dataset(model.metrics).items():
            for key, value in values.items():
                yield "model metric", f"{model.name} on {data}: {key}", value


def _print(detail: RunDetail) -> None:
    from mlops_tui.tui.kit.formatting import timestamp, took

    found = detail.run
    facts(
        {
            "run": found.run_id,
            "name": found.name,
            "status": found.status.lower(),
            "experiment": detail.experiment_name,
            "user": found.user,
            "started": timestamp(found.started_at),
            "time": took(found),
            "artifacts": found.artifact_uri,
        }
    )
    rows = [(kind, key, _shown(value)) for kind, key, value in _rows(detail)]
    for kind in ("metric", "param", "tag", "dataset", "model", "model metric"):
        of_kind = [row[1:] for row in rows if row[0] == kind]
        if of_kind:
            print()
            print_table((f"{kind}s", ""), of_kind)


def _shown(value: Cell) -> str:
    from mlops_tui.tui.kit.formatting import number

    return number(value) if isinstance(value, float | int) else value or ""
