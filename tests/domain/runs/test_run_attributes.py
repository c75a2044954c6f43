"""What every run has, by the names a filter knows."""

from dataclasses import replace

import pytest

from mlops_tui.domain.runs.run_attributes import attribute_name, text_of, time_of
from tests.domain.made_up import made_up

RUN = replace(made_up("one"), user="ann", started_at=10_000, ended_at=25_000)


@pytest.mark.parametrize(
    ("key", "name"),
    [("run_name", "name"), ("started", "started"), ("end_time", "ended"), ("loss", None)],
)
def test_mlflows_names_mean_the_same(key: str, name: str | None) -> None:
    assert attribute_name(key) == name


def test_texts_are_those_of_the_run() -> None:
    texts = [text_of(RUN, name) for name in ("name", "status", "user", "id")]
    assert texts == ["one", "FINISHED", "ann", "id-one"]


def test_times_are_seconds() -> None:
    times = {name: time_of(RUN, name, 40.0) for name in ("started", "ended", "duration", "age")}
    assert times == {"started": 10.0, "ended": 25.0, "duration": 15.0, "age": 30.0}


def test_what_has_not_ended_lasts_until_now_and_what_never_began_has_no_time() -> None:
    assert time_of(replace(RUN, ended_at=None), "duration", 40.0) == 30.0
    nothing = replace(RUN, started_at=None, ended_at=None)
    assert {time_of(nothing, name, 40.0) for name in ("started", "ended", "age")} == {None}
