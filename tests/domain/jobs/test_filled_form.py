from dataclasses import replace

import pytest

from mlops_tui.domain.jobs.argument import Argument, CommandLine
from mlops_tui.domain.jobs.filled_form import default_texts, matched, text_for
from mlops_tui.domain.jobs.job_spec import filled_in, target_of
from mlops_tui.domain.jobs.launchable import Launchable, Target, TargetKind
from mlops_tui.domain.jobs.recipe import Parameter

FAST = Parameter("fast", default=False, optional=True)
DEPTH = Parameter("max_depth", None, kind=int, optional=True)
SIZES = Parameter("sizes", "1 2", kind=int, many=True, optional=True)
FORM = Launchable(
    Target(TargetKind.SCRIPT, "/w/train.py"),
    "train.py",
    CommandLine(tuple(Argument(each, f"--{each.name}") for each in (FAST, DEPTH, SIZES))),
    directory="/w",
    python="python",
    origin="own",
)


def test_a_program_with_sub_commands_needs_one_of_them() -> None:
    form = replace(FORM, entry_points=("fit", "test"))
    assert form.problems({}) == {"command": "one of fit, test"}
    assert replace(form, target=replace(FORM.target, entry_point="fit")).problems({}) == {}


@pytest.mark.parametrize(
    ("parameter", "logged", "text"),
    [
        (FAST, "True", "true"),
        (DEPTH, "None", ""),
        (DEPTH, "3", "3"),
        (SIZES, "[64, 32]", "64 32"),
        (SIZES, "('a b', 1)", "'a b' 1"),
        (SIZES, "[64,", "[64,"),
        (SIZES, "(64)", "(64)"),
    ],
)
def test_a_logged_param_is_shown_as_its_field_takes_it(
    parameter: Parameter, logged: str, text: str
) -> None:
    assert text_for(parameter, logged) == text


def test_params_find_their_fields_by_name_those_left_over_are_named() -> None:
    texts, left = matched(FORM, {"max-depth": "3", "Fast": "True", "seed": "1"})
    assert texts == {"max_depth": "3", "fast": "true"}
    assert left == ["seed"]
    assert default_texts(FORM) == {"fast": "false", "max_depth": "", "sizes": "1 2"}


@pytest.mark.parametrize(
    ("target", "label", "typed"),
    [
        (Target(TargetKind.SCRIPT, "/w/train.py"), "train.py", "/w/train.py"),
        (Target(TargetKind.MODULE, "pkg.train"), "-m pkg.train", "-m pkg.train"),
        (Target(TargetKind.PROJECT, "/w/demo", "main"), "demo:main", "/w/demo"),
        (Target(TargetKind.RECIPE, "forest"), "forest", "forest"),
    ],
)
def test_a_target_has_a_short_name(target: Target, label: str, typed: str) -> None:
    assert (target.label, target.typed) == (label, typed)


def test_a_record_of_before_was_of_a_recipe() -> None:
    assert target_of({"recipe": "forest"}) == Target(TargetKind.RECIPE, "forest")
    assert target_of({"kind": "magic", "target": "x"}) is None
    assert target_of({}) is None


@pytest.mark.parametrize("text", ["[1]", "nonsense", "[" * 100_000])
def test_details_that_make_no_sense_fill_nothing(text: str) -> None:
    assert filled_in({"values": text, "options": text}) == ({}, {})


def test_what_was_read_is_explained() -> None:
    assert FORM.explanation == ""
    empty = Launchable(FORM.target, "x", CommandLine(note="Why."), "/w", "python", "own")
    assert empty.explanation == (
        "No parameters were found in its source. Why. "
        "There may be more: ctrl+r runs it with --help."
    )
