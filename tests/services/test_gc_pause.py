"""Reading with Python's garbage collector at rest."""

import gc

import pytest

from mlops_tui.services.gc_pause import gc_paused


def test_the_collector_rests_until_the_last_of_overlapping_calls_is_done() -> None:
    assert gc.isenabled()
    with gc_paused():
        with gc_paused():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_the_collector_works_again_after_a_failure() -> None:
    with pytest.raises(KeyError), gc_paused():
        raise KeyError
    assert gc.isenabled()
