"""Reading with Python's garbage collector at rest."""

import gc

import pytest

from mlops_tui.services.gc_pause import collector_at_rest


def test_the_collector_rests_until_the_last_of_overlapping_calls_is_done() -> None:
    assert gc.isenabled()
    with collector_at_rest():
        with collector_at_rest():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_the_collector_works_again_after_a_failure() -> None:
    with pytest.raises(KeyError), collector_at_rest():
        raise KeyError
    assert gc.isenabled()
