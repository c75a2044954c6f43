"""The bytes of a log as they are searched."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlops_tui.domain.logs.settled_text import settled_text

PIECES = st.lists(
    st.sampled_from([b"a", b"b", b"\r", b"\n", b"\b", b"\t", b"\x1b[1m"]), max_size=30
)


def by_definition(data: bytes) -> bytes:
    """Take away what was redrawn or taken back, again and again until nothing changes."""
    data = data.replace(b"\x1b[1m", b"")
    data = re.sub(rb"(?m)^[^\n]*\r(?!\r*$)", b"", data).replace(b"\r", b"")
    while (shorter := re.sub(rb"[^\b\n]\x08", b"", data)) != data:
        data = shorter
    return data.replace(b"\t", b" ")


@settings(max_examples=200, deadline=None)
@given(PIECES)
def test_a_line_reads_as_it_does_in_the_end(pieces: list[bytes]) -> None:
    data = b"".join(pieces)
    assert settled_text(data) == by_definition(data)


@pytest.mark.parametrize(
    ("data", "left"),
    [
        (b"\r" * 1_000_000 + b"a", 1),
        (b"\r" * 1_000_000, 0),
        (b"a" * 500_000 + b"\b" * 500_000, 0),
        (b"\x1b[" * 500_000, 0),
        (b"\x1bPx" * 300_000, 299_999),
    ],
    ids=["returns", "only returns", "backspaces", "escapes", "strings"],
)
def test_a_hostile_megabyte_is_read_in_one_pass(data: bytes, left: int) -> None:
    assert len(settled_text(data)) == left
