"""What a gate keeps for monitors."""

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from mlops_tui.services.store.store import client
from tests.services.gate.conftest import Registered, fitted

RULES = """
[[rule]]
evaluate = "accuracy"
data = "holdout.csv"
target = "label"
min = 0.5
"""


@pytest.mark.parametrize("any_store", ["sqlite"], indirect=True)
def test_a_gate_keeps_its_holdout_with_what_the_version_says_of_it(
    registered: Registered, tmp_path: Path
) -> None:
    version = registered.add(fitted())
    verdict = registered.check(version.version, RULES)
    found = client(registered.store).download_artifacts(
        verdict.run_id, "gate/reference.parquet", str(tmp_path)
    )
    table = pq.read_table(found)
    names = ["width", "length", "prediction", "probability_0", "probability_1", "label"]
    assert table.column_names == names
    assert table.num_rows == 400
    about = json.loads(table.schema.metadata[b"mlops_tui.reference"])
    assert about["classes"] == [0, 1]
    chosen = [int(each > 0.5) for each in table["probability_1"].to_pylist()]
    assert chosen == table["prediction"].to_pylist()
