"""Looks into files, as they are drawn."""

import unicodedata
from io import StringIO

import pytest
from rich.cells import cell_len
from rich.console import Console
from rich.style import Style

from mlops_tui.domain.artifacts.preview import ImagePreview, ModelPreview, TablePreview
from mlops_tui.tui.artifacts.markdown_layout import markdown_lines
from mlops_tui.tui.artifacts.preview_layouts import (
    MOST_LINES,
    NAME,
    Lines,
    image_lines,
    model_lines,
    table_columns,
    text_lines,
)

HURTS = "\x1b[31m[red]\x1b]0;title\x07\u202eevil \x9b2J 😀 שלום"
UNSEEN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


def shown(lines: Lines) -> list[str]:
    return ["".join(text for text, _style in line) for line in lines]


def assert_harmless(lines: Lines, width: int) -> None:
    for line in shown(lines):
        assert cell_len(line) <= width, ascii(line)
        assert not {c for c in line if unicodedata.category(c) in UNSEEN}, ascii(line)


@pytest.mark.parametrize("width", [3, 20, 80])
def test_text_that_hurts_is_wrapped_harmlessly(width: int) -> None:
    for text in (HURTS, HURTS * 40, "x" * 200, "漢字" * 50, "👩\u200d🔬" * 9, ""):
        lines = text_lines(text, width)
        assert lines
        assert_harmless(lines, width)


def test_text_is_wrapped_without_loss() -> None:
    assert shown(text_lines("ab\n\n123456789", 4)) == ["ab", "", "1234", "5678", "9"]
    assert "".join(shown(text_lines("漢字仮名" * 9, 5))) == "漢字仮名" * 9


def test_of_very_many_lines_the_first_are_drawn() -> None:
    assert len(text_lines("\n" * 60_000, 40)) == MOST_LINES


def test_the_name_before_a_value_stands_out() -> None:
    for line in ('  "a b": 1', "- key: value", "key:"):
        (name, style), *_ = text_lines(line, 40, keys=True)[0]
        assert name.endswith(":")
        assert style == NAME
    assert len(text_lines("http://x", 40, keys=True)[0]) == 1


def test_markdown_is_laid_out_without_links_to_follow() -> None:
    console = Console(file=StringIO(), width=80, color_system="truecolor")
    text = "# Model\n\n* one [site](http://example.com)\n\n![x](http://example.com/x.png)\n"
    lines = markdown_lines(text, 60, console)
    assert "http://example.com" in " ".join(shown(lines))
    assert all(not style.link for line in lines for _text, style in line)


@pytest.mark.parametrize(
    "text",
    [
        HURTS,
        "two &#27;[31m &#x202e; &#155;2J",
        "```python\n\x1b[31mx = '&#27;'\n```",
        "[a](http://x/\x1b[2J)",
        "| a |\n|---|\n| &#7;b\x1b[2J |\n",
        ">" * 3_000 + " deep",
        "* " * 500 + "deep",
        "<script>alert(1)</script>",
    ],
)
def test_markdown_that_hurts_is_drawn_harmlessly(text: str) -> None:
    console = Console(file=StringIO(), width=80, color_system="truecolor")
    lines = markdown_lines(text, 60, console)
    for line in shown(lines):
        assert not {c for c in line if unicodedata.category(c) in UNSEEN}, ascii(line)


def test_a_picture_has_two_pixels_in_a_cell() -> None:
    red, blue = b"\xff\0\0", b"\0\0\xff"
    pixels = (red + red + blue) + (blue + blue + blue) + (red * 3)
    preview = ImagePreview(path="x", size=1, width=3, height=3, pixels=pixels)
    first, last = image_lines(preview, 10)
    assert [text for text, _style in first] == ["▀▀", "▀"]
    assert first[0][1] == Style.parse("#ff0000 on #0000ff")
    assert [text for text, _style in last] == ["▀▀▀"]
    assert last[0][1].bgcolor is None


def test_a_model_is_summed_up_above_its_text() -> None:
    facts = (("flavors", HURTS), ("inputs", "width: double, " * 20))
    preview = ModelPreview(path="MLmodel", size=1, facts=facts, text="run_id: r")
    lines = model_lines(preview, 40)
    assert_harmless(lines, 40)
    assert shown(lines)[0].startswith("flavors    [red]")
    assert shown(lines)[-1] == "run_id: r"


def test_numbers_of_a_table_stand_at_the_right() -> None:
    rows = (("1", "x", "", None), ("NaN", "2", "1e3", None))
    preview = TablePreview(path="x", size=1, columns=("a", "b", "c", "d" * 90), rows=rows)
    columns = table_columns(preview)
    assert [column.justify for column in columns] == ["right", "left", "right", "left"]
    assert [column.width for column in columns] == [3, 3, 3, 22]


def test_a_column_names_its_type_where_it_is_known() -> None:
    preview = TablePreview(
        path="x", size=1, columns=("a", "b"), types=("int64", "string"), rows=(("1", "2"),)
    )
    first, second = table_columns(preview)
    assert (first.title, first.justify) == ("a (int64)", "right")
    assert (second.title, second.justify) == ("b (string)", "left")


def test_a_line_is_broken_at_a_blank_and_no_number_in_its_middle() -> None:
    report = "    precision    0.123456    0.654321   recall"
    parts = shown(text_lines(report, 24))
    assert "".join(parts) == report
    assert all(each in " ".join(parts) for each in ("0.123456", "0.654321", "precision"))
    assert shown(text_lines("größe 12345678 ß", 10)) == ["größe ", "12345678 ß"]
    assert shown(text_lines("  " + "9" * 12, 10)) == ["  " + "9" * 8, "9" * 4]


def test_a_table_of_markdown_is_as_wide_as_its_numbers() -> None:
    console = Console(file=StringIO(), width=40)
    head = "| " + " | ".join(f"column {number}" for number in range(9)) + " |"
    row = "| " + " | ".join(f"0.12345678{number}" for number in range(9)) + " |"
    text = f"# Title\n\nsome words before it\n\n{head}\n|{'---|' * 9}\n{row}\n\nafter `|` it\n"
    found = shown(markdown_lines(text, 40, console))
    assert any(all(f"0.12345678{number}" in line for number in range(9)) for line in found)
    assert any("some words before it" in line for line in found)
    assert any("after | it" in line for line in found)
    code = "```\n| a | b |\n|---|---|\n```\n"
    assert any("|---|---|" in line for line in shown(markdown_lines(code, 40, console)))
