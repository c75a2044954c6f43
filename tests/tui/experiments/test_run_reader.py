"""What is read of an experiment's runs beyond the first page."""

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.experiments.run_column import RunColumn
from mlops_tui.domain.experiments.run_view import RunView, SortKey
from mlops_tui.tui.experiments.run_list import RunList
from mlops_tui.tui.experiments.run_reader import RunReader

if TYPE_CHECKING:
    from collections.abc import Coroutine


class LongList(RunList):
    """Runs of which a server has more."""

    @property
    def next_token(self) -> str:
        return "more"


async def test_a_server_that_failed_is_asked_again_for_the_first_runs_in_an_order() -> None:
    started: list[Coroutine[Any, Any, None]] = []

    async def refuse(*_: object) -> None:
        raise ServiceError("The server does not answer.")

    pane: Any = SimpleNamespace(
        host=SimpleNamespace(ask=refuse),
        shell=SimpleNamespace(settings=SimpleNamespace(store=None)),
        run_worker=lambda work, **_: started.append(work),
    )
    runs = LongList()
    runs.view = RunView(order=(SortKey(RunColumn.of("metric:loss"), greatest_first=False),))
    reader = RunReader(pane, runs, lambda: None, lambda: None)
    reader._read_more()
    await started.pop()
    reader._read_more()
    assert started
    started.pop().close()
