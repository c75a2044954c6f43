"""What a person may paste into a field is understood in one pass, however it repeats itself."""

from typing import TYPE_CHECKING

import pytest

from mlops_tui.domain.jobs.cli_reading.hydra_value import OTHER
from mlops_tui.domain.sweeps.search_space import RANGE

if TYPE_CHECKING:
    import re


@pytest.mark.parametrize("pattern", [OTHER, RANGE], ids=["Hydra's values", "ranges"])
@pytest.mark.parametrize("piece", ["0", "0.", "1_", "1e", "..", "+"])
def test_a_long_line_is_read_in_one_pass(pattern: "re.Pattern[str]", piece: str) -> None:
    assert not pattern.fullmatch(piece * 10_000 + "x")


@pytest.mark.parametrize("text", ["1..2", "1...2", ".5..1.5", "1e-3 .. 1.e2 log", "1...5"])
def test_a_range_of_any_numbers_is_understood(text: str) -> None:
    assert RANGE.fullmatch(text)
