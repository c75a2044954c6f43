"""What the chunks of a version are compared with."""

import json
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlops_tui.domain.errors import NotFound, ServiceError
from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.domain.monitoring.monitor import MonitorPlan
from mlops_tui.domain.store import Store
from mlops_tui.services.drift.sampling import SAMPLE, Sample
from mlops_tui.services.model_programs.problem import Problem
from mlops_tui.services.monitoring.chunk_table import (
    PROBABILITY,
    TakenApart,
    decoded,
    joined,
    taken_apart,
)
from mlops_tui.services.monitoring.file_source import AT_ONCE
from mlops_tui.services.monitoring.model_answers import AskedModel
from mlops_tui.services.store.failures import translated
from mlops_tui.services.store.store import client

if TYPE_CHECKING:
    import pyarrow as pa

RUNS = "runs:/"


@dataclass(frozen=True, slots=True)
class Reference:
    """Reference rows with predictions, probabilities and labels as far as there are any."""

    parts: TakenApart
    classes: tuple[str, ...] = ()
    """In the order of the probabilities."""
    origin: str = ""
    remarks: tuple[str, ...] = ()
    """What cannot be said without what is missing."""

    @property
    def has_probabilities(self) -> bool:
        """Whether the estimate of performance has something to go by."""
        return self.parts.probabilities is not None


def read_reference(
    store: Store, plan: MonitorPlan, version: ModelVersion, asked: AskedModel
) -> Reference:
    """Return the reference of a version: what the plan names, else what the gate kept, else data.

    Raises ``NotFound`` where there is none.
    """
    table, origin = _table(store, plan, version)
    found = Reference(taken_apart(table, plan), _classes(table), origin)
    if found.parts.predictions is None or not found.has_probabilities:
        found = _answered(found, plan, asked)
    return replace(found, remarks=(*found.remarks, *_remarks(found)))


def _answered(found: Reference, plan: MonitorPlan, asked: AskedModel) -> Reference:
    """Ask the model about the reference where its predictions or probabilities are missing."""
    try:
        told = asked.answers(found.parts.inputs)
    except ServiceError as error:
        return replace(found, remarks=(f"The model was asked in vain: {error.message}",))
    parts = taken_apart(told, plan)
    predictions = found.parts.predictions
    both = replace(
        found.parts,
        predictions=parts.predictions if predictions is None else predictions,
        probabilities=parts.probabilities,
    )
    return replace(found, parts=both, classes=_classes(told))


def _remarks(found: Reference) -> Iterator[str]:
    if found.parts.predictions is None:
        yield "The reference has no predictions: their drift is not known."
    if found.parts.truth is None:
        yield "The reference has no labels: there is no usual range, and no estimate."
    elif not found.has_probabilities:
        yield "The model gives no probabilities: its performance cannot be estimated."


def _table(store: Store, plan: MonitorPlan, version: ModelVersion) -> tuple["pa.Table", str]:
    if plan.reference.startswith(RUNS):
        run_id, _, artifact = plan.reference.removeprefix(RUNS).partition("/")
        return _of_artifact(store, run_id, artifact), plan.reference
    if plan.reference:
        return _of_file(Path(plan.reference)), plan.reference
    run_id = version.tags.get("validation_run_id", "")
    if run_id:
        from mlops_tui.services.model_programs.gate_program.reference import FOLDER, NAME

        with suppress(ServiceError):
            return _of_artifact(store, run_id, f"{FOLDER}/{NAME}"), "the gate"
    path = _data_of_run(store, version)
    if path is None:
        raise NotFound(
            f"There is nothing to compare {version.name} v{version.version} with: its gate kept no "
            "rows, and the data set of its run is no file that can be read here.",
            "Run its gate, or name a file with --reference.",
        )
    return _of_file(path), f"the data set of its run, {path.name}"


@translated()
def _of_artifact(store: Store, run_id: str, path: str) -> "pa.Table":
    import pyarrow as pa
    import pyarrow.parquet as pq

    with tempfile.TemporaryDirectory() as folder:
        near = Path(client(store).download_artifacts(run_id, path, folder))
        if near.suffix != ".parquet":
            return _of_file(near)
        try:
            return pq.read_table(near)
        except pa.ArrowException as error:
            raise NotFound(f"{path} of run {run_id} cannot be read: {error}") from None


def _of_file(path: Path) -> "pa.Table":
    """Return the rows of a file or of a folder, a sample of many. Raises ``ServiceError``."""
    from mlops_tui.services.model_programs.batch_program.columns import Column
    from mlops_tui.services.model_programs.batch_program.source import find_files, reader_of

    sample = Sample(SAMPLE)
    try:
        for each in find_files([str(path)], path.parent):
            reader = reader_of(each)
            columns = [Column(name, None) for name in dict.fromkeys(reader.names)]
            for piece in reader.pieces(columns, AT_ONCE, 0):
                sample.add(decoded(piece.table))
    except (Problem, OSError) as problem:
        raise NotFound(f"The reference cannot be read: {problem}") from None
    table = joined(list(sample.tables()))
    if not table.num_rows:
        raise NotFound(f"The reference {path} has no rows.")
    return table


@translated()
def _data_of_run(store: Store, version: ModelVersion) -> Path | None:
    """Return the file of a data set of the version's run that can be read here."""
    if not version.run_id:
        return None
    with suppress(ServiceError), translated():
        inputs = client(store).get_run(version.run_id).inputs
        for given in inputs.dataset_inputs if inputs else ():
            with suppress(ValueError, TypeError, AttributeError):
                uri = str(json.loads(given.dataset.source).get("uri", ""))
                path = Path(uri.removeprefix("file://"))
                if path.is_absolute() and path.exists():
                    return path
    return None


def _classes(table: "pa.Table") -> tuple[str, ...]:
    """Return the classes of the probabilities as text, in their order."""
    from mlops_tui.services.model_programs.gate_program.reference import ABOUT

    about: Any = (table.schema.metadata or {}).get(ABOUT)
    count = sum(name.startswith(PROBABILITY) for name in table.column_names)
    with suppress(ValueError, TypeError, AttributeError):
        classes = json.loads(about or "{}").get("classes", [])
        if len(classes) == count:
            return tuple(map(as_label, classes))
    return tuple(map(str, range(count)))


def as_label(value: Any) -> str:
    """Return a class or label as text: a whole number has no point, a truth value is 0 or 1."""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    return str(value)
