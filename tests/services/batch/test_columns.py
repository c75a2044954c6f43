"""Cells in the types that a model takes."""

import pyarrow as pa

from mlops_tui.services.model_programs.batch_program.columns import converted


def test_a_large_whole_number_stays_as_it_is_beside_one_with_a_point() -> None:
    cells = ["9007199254740993", "1.0", "+7", "-9007199254740993.", "1e3", None, "1.5", "x"]
    values, wrong = converted(pa.chunked_array([cells]), pa.int64())
    exact = [9007199254740993, 1, 7, -9007199254740993, 1000, None, None, None]
    assert values.to_pylist() == exact
    assert wrong == {6: "'1.5' is no int64", 7: "'x' is no int64"}
