import pytest

from mlops_tui.domain.machine.machine_load import (
    Amount,
    CpuTimes,
    GpuLoad,
    cpu_share,
    fullest,
    summed,
)


def test_an_amount_knows_its_share_and_what_is_left() -> None:
    amount = Amount(3, 4)
    assert (amount.share, amount.free) == (0.75, 1)
    assert (Amount(0, 0).share, Amount(5, 4).free) == (0.0, 0)


@pytest.mark.parametrize(
    ("now", "share"),
    [
        (CpuTimes(15, 120), 0.25),
        (CpuTimes(10, 100), 0.0),
        (CpuTimes(99, 101), 1.0),
        (CpuTimes(9, 110), 0.0),
    ],
)
def test_the_cpu_is_as_busy_as_it_was_between_two_looks(now: CpuTimes, share: float) -> None:
    assert cpu_share(CpuTimes(10, 100), now) == share


def test_gpus_are_summed_up_over_what_they_say() -> None:
    gpus = (GpuLoad(1.0, Amount(1, 4)), GpuLoad(0.5, Amount(3, 4)), GpuLoad(None, None))
    assert summed(gpus) == GpuLoad(0.75, Amount(4, 8))
    assert fullest(gpus) == 0.75
    assert summed(gpus[2:]) == GpuLoad(None, None)
    assert fullest(gpus[2:]) == 0.0
