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

    from ..gate_program.holdout import HoldOut
    from .columns import Columns
    from .export_run import ExportRun

TOLD = 10
"""Rows that differ which are named in the log."""


def run(plan: dict[str, Any]) -> str:
    """Export the model of the plan; return the id of the run. Raises ``Problem``."""
    from mlflow import MlflowClient

    say(f"Export of {plan['title']} to {plan['to']}.")
    client = MlflowClient()
    source = Version(plan["version"], plan["address"])
    source.label = plan["title"]
    say("step 1/4: loading the model")
    model = _raw(source)
    converter = conversion.converter_of(model)
    conversion.refuse_missing_packages(converter, model)
    from .bundle import refuse_existing
    from .export_run import ExportRun

    if plan["output"]:
        refuse_existing(plan["output"])
    converter.refuse(model)
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
            f"{source.label} gives no model of a library that is exported to ONNX."
        ) from None


def exported(plan: dict[str, Any], client: MlflowClient, source: Version, model: Any) -> Export:
    """Convert a model and compare; the parity may be refused. Raises ``Problem``."""
    from .graph import rewired

    converter = conversion.converter_of(model)
    columns = conversion.input_of(converter, model, source.inputs)
    data, held_out = _hold_out(plan, client, source, columns)
    example = rows.of_example(source, columns)
    every = [each for each in (held_out, example) if each is not None]
    if not every:
        raise Problem(
            f"There are no rows to compare on: {source.label} has neither a hold-out that can be "
            "read nor an input example. --data names a file."
        )
    given = [piece for each in every for piece in rows.pieces(each, converter.rows_at_once)]
    say("step 2/4: converting to ONNX")
    said = [converter.predict(model, each) for each in given]
    classes = list(getattr(model, "classes_", ())) if hasattr(model, "predict_proba") else []
    converted = converter.convert(model, columns, given[0])
    made = rewired(converted, columns, classes, said[0].shape[1:])
    say("step 3/4: comparing both models")
    parity, differences = compared(model, made, columns, given, said)
    for each in differences[:TOLD]:
        say(f"  row {each['row']}: {each['source']} → {each['onnx']}")
    say(f"Parity: {parity.describe()}.")
    return Export(made, columns, parity, differences, data, every[-1][:5])


def _hold_out(
    plan: dict[str, Any], client: MlflowClient, source: Version, columns: Columns
) -> tuple[HoldOut | None, Any]:
    """Return the hold-out, and its rows as the model takes them; nothing where there is none."""
    data = rows.hold_out(plan, client)
    if data is None:
        return None, None
    try:
        return data, rows.of_hold_out(data, source, columns)
    except Problem as problem:
        if plan["is_hold_out_named"] or not columns.is_tensor:
            raise
        say(f"{problem} Parity is checked on the input example alone.")
        return None, None


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
        ours = np.column_stack([both[name].reshape(len(source), -1) for name in names])
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
