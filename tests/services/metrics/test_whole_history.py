"""The history of a metric to its last point."""

from math import inf

from mlops_tui.domain.store import Store
from mlops_tui.services.metrics.whole_history import read_whole_history
from tests.making import make_run


def test_every_point_comes_in_order_of_step(any_store: Store) -> None:
    values = [0.5, inf, *(float(number) for number in range(3_000))]
    run_id = make_run(any_store, metrics={"loss": values})
    found = read_whole_history(any_store, run_id, "loss")
    assert list(found.values) == values
    assert list(found.steps) == list(range(3_002))
    assert (found.total, found.is_reduced) == (3_002, False)
