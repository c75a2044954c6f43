"""Prints what we cost beside the bare parts: ``python -m tests.benchmarks``."""

import os
import sys
from collections.abc import Callable, Mapping

from tests.benchmarks import (
    batch,
    digest,
    drift,
    endpoint,
    first_data,
    first_frame,
    gate,
    history,
    keys_while_loading,
    keys_while_writing,
    long_log,
    many_models,
    memory,
    scale,
    table_bytes,
)
from tests.benchmarks.ratio import Ratio

MEASURES: Mapping[str, Callable[[], list[Ratio]]] = {
    "first_frame": first_frame.measure,
    "first_data": first_data.measure,
    "keys_while_loading": keys_while_loading.measure,
    "keys_while_writing": keys_while_writing.measure,
    "table_bytes": table_bytes.measure,
    "long_log": long_log.measure,
    "memory": memory.measure,
    "gate": gate.measure,
    "history": history.measure,
    "many_models": many_models.measure,
    "batch": batch.measure,
    "endpoint": endpoint.measure,
    "digest": digest.measure,
    "drift": drift.measure,
    "scale": scale.measure,
}


def main(names: list[str]) -> None:
    """Take the measures, all of them when none is named; print a line for each figure."""
    _prepare()
    print(f"{'what, against what':62} {'ours':>10} {'theirs':>10} {'ratio':>6} {'bar':>5}")
    for name in names or MEASURES:
        for ratio in MEASURES[name]():
            print(line(ratio), flush=True)


def line(ratio: Ratio) -> str:
    """Return a figure as a line of the table."""
    ours, theirs = (f"{value:.0f} {ratio.unit:3}" for value in (ratio.ours, ratio.theirs))
    bar = "" if ratio.bar is None else f"{ratio.bar:.2f}"
    verdict = "" if ratio.bar is None else "met" if ratio.holds else "MISSED"
    return (
        f"{ratio.name:62} {ours:>10} {theirs:>10} {ratio.value:>6.2f} {bar:>5}  {verdict}".rstrip()
    )


def _prepare() -> None:
    """Let the measured programs see neither a person's settings nor a ban on compiled modules."""
    for name in list(os.environ):
        if name.startswith(("MLFLOW_", "MLOPS_TUI", "PYTHON")):
            del os.environ[name]
    os.environ["MLOPS_TUI_CONFIG"] = os.devnull


if __name__ == "__main__":
    main(sys.argv[1:])
