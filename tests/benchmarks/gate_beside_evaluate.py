"""CPU of a gate and of ``mlflow.models.evaluate``: ``python -m`` this module.

Prints the milliseconds of both for the same model, rows and metrics, taken in turn, with those of a
gate that compares each metric with the champion, too.
"""

import json
import sys
import warnings
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import process_time
from typing import TYPE_CHECKING

from mlops_tui.domain.gate.rules import parse_rules
from mlops_tui.domain.models.stage import Stage
from mlops_tui.domain.store import Store
from mlops_tui.services.gate.gate_job import GateRequest, gate_plan
from mlops_tui.services.model_programs.gate_program.gate import run
from mlops_tui.services.models.logged_models import logged_model_id
from mlops_tui.services.store import store as stores
from tests.making import make_experiment
from tests.services.gate.conftest import Registered, fitted, rows

if TYPE_CHECKING:
    from collections.abc import Callable

TIMES = 5
ROWS = 2_000
NAME = "Flowers"
METRICS = ("accuracy", "f1", "precision", "recall", "roc_auc", "log_loss")
"""What ``evaluate`` computes of a classifier of two classes."""


def rules(limit: str) -> str:
    """Return rules that evaluate the metrics and hold them against a limit."""
    rule = '[[rule]]\nevaluate = "{}"\ndata = "holdout.csv"\ntarget = "label"\n{}\n'
    return "\n".join(rule.format(name, limit) for name in METRICS)


def main() -> None:
    """Take the measures in a store of their own."""
    warnings.simplefilter("ignore")
    stores.prepare_environment()
    with TemporaryDirectory(prefix="mlops-tui-bench-") as folder:
        store = Store(f"sqlite:///{folder}/mlflow.db")
        model = Registered(store, NAME, Path(folder), make_experiment(store, NAME))
        model.add(fitted(200, 3), Stage.PRODUCTION)
        version = model.add(fitted())
        rows(ROWS, 7).to_csv(Path(folder) / "holdout.csv", index=False)
        address = f"models:/{logged_model_id(stores.client(store), version)}"
        request = GateRequest(NAME, version.version, Stage.PRODUCTION, Path(folder))
        plans = {
            "gate": gate_plan(store, request, parse_rules(rules("min = 0"))),
            "compared": gate_plan(store, request, parse_rules(rules("better_by = 0"))),
        }
        ways: dict[str, Callable[[], object]] = {
            "evaluate": lambda: evaluate(address, Path(folder) / "holdout.csv"),
            "gate": lambda: run(plans["gate"]),
            "compared": lambda: run(plans["compared"]),
        }
        taken: dict[str, list[float]] = {name: [] for name in ways}
        sys.stdout, own = sys.stderr, sys.stdout
        for turn in range(TIMES + 1):
            for name, way in ways.items():
                begun = process_time()
                way()
                if turn:  # the first one imports
                    taken[name].append(1000 * (process_time() - begun))
        sys.stdout = own
    print(json.dumps({name: median(found) for name, found in taken.items()}))


def evaluate(address: str, path: Path) -> None:
    """Do the same by MLflow: read, predict, measure, log."""
    import mlflow
    import pandas as pd

    with mlflow.start_run():
        mlflow.models.evaluate(  # type: ignore[no-untyped-call]
            address,
            pd.read_csv(path)[["width", "length", "label"]],
            targets="label",
            model_type="classifier",
            evaluator_config={"log_explainer": False, "log_model_explainability": False},
        )


if __name__ == "__main__":
    main()
