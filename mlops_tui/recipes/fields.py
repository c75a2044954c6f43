"""The form fields that recipes have in common."""

from collections.abc import Mapping
from typing import cast

from mlops_tui.domain.jobs.recipe import Parameter, Value

Values = Mapping[str, Value | None]


def experiment(default: str) -> Parameter:
    """Return the field for the experiment's name."""
    about = "Created if missing"
    return Parameter("experiment", default, about, maximum=500, can_be_swept=False)


def run_name(default: str) -> Parameter:
    """Return the field for the run's name."""
    about = "Need not be unique"
    return Parameter("run_name", default, about, maximum=250, can_be_swept=False)


TEST_SHARE = Parameter(
    "test_share", 0.2, "Share of rows held out to test", minimum=0.05, maximum=0.9
)
RANDOM_STATE = Parameter("random_state", 42, "Same seed, same result", minimum=0, maximum=2**32 - 1)


def whole(values: Values, name: str) -> int:
    """Return a parameter that is a whole number."""
    return cast("int", values[name])


def number(values: Values, name: str) -> float:
    """Return a parameter that is a number."""
    return cast("float", values[name])


def text(values: Values, name: str) -> str:
    """Return a parameter that is a text."""
    return cast("str", values[name])
