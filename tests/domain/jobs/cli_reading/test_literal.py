import ast

import pytest

from mlops_tui.domain.jobs.cli_reading.annotation import read_annotation
from mlops_tui.domain.jobs.cli_reading.literal import UNKNOWN, Names

MODULE = """
from enum import Enum
from pathlib import Path
RATE: float = 1e-3
SIZES = [1, RATE]
LOOP = LOOP
class Kind(Enum):
    ADAM = "adam"
    SGD = f()
"""


def value(text: str) -> object:
    return Names(ast.parse(MODULE)).value(ast.parse(text, mode="eval").body)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("RATE", 0.001),
        ("SIZES", [1, 0.001]),
        ("RATE * 2", 0.002),
        ("7 // 2", 3),
        ("'a' + 'b'", "ab"),
        ("Path('x/y')", "x/y"),
        ("Kind.ADAM", "adam"),
        *(
            (text, UNKNOWN)
            for text in (
                *("Kind.SGD", "Kind.GONE", "LOOP", "gone", "f()", "[1, f()]", "1 / 0", "2 ** 9"),
                *("'a' * 9", "'a' + 1", f"'{'a' * 1500}' + '{'b' * 1500}'", "1e308 * f()"),
            )
        ),
    ],
)
def test_what_is_spelled_out_is_known_what_must_be_run_is_not(text: str, found: object) -> None:
    assert value(text) == found or value(text) is found


@pytest.mark.parametrize(
    ("text", "kind", "choices", "optional", "many"),
    [
        ("'int | None'", int, (), True, False),
        ("Union[float, None]", float, (), True, False),
        ("None | None", str, (), True, False),
        ("'what ('", str, (), False, False),
        ("Literal['a', 1]", str, ("a", "1"), False, False),
        ("Optional[list[int]]", int, (), True, True),
        ("list", str, (), False, True),
        ("dict[str, int]", str, (), False, False),
        ("Kind", str, ("adam",), False, False),
        ("Annotated[int, 'x']", int, (), False, False),
    ],
)
def test_an_annotation_says_type_choices_whether_it_may_be_left_out_or_is_several(
    text: str, kind: type, choices: tuple[str, ...], optional: bool, many: bool
) -> None:
    found = read_annotation(ast.parse(text, mode="eval").body, Names(ast.parse(MODULE)))
    assert (found.kind, found.choices, found.optional, found.many) == (
        *(kind, choices, optional),
        many,
    )


def test_a_default_that_is_none_of_the_type_or_the_choices_is_left_out() -> None:
    from mlops_tui.domain.jobs.cli_reading.field import field

    assert field("x", int, "many").default is None
    assert field("x", int, float("inf")).default is None
    assert field("x", str, "c", choices=("a", "b")).default is None
    assert field("x", float, 1).default == 1.0
