"""Which runs a filter lets through."""

from datetime import datetime, timedelta

import pytest

from mlops_tui.domain.runs.run import RunStatus
from mlops_tui.domain.runs.run_filter import parse, passes
from tests.domain.runs.run_filter.runs import NOW, make

TRUE = [
    "",
    "forest",
    "FOREST 905",
    "adam vision",
    "abc1",
    "ada",
    "finished",
    "optimizer=Adam",
    '"optimizer=adam"',
    "accuracy=0.905",
    "accuracy=.905",
    "accuracy=9.05e-1",
    "accuracy>0.9",
    "accuracy > 0.9",
    "accuracy>=0.905",
    "accuracy<=0.905",
    "accuracy<1",
    "accuracy!=0.9",
    "accuracy=0.9*",
    "accuracy:90",
    "accuracy~^0\\.9",
    "lr=1e-3",
    "lr=0.0010",
    "lr<0.01",
    "lr=0.00*",
    "lr!=0.1",
    "optimizer=sgd,adam",
    "optimizer=sgd, adam",
    "optimizer!=sgd,rmsprop",
    "optimizer:da",
    "optimizer=a?am",
    "optimizer~^A.*m$",
    "optimizer=/^ad/",
    "optimizer!~^x",
    "optimizer:a*a",
    "-optimizer=sgd",
    "not optimizer=sgd",
    "NOT (sgd OR rmsprop)",
    "--forest",
    "-nope=1",
    "-sgd",
    "sgd | adam",
    "sgd or adam",
    "(sgd | forest) vision",
    "sgd vision | forest",
    "forest and vision",
    "metric:accuracy>0.9",
    "metrics.accuracy > 0.9 and params.optimizer = 'adam'",
    'metric:"val loss"=2',
    "metrics.`val loss` < 3",
    "param:lr=1e-3",
    "tag:team=vision",
    "tag:vis",
    "param:adam",
    "metric:accuracy",
    "metric:0.905",
    "attribute:forest",
    "team=vision",
    "tag:mlflow.source.name=train.py",
    "status:fin",
    "status=finished",
    "status!=failed",
    "status=failed,finished",
    "name=forest_1",
    "name=forest_*",
    "name:est",
    "name~_\\d$",
    "run_name=forest_1",
    "user=ADA",
    "id:abc",
    "run_id=abc123",
    "has:accuracy",
    "has:param:lr",
    "has:status",
    "-has:nope",
    "age>59m",
    "age<1h1m",
    "age<=2.5h",
    "duration>=1m",
    "duration<61s",
    "started>2026-11-01",
    "started<2100-01-01T10:00",
    "ended>1700000000000",
    "started>-2h",
    "started>2h",
    "started<-30m",
    "ended>-1.5h started>=-7D",
    "started<-59m",
    "started>-999999999999999y",
    "end_time<2100-01-01",
    "hidden=[64, 32]",
    "hidden:64",
    "/forest_[12]/",
    "/optimizer=.d/",
    "param:/lr=0/",
    "for*t",
    "path=/data/",
    'path="/data/a"',
]

FALSE = [
    "sgd",
    "forest sgd",
    "train.py",
    "905 tag:forest",
    "optimizer=ada",
    "optimizer!=adam",
    "optimizer!=sgd,adam",
    "optimizer~^d",
    "optimizer!~^a",
    "-adam",
    "-(sgd | adam)",
    "accuracy>0.905",
    "accuracy=0.9",
    "accuracy:x",
    "lr>0.001",
    'lr="1e-3"',
    "team>3",
    "optimizer<3",
    "nope=1",
    "nope!=1",
    "nope>1",
    "param:accuracy>0",
    "metric:team",
    "metric:vision",
    "param:accuracy",
    "tag:0.905",
    "status=failed",
    "status:fail",
    "-status:fin",
    "name=forest",
    "user:bob",
    "id=abc",
    "has:nope",
    "has:metric:lr",
    "age>2h",
    "age<59m",
    "duration>60s",
    "started>2100-01-01",
    "ended<2000-01-01",
    "started>-30m",
    "started<7d",
    "ended<-1h",
    "/FOREST_[23]/",
    "f?t",
    "hidden=64",
]


def let_through(text: str, **changes: object) -> bool:
    return passes(parse(text), lambda: NOW)(make(**changes))


@pytest.mark.parametrize("text", TRUE)
def test_a_run_passes(text: str) -> None:
    assert let_through(text)


@pytest.mark.parametrize("text", FALSE)
def test_a_run_does_not_pass(text: str) -> None:
    assert not let_through(text)


def test_a_key_is_looked_for_among_metrics_then_params_then_tags() -> None:
    everywhere = {"metrics": {"x": 1.0}, "params": {"x": "2"}, "tags": {"x": "3"}}
    assert let_through("x=1 param:x=2 tag:x=3", **everywhere)
    assert let_through("x=2", **everywhere | {"metrics": {}})
    assert let_through("x=3", **everywhere | {"metrics": {}, "params": {}})


def test_nan_is_no_number_that_compares() -> None:
    nan = {"metrics": {"loss": float("nan")}}
    assert let_through("loss=nan loss!=1 -loss<1 -loss>=1 has:loss", **nan)
    assert not let_through("loss=1", **nan)
    assert let_through("loss=inf loss>1e300 loss=-inf,inf", metrics={"loss": float("inf")})


def test_what_binary_fractions_lose_does_not_matter() -> None:
    assert let_through("x=0.3", metrics={"x": 0.1 + 0.2})
    assert not let_through("x=0.3", metrics={"x": 0.3001})
    assert not let_through("x=1000001", metrics={"x": 1_000_000.0})


def test_letters_beyond_ascii_have_no_case_either() -> None:
    assert let_through("name=ÜNÏ städt", name="ünï STÄDT") is False
    assert let_through('name="ÜNÏ städt"', name="ünï STÄDT")
    assert let_through("STÄDT", name="ünï städt")


def test_a_run_that_goes_on_has_lasted_until_now() -> None:
    running = {"status": RunStatus.RUNNING, "ended_at": None}
    assert let_through("duration>59m duration<61m", **running)
    assert not let_through("ended>2000-01-01", **running)


def test_a_day_begins_at_midnight_on_the_clock_of_the_person() -> None:
    midnight = datetime.fromtimestamp(NOW).replace(hour=0, minute=0, second=0, microsecond=0)  # noqa: DTZ006 - so do people
    for day, begins in (("today", midnight), ("Yesterday", midnight - timedelta(days=1))):
        at = round(begins.timestamp() * 1000)
        assert let_through(f"started>={day}", started_at=at)
        assert not let_through(f"started>={day}", started_at=at - 1)
        assert let_through(f"started<{day}", started_at=at - 1)


def test_a_run_without_a_start_has_no_times() -> None:
    assert not let_through("age<1w | duration<1w | started>2000-01-01", started_at=None)


def test_a_pattern_does_not_look_at_the_end_of_the_world() -> None:
    assert not let_through("x~b$", params={"x": "a" * 10_000 + "b"})
