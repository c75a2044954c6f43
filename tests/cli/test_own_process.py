"""The sub-commands that read runs, as a shell starts them: nothing is imported beforehand."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from mlops_tui.domain.store import Store
from mlops_tui.services.experiments.run_query import query_runs


@pytest.mark.parametrize(
    "arguments",
    [["runs", "Stones"], ["run", "{id}"], ["compare", "{id}", "{id}"], ["metrics", "{id}", "loss"]],
)
def test_a_command_prints_nothing_but_json(
    arguments: list[str], environ: dict[str, str], filled_store: Store, tmp_path: Path
) -> None:
    (run,) = query_runs(filled_store, ["2"]).runs
    shown = subprocess.check_output(
        [
            *(sys.executable, "-m", "mlops_tui"),
            *(text.format(id=run.run_id) for text in arguments),
            "--json",
        ],
        cwd=tmp_path,
        env=environ,
        stdin=subprocess.DEVNULL,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert run.run_id in json.dumps(json.loads(shown))
