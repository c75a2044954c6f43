"""Chunks are whole by rows, by stretches of time, by files, at another version."""

from dataclasses import dataclass, field
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from mlops_tui.domain.monitoring.chunking import DRAINING, Chunk, Chunking, Piece
from mlops_tui.domain.monitoring.monitor import ChunkSize


@dataclass
class Rows:
    taken: list[Any] = field(default_factory=list)

    def add(self, rows: Any) -> None:
        self.taken.append(rows)


def piece(at: int, count: int = 1, version: str = "", *, ends: bool = False) -> Piece:
    return Piece(at, count, at, at, version, ends)


def fed(chunking: Chunking, *pieces: Piece) -> list[Chunk]:
    return [chunk for each in pieces for chunk in chunking.feed(each)]


def taken(chunks: list[Chunk]) -> list[list[int]]:
    return [chunk.rows.taken for chunk in chunks]  # type: ignore[attr-defined]


def test_a_chunk_is_whole_after_so_many_rows_and_no_request_is_taken_apart() -> None:
    chunking = Chunking(ChunkSize(rows=3), Rows)
    chunks = fed(chunking, piece(1), piece(2, 5), piece(3), piece(4))
    assert [chunk.count for chunk in chunks] == [6]
    assert (chunks[0].begins_at, chunks[0].ends_at, chunks[0].after) == (1, 2, 2)
    assert chunking.open.count == 2


def test_a_chunk_ends_with_its_file() -> None:
    chunking = Chunking(ChunkSize(), Rows)
    chunks = fed(chunking, piece(1, 10), piece(1, 10, ends=True), piece(2, 7, ends=True))
    assert [chunk.count for chunk in chunks] == [20, 7]


def test_a_stretch_of_time_ends_with_the_first_request_behind_it_or_by_the_clock() -> None:
    chunking = Chunking(ChunkSize(seconds=60), Rows)
    chunks = fed(chunking, piece(1_000), piece(59_999), piece(60_000))
    assert taken(chunks) == [[1_000, 59_999]]
    assert (chunks[0].begins_at, chunks[0].ends_at) == (0, 60_000)
    assert chunking.end_stretch(119_999) == []
    (last,) = chunking.end_stretch(121_000)
    assert (last.begins_at, last.count) == (60_000, 1)
    assert chunking.end_stretch(500_000) == []


def test_a_clock_that_is_set_back_loses_no_row() -> None:
    chunking = Chunking(ChunkSize(seconds=60), Rows)
    # Back a little: the same chunk, and said. Back a day: a chunk of its own.
    chunks = fed(chunking, piece(120_000), piece(119_000), piece(10**9), piece(1_000))
    assert taken(chunks) == [[120_000, 119_000], [10**9]]
    assert "set back" in chunks[0].remark
    assert chunks[1].remark == ""
    assert chunking.open.count == 1


def test_one_version_is_watched_and_the_others_are_left_out() -> None:
    chunking = Chunking(ChunkSize(rows=2), Rows, "1")
    chunks = fed(chunking, piece(1, version="1"), piece(2, version="2"), piece(3, version="1"))
    assert taken(chunks) == [[1, 3]]
    assert "left out: 1 row answered by another version" in chunks[0].remark


def test_another_version_of_an_alias_begins_a_chunk_and_what_drains_is_left_out() -> None:
    chunking = Chunking(ChunkSize(rows=3), Rows, "1", follows=True)
    chunks = fed(chunking, piece(1, version="1"), piece(2, version="2"), piece(3, version="1"))
    assert [(chunk.version, chunk.count) for chunk in chunks] == [("1", 1)]
    assert (chunking.open.version, chunking.open.left_out) == ("2", 1)
    # Rolled back later: the version of before is watched again.
    back = piece(2 + DRAINING + 1, version="1")
    assert [chunk.version for chunk in chunking.feed(back)] == ["2"]
    assert chunking.open.version == "1"


@given(
    st.lists(st.tuples(st.integers(0, 10**12), st.integers(1, 5)), max_size=40),
    st.sampled_from([ChunkSize(rows=4), ChunkSize(seconds=60)]),
)
def test_each_row_is_of_one_chunk(pieces: list[tuple[int, int]], size: ChunkSize) -> None:
    chunking = Chunking(size, Rows)
    chunks = fed(chunking, *(piece(at, count) for at, count in pieces))
    assert sum(chunk.count for chunk in chunks) + chunking.open.count == sum(n for _, n in pieces)
    rows = [each for part in taken([*chunks, chunking.open]) for each in part]
    assert rows == [at for at, _ in pieces]


@given(st.lists(st.tuples(st.integers(0, 10**7), st.integers(1, 5)), max_size=40))
def test_who_goes_on_behind_a_chunk_finds_the_same_chunks(pieces: list[tuple[int, int]]) -> None:
    fed_pieces = [Piece(n, count, at, n) for n, (at, count) in enumerate(pieces)]
    whole = Chunking(ChunkSize(rows=4), Rows)
    chunks = fed(whole, *fed_pieces)
    for number, chunk in enumerate(chunks):
        rest = fed(Chunking(ChunkSize(rows=4), Rows), *fed_pieces[chunk.after + 1 :])
        assert taken(rest) == taken(chunks)[number + 1 :]
