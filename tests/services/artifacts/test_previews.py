"""Looks into files of every kind, whole or damaged."""

import json
import pickle
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mlops_tui.domain.artifacts.artifact import ArtifactRef
from mlops_tui.domain.artifacts.preview import (
    ImagePreview,
    ModelPreview,
    Preview,
    TablePreview,
    TextPreview,
)
from mlops_tui.domain.errors import InvalidInput
from mlops_tui.domain.store import Store
from mlops_tui.services.artifacts import artifacts
from mlops_tui.services.artifacts.previews import (
    _reader,
    delimited_file,
    json_file,
    parquet_file,
    preview_artifact,
    text_file,
)
from mlops_tui.services.store.store import client
from tests.making import log_model, make_run

ROOM = (40, 10)
ODD = "\x1b[31m[red]\u202e\u05d2\u05df"

Look = Callable[[str, bytes], Preview]


@pytest.fixture
def look(tmp_path: Path) -> Look:
    """Return a function that looks into a file of such a name with such bytes."""

    def find(name: str, content: bytes) -> Preview:
        file = tmp_path / name
        file.write_bytes(content)
        return _reader(name)(name, file, ROOM)

    return find


def text_of(found: Preview) -> str:
    assert isinstance(found, TextPreview | ModelPreview), found
    return found.text


def table_of(found: Preview) -> TablePreview:
    assert isinstance(found, TablePreview), found
    return found


def image_of(found: Preview) -> ImagePreview:
    assert isinstance(found, ImagePreview), found
    return found


def parquet(tmp_path: Path, **columns: Any) -> bytes:
    import pandas as pd

    file = tmp_path / "made"
    pd.DataFrame(columns).to_parquet(file)
    return file.read_bytes()


def picture(
    tmp_path: Path, kind: str, size: tuple[int, int], mode: str = "RGB", **how: Any
) -> bytes:
    from PIL import Image

    file = tmp_path / f"made.{kind}"
    Image.new(mode, size, how.pop("color", 0)).save(file, **how)
    return file.read_bytes()


def chunk(kind: bytes, content: bytes) -> bytes:
    body = kind + content
    return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))


def png_that_claims(width: int, height: int) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    packed = zlib.compress(b"\0" * 10_000)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("name", "language"),
    [("a.txt", ""), ("a.YAML", "yaml"), ("conda.yml", "yaml"), ("README.md", "markdown")],
)
def test_text_is_shown_as_it_is(look: Look, name: str, language: str) -> None:
    found = look(name, f"a: {ODD}\n".encode())
    assert isinstance(found, TextPreview)
    assert (found.text, found.language, found.remark) == (f"a: {ODD}\n", language, "")


def test_of_a_long_text_the_beginning_is_shown(look: Look) -> None:
    found = look("a.log", b"x" * 100_000)
    assert (len(text_of(found)), found.size) == (65_536, 100_000)
    assert found.remark == "Only the beginning is shown."
    assert len(text_of(look("a.md", b"x" * 100_000))) == 16_384


@pytest.mark.parametrize("name", ["a.json", "a.csv", "a.md", "a.bin", "a", "MLmodel"])
def test_a_binary_file_is_told_from_its_bytes_whatever_its_name(look: Look, name: str) -> None:
    found = look(name, b"\0\x1b[31m" * 10)
    assert type(found) is Preview
    assert "inary" in found.remark


@pytest.mark.parametrize("name", ["a.parquet", "a.png", "model.pkl", "a.npy"])
def test_a_pickle_stays_closed_whatever_its_name(look: Look, name: str) -> None:
    class Trap:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return exec, ("raise SystemExit('unpickled')",)

    assert type(look(name, pickle.dumps(Trap()) + b"\0")) is Preview


def test_json_is_laid_out_nan_and_all(look: Look) -> None:
    found = look("a.json", b'{"accuracy":0.90,"loss":NaN,"rows":[[1,2],[3,4]]}')
    assert text_of(found).startswith('{\n  "accuracy": 0.90,\n  "loss": NaN,\n  "rows": [\n')


def test_of_a_megabyte_of_json_on_one_line_the_beginning_is_laid_out(look: Look) -> None:
    text = json.dumps({"values": list(range(180_000))})
    found = look("a.json", text.encode())
    assert found.size > 1_000_000
    assert text_of(found).count("\n") > 100
    assert found.remark == "Only the beginning is shown."


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b'{"a": 1,}', "line 1, column"),
        (b"", "line 1, column 1"),
        (b'{"a": "\xff"}', "not UTF-8"),
    ],
)
def test_what_is_no_json_is_shown_as_it_is_with_the_reason(
    look: Look, content: bytes, reason: str
) -> None:
    found = look("a.json", content)
    assert "This is no JSON" in found.remark
    assert reason in found.remark
    assert text_of(found) == content.decode(errors="replace")


@pytest.mark.parametrize("content", [b"[" * 50_000 + b"]" * 50_000, b"1" * 5_000])
def test_json_that_python_cannot_hold_is_laid_out_all_the_same(look: Look, content: bytes) -> None:
    assert "no JSON" not in look("a.json", content).remark


def test_the_end_of_very_long_json_is_not_looked_at(
    look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_file, "LARGEST_CHECKED", 5)
    assert look("a.json", b'{"a": 1,}').remark == ""


def test_a_table_in_text_is_read_with_its_rows_counted(look: Look) -> None:
    found = table_of(look("a.csv", "\ufeffid,[red]\x1b[1m\n1,NaN\n2,\u05d2\u05df\n".encode()))
    assert found.columns == ("id", "[red]\x1b[1m")
    assert found.rows == (("1", "NaN"), ("2", "\u05d2\u05df"))
    assert found.remark == "2 rows, 2 columns."
    assert table_of(look("a.tsv", b"a,b\tc\n")).columns == ("a,b", "c")


def test_of_a_long_table_the_first_rows_are_read(
    look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = b"a,b\n" + b"1,2\n" * 70_000
    found = table_of(look("a.csv", content))
    assert found.remark == "The first 500 rows of 70,001 lines, 2 columns."
    monkeypatch.setattr(delimited_file, "FETCH_LIMIT", 1_000)
    assert look("a.csv", content).remark == "The first 500 rows, 2 columns."


def test_a_very_wide_table_is_cut(look: Look) -> None:
    found = table_of(look("a.csv", ",".join(f"c{n}" for n in range(900)).encode()))
    assert len(found.columns) == 200
    assert found.remark == "0 rows, the first 200 columns."


@pytest.mark.parametrize("content", [b"", b"a,b\n" + b'"' + b"x" * 200_000])
def test_what_is_no_table_is_shown_as_text(look: Look, content: bytes) -> None:
    found = look("a.csv", content)
    assert isinstance(found, TextPreview | TablePreview)


def test_an_empty_table_is_told(look: Look) -> None:
    assert look("a.csv", b"").remark == "This cannot be read as a table."


def test_parquet_is_read_with_its_types(look: Look, tmp_path: Path) -> None:
    content = parquet(
        tmp_path,
        x=[0.1234567891, float("inf"), 3.0],
        **{ODD: ["a" * 900, None, ODD]},
        raw=[b"\0\1", None, b""],
        part=[[1, 2], [], None],
    )
    found = table_of(look("a.parquet", content))
    assert found.columns == ("x", ODD, "raw", "part")
    assert found.types[0] == "double"
    assert [row[0] for row in found.rows] == ["0.123457", "inf", "3"]
    assert [row[1] for row in found.rows] == ["a" * 200, None, ODD]
    assert [row[2] for row in found.rows] == ["2 bytes", None, "0 bytes"]
    assert found.rows[0][3] == "[1, 2]"
    assert found.remark == "3 rows, 4 columns."


def test_nan_is_told_from_null(look: Look, tmp_path: Path) -> None:
    from pyarrow import parquet as writer
    from pyarrow import table

    writer.write_table(table({"x": [float("nan"), None]}), tmp_path / "made")
    found = table_of(look("a.parquet", (tmp_path / "made").read_bytes()))
    assert found.rows == (("NaN",), (None,))


def test_of_long_and_wide_parquet_the_first_part_is_read(look: Look, tmp_path: Path) -> None:
    content = parquet(tmp_path, **{f"c{n}": range(1_000) for n in range(60)})
    found = table_of(look("a.parquet", content))
    assert (len(found.rows), len(found.columns)) == (200, 50)
    assert found.remark == "The first 200 of 1,000 rows, 60 columns, the first 50 shown."


def test_parquet_without_rows_has_its_columns(look: Look, tmp_path: Path) -> None:
    found = table_of(look("a.pq", parquet(tmp_path, x=[])))
    assert (found.columns, found.rows, found.remark) == (("x",), (), "0 rows, 1 column.")


def test_parquet_with_odd_cells_shows_the_rest(look: Look, tmp_path: Path) -> None:
    import pyarrow as pa
    from pyarrow import parquet as writer

    raw = pa.array([b"caf\xe9", b"tea"])
    text = pa.Array.from_buffers(pa.string(), 2, raw.buffers())
    columns = {
        "text": text,
        "us": pa.array([2**60, 0], pa.timestamp("us")),
        "day": pa.array([2**30, 0], pa.int32()).view(pa.date32()),
        "length": pa.array([2**62, 1], pa.duration("s")),
        "zone": pa.array([1, None], pa.timestamp("us", "Mars/Phobos")),
        "nested": pa.StructArray.from_arrays([text], ["x"]),
        "n": pa.array([1, 2]),
    }
    writer.write_table(pa.table(columns), tmp_path / "odd")
    found = table_of(look("a.parquet", (tmp_path / "odd").read_bytes()))
    assert found.rows == (
        (
            "✗ caf\ufffd",
            f"✗ {2**60} timestamp[us]",
            f"✗ {2**30} date32[day]",
            f"✗ {2**62} duration[s]",
            "✗ 1 timestamp[us, tz=Mars/Phobos]",
            "✗  struct<x: string>",
            "1",
        ),
        ("tea", "1970-01-01 00:00:00", "1970-01-01", "0:00:01", None, "{'x': 'tea'}", "2"),
    )
    assert found.remark == ("2 rows, 7 columns; 6 cells that are not of their type begin with ✗.")


@pytest.mark.parametrize("keep", [0, 4, 300, -20])
def test_truncated_parquet_gets_one_sentence(look: Look, tmp_path: Path, keep: int) -> None:
    found = look("a.parquet", parquet(tmp_path, x=range(5_000))[:keep])
    assert type(found) is Preview
    assert found.remark.startswith("Not a whole Parquet file: ")
    assert "\n" not in found.remark


def test_parquet_with_broken_pages_gets_one_sentence(look: Look, tmp_path: Path) -> None:
    content = parquet(tmp_path, x=[f"{n}" for n in range(5_000)])
    broken = content[:4] + b"\xff" * 4_000 + content[4_004:]
    assert look("a.parquet", broken).remark.startswith("Not a whole Parquet file: ")


@pytest.mark.parametrize("kind", ["png", "jpeg", "gif", "webp"])
def test_a_picture_is_made_small(look: Look, tmp_path: Path, kind: str) -> None:
    content = picture(tmp_path, kind, (400, 100), color=(255, 0, 0))
    found = image_of(look(f"a.{kind}", content))
    assert (found.width, found.height) == (40, 10)
    assert len(found.pixels) == 40 * 10 * 3
    assert found.pixels[0] > 250
    assert "400 × 100 pixels" in found.remark  # noqa: RUF001 - as it is shown


def test_a_small_picture_keeps_its_pixels(look: Look, tmp_path: Path) -> None:
    found = image_of(look("a.png", picture(tmp_path, "png", (3, 5))))
    assert (found.width, found.height) == (3, 5)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_pictures_of_every_mode_are_shown(look: Look, tmp_path: Path, mode: str) -> None:
    found = image_of(look("a.png", picture(tmp_path, "png", (80, 80), mode)))
    expected = 255 if mode in ("LA", "RGBA") else 0  # black, or nothing before white paper
    assert set(found.pixels) == {expected}


def test_of_an_animation_the_first_frame_is_shown(look: Look, tmp_path: Path) -> None:
    from PIL import Image

    frames = [Image.new("RGB", (8, 8), color) for color in ("red", "blue")]
    frames[0].save(tmp_path / "made.gif", save_all=True, append_images=frames[1:])
    found = image_of(look("a.gif", (tmp_path / "made.gif").read_bytes()))
    assert "animated" in found.remark
    assert found.pixels[:3] == b"\xff\0\0"


@pytest.mark.parametrize("side", [10_000, 100_000])
def test_a_picture_that_claims_too_many_pixels_is_not_unpacked(look: Look, side: int) -> None:
    found = look("a.png", png_that_claims(side, side))
    assert type(found) is Preview
    assert "unpacked" in found.remark


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no picture"),
        (b"<svg/>", "no picture"),
        (png_that_claims(300, 300), "damaged"),
        (png_that_claims(300, 300)[:60], "damaged"),
    ],
)
def test_a_damaged_picture_gets_one_sentence(look: Look, content: bytes, said: str) -> None:
    found = look("a.png", content)
    assert type(found) is Preview
    assert said in found.remark


def test_a_model_is_summed_up_above_its_text(look: Look) -> None:
    found = look("MLmodel", b"flavors:\n  sklearn: {}\nrun_id: r-1\n")
    assert isinstance(found, ModelPreview)
    assert found.facts == (("flavors", "sklearn"), ("run id", "r-1"))
    assert found.text.startswith("flavors:")


@pytest.mark.parametrize(
    "content",
    [b"", b"- a", b"a: [", b"run_id: !!python/object/apply:os.getcwd []", b"a: 2026-99-99"],
)
def test_a_description_that_is_none_is_shown_as_text(look: Look, content: bytes) -> None:
    found = look("MLmodel", content)
    assert text_of(found) == content.decode()
    assert found.remark == "This is no description of a model."


def test_aliases_that_grow_are_not_written_out(look: Look) -> None:
    lines = [b"a0: &a0 [x, x]"]
    lines += [b"a%d: &a%d [*a%d, *a%d]" % (n, n, n - 1, n - 1) for n in range(1, 40)]
    found = look("MLmodel", b"\n".join([*lines, b"run_id: *a39", b"flavors: {sklearn: *a39}"]))
    assert isinstance(found, ModelPreview)
    assert found.facts == (("flavors", "sklearn"),)


def test_the_files_of_a_model_are_looked_into(any_store: Store) -> None:
    run_id = make_run(any_store)
    model = log_model(any_store, run_id)
    found = preview_artifact(
        any_store, ArtifactRef(run_id, "MLmodel", model.model_id, model.name), ROOM
    )
    assert isinstance(found, ModelPreview)
    assert dict(found.facts)["inputs"] == "width: double, length: double"
    assert dict(found.facts)["model id"] == model.model_id


def test_a_table_of_a_server_is_fetched_only_when_it_is_small(
    server_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = make_run(server_store)
    (tmp_path / "rows.parquet").write_bytes(parquet(tmp_path, x=[1, 2]))
    client(server_store).log_artifact(run_id, str(tmp_path / "rows.parquet"), "data")
    ref = ArtifactRef(run_id, "data/rows.parquet")
    assert table_of(preview_artifact(server_store, ref, ROOM)).rows == (("1",), ("2",))
    monkeypatch.setattr(artifacts, "FETCH_LIMIT", 10)
    with pytest.raises(InvalidInput, match=r"has [0-9.]+ k?B, too much to fetch"):
        preview_artifact(server_store, ref, ROOM)
    (tmp_path / "train.log").write_text("a line\n" * 50_000)
    client(server_store).log_artifact(run_id, str(tmp_path / "train.log"))
    found = preview_artifact(server_store, ArtifactRef(run_id, "train.log"), ROOM)
    assert (found.size, found.remark) == (350_000, "Only the beginning is shown.")
    assert text_of(found).startswith("a line\na line\n")
    assert len(text_of(found)) == text_file.LIMIT


def test_a_path_that_leads_out_is_not_looked_into(sqlite_store: Store) -> None:
    with pytest.raises(InvalidInput, match="leads out"):
        preview_artifact(sqlite_store, ArtifactRef("r", "../x.csv"), ROOM)


def test_memory_that_does_not_suffice_is_one_sentence(
    look: Look, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> Preview:
        raise MemoryError

    monkeypatch.setattr(parquet_file, "_table", fail)
    assert look("a.parquet", parquet(tmp_path, x=[1])).remark.startswith("Not a whole Parquet")
