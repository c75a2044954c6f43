"""How a filter that is being typed may go on."""

import pytest

from mlops_tui.domain.runs.run_filter import completions, vocabulary
from mlops_tui.domain.runs.run_filter.vocabulary import MOST_RUNS
from tests.domain.runs.run_filter.runs import make

RUNS = [
    make(name="forest one", params={"optimizer": "adam", "opt level": "2"}),
    make(name="boost", params={"optimizer": "sgd"}),
    make(name="boost", params={"optimizer": "sgd"}, metrics={"f1": 1.0}),
]


def offered(text: str) -> list[str]:
    return [completion.text for completion in completions(text, vocabulary(RUNS))]


@pytest.mark.parametrize(
    ("text", "texts"),
    [
        ("", []),
        ("accu", ["accuracy"]),
        ("ACCU", ["accuracy"]),
        ("accuracy", []),
        ("-accu", ["-accuracy"]),
        ("(accu", ["(accuracy"]),
        ("a | accu", ["a | accuracy"]),
        ("opt", ['"opt level"', "optimizer"]),
        ("timi", ["optimizer"]),
        ("has:opt", ['has:"opt level"', "has:optimizer"]),
        ("param:optim", ["param:optimizer"]),
        ("metric:", ["metric:accuracy", "metric:f1", 'metric:"val loss"']),
        ("stat", ["status:"]),
        ("dur", ["duration"]),
        ("optimizer=", ["optimizer=sgd", "optimizer=adam"]),
        ("optimizer!=s", ["optimizer!=sgd"]),
        ("optimizer:a", ["optimizer:adam"]),
        ("optimizer=adam,s", ["optimizer=adam,sgd"]),
        ("param:optimizer=s", ["param:optimizer=sgd"]),
        ('"opt level"=', ['"opt level"=2']),
        ("tag:team=", ["tag:team=vision"]),
        ("name=for", ['name="forest one"']),
        ("run_name=bo", ["run_name=boost"]),
        ("status:f", ["status:finished"]),
        ("x=1 user:", ["x=1 user:ada"]),
        ("accuracy>", []),
        ("accuracy=", []),
        ("nope=", []),
        ('"opt', []),
        ("/re", []),
        ("mlflow", []),
    ],
)
def test_a_text_goes_on_with_what_the_runs_hold(text: str, texts: list[str]) -> None:
    assert offered(text) == texts


def test_a_completion_tells_its_term_alone() -> None:
    (found,) = completions("x=1 -accu", vocabulary(RUNS))
    assert (found.term, found.text) == ("accuracy", "x=1 -accuracy")


def test_what_no_quotes_can_hold_is_not_offered() -> None:
    known = vocabulary([make(params={'say "x"': "1"})])
    assert completions("say", known) == ()


def test_the_newest_runs_are_enough() -> None:
    known = vocabulary(make(params={f"p{number}": "1"}) for number in range(MOST_RUNS + 5))
    assert "p0" in known.keys["param"]  # type: ignore[index]
    assert f"p{MOST_RUNS}" not in known.keys["param"]  # type: ignore[index]
