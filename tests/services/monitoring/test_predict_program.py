"""The program by which the Python of a model answers the chunks of a monitor."""

import gc
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pyarrow.parquet as pq

from mlops_tui.services.model_programs.gate_program.holdout import HoldOut
from mlops_tui.services.model_programs.gate_program.model import Version
from mlops_tui.services.model_programs.predict_program import program


def test_rows_and_answers_are_dropped_once_they_are_written(tmp_path: Path) -> None:
    version = Version("1", "nowhere")
    version.description = SimpleNamespace(signature=None)  # type: ignore[assignment]
    version.function = SimpleNamespace(predict=len_of_each)  # type: ignore[assignment]
    given, output = tmp_path / "in.parquet", tmp_path / "out.parquet"
    for count in (3, 4, 5):
        pd.DataFrame({"x": range(count)}).to_parquet(given)
        program._answer(version, given, output)
        assert pq.read_table(output).column("prediction").to_pylist() == [count] * count
    gc.collect()
    held = [each for each in gc.get_objects() if isinstance(each, HoldOut)]
    assert not [each for each in held if each.path == given]


def len_of_each(rows: pd.DataFrame) -> list[int]:
    """Predict for each row how many there are."""
    return [len(rows)] * len(rows)
