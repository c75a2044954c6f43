"""Asking a version about rows in a Python of its own."""

import os
import signal
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import pyarrow as pa
import pytest

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.domain.store import Store
from mlops_tui.services.models import registration
from mlops_tui.services.monitoring import model_answers
from mlops_tui.services.monitoring.model_answers import AskedModel, has_probabilities
from mlops_tui.services.processes import short_lived
from tests.detached import wait_for
from tests.making import COLUMNS, estimator, log_model, make_experiment, make_run

pytestmark = pytest.mark.slow


@dataclass
class Started:
    """The programs that were started."""

    commands: list[Sequence[str]] = field(default_factory=list)

    def pids(self) -> list[int]:
        """Return those of the programs that run."""
        found = []
        for each in psutil.Process().children(recursive=True):
            with suppress(psutil.Error):  # it has ended meanwhile
                if model_answers.PROGRAM in each.cmdline()[:4]:
                    found.append(each.pid)
        return found


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Started:
    noted, run = Started(), short_lived.run

    def counted(command: Sequence[str], environ: Mapping[str, str], *args: Any, **more: Any) -> Any:
        noted.commands.append(command)
        return run(command, environ, *args, **more)

    monkeypatch.setattr(short_lived, "run", counted)
    return noted


@pytest.fixture
def version(sqlite_store: Store) -> ModelVersion:
    run_id = make_run(sqlite_store, make_experiment(sqlite_store, "Flowers"))
    model = log_model(sqlite_store, run_id)
    return registration.register(sqlite_store, name="Iris", model=model, run_id=run_id).value


def rows(*values: float) -> pa.Table:
    return pa.table({"length": list(values), "width": [1.0] * len(values)})


def expected(table: pa.Table) -> tuple[list[int], list[float]]:
    frame = table.to_pandas()[list(COLUMNS)]
    return (
        estimator().predict(frame).tolist(),
        estimator().predict_proba(frame)[:, 1].round(9).tolist(),
    )


def said(asked: AskedModel, table: pa.Table) -> tuple[list[int], list[float]]:
    found = asked.answers(table)
    assert has_probabilities(found)
    return found["prediction"].to_pylist(), [
        round(p, 9) for p in found["probability_1"].to_pylist()
    ]


def test_one_program_answers_rows_that_come_close_together_and_another_after_its_end(
    version: ModelVersion, tmp_path: Path, started: Started
) -> None:
    asked = AskedModel(version, "", tmp_path / "monitor")
    for table in (rows(0.0, 3.0), rows(3.0, 0.0, 5.0), rows(-2.0)):
        assert said(asked, table) == expected(table)
    assert len(started.commands) == 1
    (pid,) = started.pids()
    os.kill(pid, signal.SIGKILL)
    wait_for(lambda: not started.pids())
    assert said(asked, rows(4.0)) == expected(rows(4.0))
    assert len(started.commands) == 2
    with pytest.raises(ServiceError, match=r"^v1 cannot be asked about the rows: .*width"):
        asked.answers(pa.table({"length": [1.0]}))
    assert said(asked, rows(1.0)) == expected(rows(1.0))
    assert sorted(path.name for path in (tmp_path / "monitor" / "v1").iterdir()) == [
        "model",
        "plan.json",
    ]


def test_a_program_without_rows_ends_and_the_next_rows_start_another(
    version: ModelVersion, tmp_path: Path, started: Started, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_answers, "IDLE", 0.3)
    asked = AskedModel(version, "", tmp_path / "monitor")
    assert said(asked, rows(0.0)) == expected(rows(0.0))
    wait_for(lambda: not started.pids())
    assert said(asked, rows(3.0)) == expected(rows(3.0))
    assert len(started.commands) == 2


def test_a_python_that_is_not_there_is_told(version: ModelVersion, tmp_path: Path) -> None:
    asked = AskedModel(version, str(tmp_path / "python"), tmp_path / "monitor")
    with pytest.raises(ServiceError, match=r"python cannot be started: No such file"):
        asked.answers(rows(0.0))
