"""Reading tables for somebody who watches, and may stop it."""

from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from mlops_tui.domain.errors import ServiceError
from mlops_tui.services.data import difference, profile, watched_reading
from mlops_tui.services.data.watched_reading import (
    compare_watched,
    profile_watched,
    share_read,
    stop_reading,
)
from mlops_tui.services.drift.tables import Progress

ROWS = 200_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make two tables that are read in several batches."""
    for name, more in (("a", 0), ("b", 1)):
        table = pa.table({"n": range(more, ROWS + more)})
        parquet.write_table(table, tmp_path / f"{name}.parquet", row_group_size=50_000)
    return tmp_path


def test_the_share_grows_to_the_end_of_the_last_pass(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shares: list[float] = []

    def overheard(progress: Progress) -> Progress:
        def hear(share: float) -> None:
            progress(share)
            shares.append(share_read("r"))

        return hear

    whole_profile, whole_difference = profile.profile_files, difference.compare_files
    monkeypatch.setattr(
        watched_reading,
        "profile_files",
        lambda word, folder, progress: whole_profile(word, folder, progress=overheard(progress)),
    )
    monkeypatch.setattr(
        watched_reading,
        "compare_files",
        lambda a, b, folder, progress: whole_difference(a, b, folder, progress=overheard(progress)),
    )
    assert profile_watched("r", "a.parquet", folder).rows == ROWS
    assert len(shares) > 4
    assert shares == sorted(shares)
    assert (min(shares) < 0.5, shares[-1]) == (True, 1.0)
    shares.clear()
    assert compare_watched("r", "a.parquet", "b.parquet", folder).added_rows == 1
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert share_read("r") == 0.0


def test_a_reading_ends_where_it_is_stopped(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, heard = profile.profile_files, []

    def stopped_early(word: str, folder: Path, progress: Progress) -> object:
        def hear(share: float) -> None:
            stop_reading("r")
            heard.append(share)
            progress(share)

        return whole(word, folder, progress=hear)

    with monkeypatch.context() as patch:
        patch.setattr(watched_reading, "profile_files", stopped_early)
        with pytest.raises(ServiceError, match=r"The reading was stopped\."):
            profile_watched("r", "a.parquet", folder)
    assert len(heard) == 1
    assert profile_watched("s", "a.parquet", folder).rows == ROWS


def test_a_reading_that_was_stopped_before_it_begins_reads_nothing(tmp_path: Path) -> None:
    for number in range(1_000):
        stop_reading(f"r{number}")
    with pytest.raises(ServiceError, match=r"The reading was stopped\."):
        profile_watched("r999", "no.parquet", tmp_path)
    with pytest.raises(ServiceError, match=r"The reading was stopped\."):
        compare_watched("r998", "no.parquet", "no.csv", tmp_path)
    assert share_read("r999") == 0.0
    assert len(watched_reading._STOPPED) <= 100
