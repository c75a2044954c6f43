"""Colours as terminals are told of them."""

import pytest

from mlops_tui.domain.logs.sgr import Look


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ("1;3;4;7;9", "bold italic reverse strike underline"),
        ("31", "color(1)"),
        ("91;104", "color(9) on color(12)"),
        ("37;40", "color(7) on color(0)"),
        ("38;5;208", "color(208)"),
        ("48;2;1;2;255", "on #0102ff"),
        ("38:2::1:2:3", "#010203"),
        ("38:2:1:2:3", "#010203"),
        ("48:5:7", "on color(7)"),
        ("4:3", "underline"),
        ("38;5;999", ""),
        ("38;2;1;2", ""),
        ("38;9;1", "bold"),
        ("38", ""),
        ("5;8;73;99999999", ""),
        (";".join(["1"] * 10_000), "bold"),
    ],
)
def test_codes_make_a_look(parameters: str, words: str) -> None:
    assert Look().after(parameters).words == words


@pytest.mark.parametrize("parameters", ["", "0", "22;39;49", ";"])
def test_a_look_is_taken_back(parameters: str) -> None:
    assert Look().after("1;31;42").after(parameters).words == ""
