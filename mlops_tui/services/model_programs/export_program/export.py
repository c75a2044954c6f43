"""Exports a model: converts it, compares the two on rows, logs the new one, bundles it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..gate_program.model import Version
from ..problem import Problem, in_words, say
from . import conversion, rows
from .exported_model import Export
from .parity import Parity, of_labels, of_numbers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mlflow import MlflowClient
    from onnx import ModelProto

    from .conversion import Columns
    from .export_run import ExportRun

TOLD = 10
"""Rows that differ which are named in the log."""


def run(plan: dict[str, Any]) -> str:
    """Export the model of the plan; return the id of the run. Raises ``Problem``."""
    from mlflow import MlflowClient

    say(f"Export of {plan['title']} to {plan['to']}.")
    conversion.refuse_missing_packages()
    from .bundle import refuse_existing
    from .export_run import ExportRun

    if plan["output"]:
        refuse_existing(plan["output"])
    client = MlflowClient()
    source = Version(plan["version"], plan["address"])
    source.label = plan["title"]
    say("step 1/4: loading the model")
    model = _raw(source)
    conversion.refuse_unconvertible(model)
    recorded = ExportRun(client, plan)
    try:
        _export(plan, client, recorded, source, model)
    except Exception as error:
        recorded.fail()
        if isinstance(error, Problem):
            raise
        raise Problem(f"The export could not be finished: {in_words(error)}") from error
    recorded.finish()
    return recorded.run_id


def _export(
    plan: dict[str, Any], client: MlflowClient, recorded: ExportRun, source: Version, model: Any
) -> None:
    from .bundle import write_bundle

    found = exported(plan, client, source, model)
    recorded.log_parity(found)
    if not found.parity.passed:
        raise Problem(
            f"Refused: {found.parity.describe()}. The rows that differ are in "
            f"parity/differences.json of run {recorded.run_id}."
        )
    say("step 4/4: logging the ONNX model")
    uri = recorded.log_model(found, source)
    if plan["output"]:
        write_bundle(plan, found, uri)
    if plan["register_as"]:
        recorded.register(found)


def _raw(source: Version) -> Any:
    """Return the model of the library that it was trained with."""
    try:
        return source.function.get_raw_model()  # type: ignore[no-untyped-call]
    except Problem:
        raise
    except Exception:  # noqa: BLE001 - a flavor that gives none has none that can be converted
        raise Problem(
            f"{source.label} gives no model of scikit-learn that could be converted."
        ) from None


def exported(plan: dict[str, Any], client: MlflowClient, source: Version, model: Any) -> Export:
    """Convert a model and compare; the parity may be refused. Raises ``Problem``."""
    from .graph import rewired

    columns = conversion.columns_of(model, source.inputs)
    data = rows.hold_out(plan, client)
    given = [rows.of_hold_out(data, source, columns)] if data is not None else []
    example = rows.of_example(source, columns)
    if example is not None:
        given.append(example)
    if not given:
        raise Problem(
            f"There are no rows to compare on: {source.label} has neither a hold-out that can be "
            "read nor an input example. --data names a file."
        )
    say("step 2/4: converting to ONNX")
    said = [np.asarray(model.predict(each)) for each in given]
    width = said[0].shape[1] if said[0].ndim > 1 else 1
    classes = list(model.classes_) if hasattr(model, "predict_proba") else []
    if width > 1 and hasattr(model, "classes_"):
        raise Problem("A classifier that predicts several labels a row is not exported.")
    made = rewired(conversion.converted(model, columns), columns, classes, width)
    say("step 3/4: comparing both models")
    parity, differences = compared(model, made, columns, given, said)
    for each in differences[:TOLD]:
        say(f"  row {each['row']}: {each['source']} → {each['onnx']}")
    say(f"Parity: {parity.describe()}.")
    return Export(made, columns, parity, differences, data, given[-1][:5])


def compared(
    model: Any, made: ModelProto, columns: Columns, given: Sequence[Any], said: Sequence[Any]
) -> tuple[Parity, list[dict[str, Any]]]:
    """Compare what both say about rows; return the rows that differ, too."""
    import onnxruntime

    session = onnxruntime.InferenceSession(
        made.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    ranks = {each.name: len(each.shape) for each in session.get_inputs()}
    names = [each.name for each in session.get_outputs()]
    answers = [
        dict(zip(names, session.run(names, rows.feeds(each, columns, ranks)), strict=True))
        for each in given
    ]
    both = {name: np.concatenate([each[name] for each in answers]) for name in names}
    source = np.concatenate(said)
    if not hasattr(model, "classes_"):
        ours = np.column_stack([both[name] for name in names])
        parity = of_numbers(source, ours)
    else:
        ours = both[names[0]]
        scores = _scores(model, given)
        has_probabilities = hasattr(model, "predict_proba") and len(names) > 1
        pair = (
            (scores, np.column_stack([both[n] for n in names[1:]])) if has_probabilities else None
        )
        parity = of_labels(source, ours, scores, pair)
    chosen = parity.differing[:1_000]
    differences = [
        {"row": row + 1, "source": str(source[row])[:200], "onnx": str(ours[row])[:200]}
        for row in chosen
    ]
    return parity, differences


def _scores(model: Any, given: Sequence[Any]) -> Any:
    """Return probabilities or scores by row, which tell ties, None where there are none."""
    for name in ("predict_proba", "decision_function"):
        if hasattr(model, name):
            return np.concatenate([np.asarray(getattr(model, name)(each)) for each in given])
    return None
