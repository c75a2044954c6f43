"""Very many ids in little memory."""

import pickle

import pytest

from mlops_tui.domain.experiments.id_list import IdList

IDS = [f"{number:032x}" for number in range(0, 5_000, 7)]


def test_it_is_a_sequence_of_its_ids() -> None:
    packed = IdList(IDS)
    assert len(packed) == len(IDS)
    assert list(packed) == IDS
    assert (packed[0], packed[-1], packed[3:5]) == (IDS[0], IDS[-1], IDS[3:5])
    assert packed == tuple(IDS)
    assert packed == IdList(IDS)
    assert packed != IdList(IDS[1:])
    assert hash(packed) == hash(IdList(IDS))
    with pytest.raises(IndexError, match="715"):
        packed[len(IDS)]


def test_an_id_is_found_at_its_place_only() -> None:
    packed = IdList(["ab", "ca", "bc", "a"])
    assert packed.index("bc") == 2
    assert packed.index("a") == 3
    assert "abca" not in packed
    assert "zz" not in packed
    assert not packed.__contains__(7)
    with pytest.raises(ValueError, match="zz"):
        packed.index("zz")


def test_none_and_ids_of_any_length_will_do() -> None:
    assert list(IdList()) == []
    assert list(IdList(["", "x", "für"])) == ["", "x", "für"]
    assert pickle.loads(pickle.dumps(IdList(IDS))) == IdList(IDS)  # noqa: S301 - our own
