"""A version of a registered model, loaded as a Python function."""

from __future__ import annotations

import time
import warnings
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..problem import Problem, in_words, listed

if TYPE_CHECKING:
    from mlflow.models import Model
    from mlflow.pyfunc import PyFuncModel
    from mlflow.types import Schema

    from .holdout import HoldOut

WARM_UP, TIMED = 10, 200
"""One-row predictions before time is taken, and those of which it is."""
MEGABYTE = 1_000_000
LABEL, PROBABILITY = "label", "probability_"
"""How the outputs of a classifier in ONNX are called."""


@dataclass(frozen=True)
class Predictions:
    """What a model said about rows; each part is a ``Problem`` where it cannot be had."""

    model: str
    output: Any
    probabilities: Any = None

    def labels(self) -> Any:
        """Return one value a row."""
        found = self.output
        if found.ndim == 2 and found.shape[1] == 1:  # noqa: PLR2004 - rows and columns
            found = found[:, 0]
        if found.ndim != 1:
            raise Problem(f"{self.model} predicts {found.shape[1:]} values a row, not one.")
        if missing := int(pd.isna(found).sum()):
            raise Problem(f"{missing:,} of {len(found):,} predictions of {self.model} are NaN.")
        return found

    def for_scores(self) -> Any:
        """Return probabilities by row and class, or the scores that the model predicts."""
        found = self.probabilities
        if found is None:
            if self.output.ndim == 1 and self.output.dtype.kind != "f":
                raise Problem(
                    f"{self.model} predicts labels and has no predict_proba for probabilities."
                )
            found = self.output
        if missing := int(pd.isna(found).any(axis=-1).sum() if found.ndim > 1 else 0):
            raise Problem(f"{missing:,} of {len(found):,} predictions of {self.model} are NaN.")
        return found


class Version:
    """A version with its files; nothing is fetched or loaded before it is asked for."""

    def __init__(self, number: str, address: str) -> None:
        self.label = f"v{number}"
        self._address = address
        self._predicted: dict[int, tuple[HoldOut, Predictions]] = {}
        """By the id of the rows, which are kept, lest others get that id."""

    @cached_property
    def folder(self) -> Path:
        """Where its files are. Raises ``Problem``."""
        from mlflow.artifacts import download_artifacts

        try:
            found = Path(download_artifacts(artifact_uri=self._address))
        except Exception as error:  # noqa: BLE001 - each kind of storage has its own
            raise Problem(f"The files of {self.label} cannot be had: {in_words(error)}") from None
        if not (found / "MLmodel").is_file():
            raise Problem(f"The files of {self.label} are gone: no MLmodel at {self._address}.")
        return found

    @cached_property
    def description(self) -> Model:
        """Its ``MLmodel`` file. Raises ``Problem``."""
        from mlflow.models import Model

        return Model.load(str(self.folder / "MLmodel"))

    @cached_property
    def function(self) -> PyFuncModel:
        """The model, loaded. Raises ``Problem``."""
        from mlflow import pyfunc

        folder = str(self.folder)
        try:
            loaded: PyFuncModel = pyfunc.load_model(folder, suppress_warnings=True)
        except Exception as error:  # noqa: BLE001 - loading runs foreign code
            raise Problem(f"{self.label} does not load here: {in_words(error)}") from None
        return loaded

    @property
    def inputs(self) -> Schema | None:
        """What its signature declares."""
        signature = self.description.signature
        return signature.inputs if signature else None

    @property
    def megabytes(self) -> float:
        """The size of its files."""
        sizes = (each.stat().st_size for each in self.folder.rglob("*") if each.is_file())
        return sum(sizes) / MEGABYTE

    def predict(self, rows: HoldOut) -> Predictions:
        """Return what it says about rows, which it is asked once. Raises ``Problem``."""
        if id(rows) not in self._predicted:
            given = self.accepted(rows)
            output, probabilities = _parts(self._ask(given))
            if len(output) != len(rows):
                raise Problem(f"{self.label} gives {len(output):,} answers to {len(rows):,} rows.")
            if probabilities is None:
                probabilities = self._classes(given)
            self._predicted[id(rows)] = rows, Predictions(self.label, output, probabilities)
        return self._predicted[id(rows)][1]

    def forget(self) -> None:
        """Drop what it has said, with the rows."""
        self._predicted.clear()

    def accepted(self, rows: HoldOut) -> pd.DataFrame:
        """Return rows in the types that the signature declares. Raises ``Problem``."""
        schema, frame = self.inputs, rows.frame
        if schema is None or schema.is_tensor_spec() or not schema.has_input_names():
            return frame
        missing = [name for name in schema.required_input_names() if name not in frame.columns]
        if missing:
            names = listed(map(str, missing))
            raise Problem(f"{rows.path.name} has no column {names}, which {self.label} takes.")
        return _as_declared(frame, schema)

    def answer_example(self) -> None:
        """Predict its own input example. Raises ``Problem``."""
        example = self.example()
        if example is None:
            raise Problem(f"{self.label} has no input example.")
        self._ask(example)

    def example(self) -> Any:
        """Return its input example, None where it has none."""
        try:
            return self.description.load_input_example(str(self.folder))
        except Exception as error:  # noqa: BLE001 - the file may hold anything
            raise Problem(
                f"The example of {self.label} cannot be read: {in_words(error)}"
            ) from None

    def p95(self, frame: pd.DataFrame) -> float:
        """Return the 95th percentile of the time of a prediction of one row, in milliseconds."""
        rows = [frame.iloc[[n % len(frame)]] for n in range(WARM_UP + TIMED)]
        taken = []
        for row in rows:
            begun = time.perf_counter()
            self._ask(row)
            taken.append(time.perf_counter() - begun)
        return float(np.quantile(taken[WARM_UP:], 0.95) * 1000)

    def _ask(self, given: Any) -> Any:
        function = self.function
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return function.predict(given)
        except Exception as error:  # noqa: BLE001 - predicting runs foreign code
            raise Problem(f"{self.label} cannot predict: {in_words(error)}") from None

    def classes(self) -> list[Any]:
        """Return its classes in the order of its probabilities; nothing where it names none."""
        try:
            raw = self.function.get_raw_model()  # type: ignore[no-untyped-call]
            return [] if raw is None else np.asarray(raw.classes_).tolist()
        except Exception:  # noqa: BLE001 - foreign code
            return []

    def _classes(self, given: pd.DataFrame) -> Any:
        """Return its probabilities by row and class, None where it gives none."""
        try:
            raw = self.function.get_raw_model()  # type: ignore[no-untyped-call]
            return np.asarray(raw.predict_proba(given)) if hasattr(raw, "predict_proba") else None
        except Exception:  # noqa: BLE001 - the label is all that it gives then
            return None


def _parts(answered: Any) -> tuple[Any, Any]:
    """Return the output, and the probabilities where it has a column a class, as in ONNX."""
    if not isinstance(answered, pd.DataFrame) or answered.shape[1] <= 2:  # noqa: PLR2004 - two classes
        return np.asarray(answered), None
    first, *rest = map(str, answered.columns)
    if not first.startswith(LABEL) or not all(name.startswith(PROBABILITY) for name in rest):
        return np.asarray(answered), None
    return answered.iloc[:, 0].to_numpy(), answered.iloc[:, 1:].to_numpy()


def _as_declared(frame: pd.DataFrame, schema: Schema) -> pd.DataFrame:
    """Return the declared columns; whole numbers of a file as the floats that are declared."""
    given = frame[[name for name in schema.input_names() if name in frame.columns]].copy()
    for spec in schema.inputs:
        kind = getattr(getattr(spec.type, "name", ""), "lower", str)()
        if spec.name in given and given[spec.name].dtype.kind in "iu":
            if kind in ("double", "float"):
                given[spec.name] = given[spec.name].astype(
                    "float64" if kind == "double" else "float32"
                )
            elif kind == "integer":
                given[spec.name] = given[spec.name].astype("int32")
        elif spec.name in given and kind == "float" and given[spec.name].dtype.kind == "f":
            given[spec.name] = given[spec.name].astype("float32")
    return given
