"""Small models with rows to check them on, and registered versions of them."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mlops_tui.domain.gate.rules import parse_rules
from mlops_tui.domain.gate.verdict import Verdict
from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.domain.models.stage import Stage
from mlops_tui.domain.runs.run import LoggedModel
from mlops_tui.domain.store import Store
from mlops_tui.services.gate.gate_job import GateRequest, gate_plan
from mlops_tui.services.gate.verdicts import read_verdict
from mlops_tui.services.model_programs.gate_program.gate import run
from mlops_tui.services.models.registration import register
from mlops_tui.services.models.registry import list_versions
from mlops_tui.services.store import store as stores
from tests.making import make_experiment, make_run, unique

if TYPE_CHECKING:
    import pandas as pd

NAMES = ["width", "length"]


def rows(count: int, seed: int = 0) -> "pd.DataFrame":
    """Return rows whose label is 1 where width and length together are above 0, mostly."""
    import numpy as np
    import pandas as pd

    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(rng.normal(size=(count, 2)), columns=NAMES)
    noisy = frame.sum(axis=1) + rng.normal(scale=0.5, size=count)
    frame["region"] = np.where(rng.random(count) < 0.5, "north", "south")
    frame["label"] = (noisy > 0).astype(int)
    return frame


def fitted(count: int = 500, seed: int = 1) -> Any:
    """Return a classifier that has learned from so many rows."""
    from sklearn.linear_model import LogisticRegression

    known = rows(count, seed)
    return LogisticRegression().fit(known[NAMES], known["label"])


def blind() -> Any:
    """Return a classifier that has learned nothing."""
    from sklearn.dummy import DummyClassifier

    known = rows(50)
    return DummyClassifier(strategy="most_frequent").fit(known[NAMES], known["label"])


def how_saved(model: Any, *, signature: bool = True) -> dict[str, Any]:
    """Return what a model is logged or saved with."""
    from mlflow.models import infer_signature

    sample = rows(5)[NAMES]
    declared = {
        "signature": infer_signature(sample, model.predict(sample)),
        "input_example": sample,
    }
    return {"pip_requirements": ["scikit-learn"], **(declared if signature else {})}


@dataclass(frozen=True)
class Registered:
    """A registered model in a store, with a folder for its hold-outs."""

    store: Store
    name: str
    folder: Path
    experiment_id: str

    def add(self, model: Any, stage: Stage = Stage.NONE, **metrics: float) -> ModelVersion:
        """Register a version of a fitted model."""
        import mlflow

        run_id = make_run(self.store, self.experiment_id, metrics=metrics)
        client = stores.client(self.store)
        with mlflow.start_run(run_id=run_id):
            made = mlflow.sklearn.log_model(model, name="model", **how_saved(model))
        logged = LoggedModel("model", made.model_uri, made.model_id, "READY", ("sklearn",))
        version = register(self.store, name=self.name, model=logged, run_id=run_id).value
        if stage is not Stage.NONE:
            client.transition_model_version_stage(self.name, version.version, stage.value)
        return replace(version, stage=stage)

    def get(self, number: str) -> ModelVersion:
        """Return a version as it is now."""
        found = list_versions(self.store, self.name)
        return next(each for each in found if each.version == number)

    def plan(self, number: str, text: str) -> dict[str, object]:
        """Return what the program is told to check a version."""
        request = GateRequest(self.name, number, Stage.PRODUCTION, self.folder)
        return gate_plan(self.store, request, parse_rules(text))

    def check(self, number: str, text: str) -> Verdict:
        """Run the gate in this process; return the verdict."""
        run(self.plan(number, text))
        return read_verdict(self.store, self.get(number), Stage.PRODUCTION)


@pytest.fixture
def registered(any_store: Store, tmp_path: Path) -> Registered:
    """Return a model without versions; ``holdout.csv`` lies in its folder."""
    rows(400, seed=7).to_csv(tmp_path / "holdout.csv", index=False)
    return Registered(any_store, unique("Flowers"), tmp_path, make_experiment(any_store))
