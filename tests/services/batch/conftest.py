"""Small models that lie in folders, and rows to score."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mlops_tui.domain.store import Store
from mlops_tui.services.model_programs.batch_program.program import run
from mlops_tui.services.store import store as stores
from tests.making import make_experiment

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

NAMES = ["width", "length"]
PICKY = """
import os, time
import mlflow

class Picky(mlflow.pyfunc.PythonModel):
    '''Doubles the width; it refuses 13; the environment says where it dies or waits.'''

    def predict(self, context, model_input, params=None):
        if (model_input["width"] == 13).any():
            raise ValueError("13 brings bad luck")
        if (model_input["width"] == float(os.environ.get("DIES_AT", "nan"))).any():
            os._exit(9)
        if (model_input["width"] == float(os.environ.get("WAITS_AT", "nan"))).any():
            time.sleep(3600)
        return model_input["width"] * 2

mlflow.models.set_model(Picky())
"""


def rows(count: int, seed: int = 0) -> "pd.DataFrame":
    """Return rows of two measures and a region."""
    import numpy as np
    import pandas as pd

    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(rng.normal(size=(count, 2)), columns=NAMES)
    frame["region"] = np.where(rng.random(count) < 0.5, "north", "NA")
    return frame


@dataclass(frozen=True)
class Models:
    """Where the models lie: ``linear``, ``undeclared`` (no signature), ``picky``."""

    folder: Path

    def path(self, name: str) -> str:
        """Return the address of one."""
        return str(self.folder / name)

    def predict(self, name: str, frame: "pd.DataFrame") -> Any:
        """Return what one says."""
        import mlflow

        return mlflow.pyfunc.load_model(self.path(name)).predict(frame)


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Models:
    """Save the models."""
    import mlflow
    from mlflow.models import infer_signature
    from sklearn.linear_model import LinearRegression

    folder = tmp_path_factory.mktemp("models")
    known = rows(200, seed=1)
    linear = LinearRegression().fit(known[NAMES], known["width"] * 3 - known["length"])
    signature = infer_signature(known[NAMES], linear.predict(known[NAMES]))
    told: dict[str, Any] = {"pip_requirements": ["scikit-learn"]}
    mlflow.sklearn.save_model(linear, folder / "linear", signature=signature, **told)
    mlflow.sklearn.save_model(linear, folder / "undeclared", **told)
    (folder / "picky.py").write_text(PICKY)
    mlflow.pyfunc.save_model(
        folder / "picky",
        python_model=folder / "picky.py",
        signature=infer_signature(known[["width"]], known["width"]),
        pip_requirements=["mlflow"],
    )
    return Models(folder)


@dataclass(frozen=True)
class Scoring:
    """Scores files of a folder, in this process."""

    store: Store
    folder: Path
    models: Models

    def plan(self, model: str, *inputs: str, output: str, **about: Any) -> dict[str, Any]:
        """Return what the program is told."""
        plan = {
            "address": self.models.path(model),
            "title": model,
            "model": "",
            "version": "",
            "folder": str(self.folder),
            "inputs": list(inputs),
            "output": str(self.folder / output),
            "with_inputs": False,
            "batch_rows": 0,
            "max_bad_share": 0.01,
        }
        return plan | about

    def __call__(self, model: str, *inputs: str, output: str = "out.parquet", **about: Any) -> str:
        """Score; return the id of the run."""
        return run(self.plan(model, *inputs, output=output, **about))

    def table(self, name: str = "out.parquet") -> "pa.Table":
        """Return a Parquet file of the folder."""
        import pyarrow.parquet as pq

        return pq.read_table(self.folder / name)

    def write(self, name: str, data: bytes | str) -> None:
        """Write a file of the folder."""
        (self.folder / name).write_bytes(data.encode() if isinstance(data, str) else data)


@pytest.fixture
def scoring(sqlite_store: Store, tmp_path: Path, models: Models) -> Scoring:
    """Return what scores, with MLflow pointing to an empty store."""
    make_experiment(sqlite_store)
    stores.client(sqlite_store)
    return Scoring(sqlite_store, tmp_path, models)


Score = Callable[..., str]
