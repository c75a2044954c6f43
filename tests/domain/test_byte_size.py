"""Numbers of bytes as people read them."""

import pytest

from mlops_tui.domain.byte_size import bytes_size


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1_500, "1.5 kB"),
        (2_500_000, "2.5 MB"),
        (3_000_000_000, "3.0 GB"),
        (4e12, "4.0 TB"),
    ],
)
def test_bytes_are_given_in_their_largest_unit(count: float, shown: str) -> None:
    assert bytes_size(count) == shown
