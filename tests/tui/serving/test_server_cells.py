"""What is said of a model server."""

from dataclasses import replace

import pytest

from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.domain.models.stage import Stage
from mlops_tui.domain.processes.process import ProcessKind, ProcessRecord
from mlops_tui.domain.serving.model_server import ModelServer, ServerState
from mlops_tui.tui.serving.server_cells import COLUMNS, Now, server_cell

RECORD = ProcessRecord(
    process_id="s",
    kind=ProcessKind.SERVER,
    title="Iris v2",
    command=("mlflow",),
    cwd="/",
    environment=(),
    store="",
    created_at=1,
    details={
        "model": "Iris",
        "version": "2",
        "stage": "Production",
        "port": "1234",
        "aliases": '["champion"]',
    },
)
SERVER = ModelServer(RECORD, ServerState.READY)


def version(stage: Stage, *aliases: str) -> ModelVersion:
    return ModelVersion("Iris", "2", stage, aliases)


@pytest.mark.parametrize(
    ("now", "is_known", "stage", "aliases"),
    [
        (None, False, "◆ Production at start", "@champion at start"),
        (version(Stage.PRODUCTION, "champion"), True, "◆ Production", "@champion"),
        (
            version(Stage.ARCHIVED, "old"),
            True,
            "▽ Archived, Production at start",
            "@old, @champion at start",
        ),
        (version(Stage.PRODUCTION), True, "◆ Production", "@champion at start"),
        (None, True, "✗ deleted, Production at start", "@champion at start"),
    ],
)
def test_stage_and_aliases_are_those_of_now_or_said_to_be_of_the_start(
    now: Now, is_known: bool, stage: str, aliases: str
) -> None:
    cells = [
        server_cell(SERVER, column, now=now, is_known=is_known).plain
        for column in ("stage", "aliases")
    ]
    assert cells == [stage, aliases]


def test_the_other_cells_are_of_the_process() -> None:
    cells = [
        server_cell(SERVER, column, now=None, is_known=False).plain
        for column in ("state", "model", "version", "port")
    ]
    assert cells == ["● ready", "Iris", "v2", "1234"]


def test_every_state_of_a_server_is_whole_in_its_column() -> None:
    for state in ServerState:
        cell = server_cell(replace(SERVER, state=state), "state", now=None, is_known=False)
        assert cell.cell_len <= COLUMNS[0].width
