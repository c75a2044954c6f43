"""The runs that pass a filter, asked for at a real store."""

from collections.abc import Iterator
from time import time
from typing import Any

import pytest

from mlops_tui.domain.errors import InvalidInput
from mlops_tui.domain.runs.run import Run, RunPage
from mlops_tui.domain.runs.run_filter import parse, passes
from mlops_tui.domain.store import Store
from mlops_tui.services.experiments import run_query
from mlops_tui.services.experiments.run_query import query_runs
from mlops_tui.services.runs.runs import search_runs, search_runs_in
from mlops_tui.services.store import store as stores
from tests.making import make_experiment, make_run

SAMPLES: list[tuple[str, dict[str, str], dict[str, float], dict[str, str], str]] = [
    ("forest_1", {"optimizer": "Adam", "lr": "0.001"}, {"accuracy": 0.9}, {}, "FINISHED"),
    ("forest_2", {"optimizer": "sgd", "lr": "1e-05"}, {"accuracy": 0.5}, {"team": "a"}, "FAILED"),
    ("boosted", {"optimizer": "adam", "lr": "1e-3"}, {"accuracy": float("nan")}, {}, "KILLED"),
    ("linear", {"depth": "5", "lr": "0.1"}, {"val loss": 0.25}, {"team": "B"}, "FINISHED"),
    ("quoted", {"depth": "5.0", "text": 'it\'s "so" 100%_x\\y'}, {"steps": 100000}, {}, "RUNNING"),
    ("Ünïcode", {"depth": "50", "accuracy": "0.9"}, {"loss": float("inf")}, {}, "FINISHED"),
    ("forest_3", {"optimizer": "rmsprop", "hidden": "[64, 32]"}, {"loss": -0.5}, {}, "FINISHED"),
]

FILTERS = [
    "forest",
    "optimizer=adam",
    "optimizer=adam,sgd",
    "optimizer=adam | accuracy<0.6",
    "optimizer!=adam",
    "-optimizer=adam",
    "-optimizer=adam,sgd status=finished",
    "optimizer:d",
    "optimizer=*d*",
    "optimizer!=*d*",
    "optimizer~^a|^s",
    "optimizer!~^a",
    "lr=0.001",
    "lr=1e-3",
    "lr=0.00001",
    "lr=1e-*",
    "lr<0.01",
    "lr>=0.001 -optimizer=adam",
    "-lr<0.01",
    "depth=5",
    "depth!=5",
    "-depth=5",
    "depth='5'",
    "accuracy>0.6",
    "accuracy=0.9",
    "accuracy!=0.9",
    "accuracy!=0",
    "metric:accuracy>0.6",
    "-metric:accuracy>0.6",
    "accuracy=nan",
    "loss=inf",
    "loss>=-0.5",
    "loss=-0.5",
    "steps=1e5",
    "has:accuracy",
    "-has:accuracy",
    "has:team | -has:param:lr",
    "has:nothing",
    "-has:nothing",
    "nothing=3",
    "-nothing=3",
    'metric:"val loss"<1',
    "`val loss`<1",
    "tag:team=b",
    "team=a,b",
    "tag:a",
    "status:fin",
    "status=failed,killed",
    "-status=finished",
    "-status:fin",
    "status!=finished",
    "name=forest_*",
    "name:FOREST",
    "name=linear",
    "-name=linear",
    "name=ünïcode",
    'text="it\'s"',
    "text:it's",
    "text:100%_",
    "text:\\y",
    "hidden=[64, 32]",
    "hidden!=[64, 32]",
    "age<1h",
    "-age>1h",
    "age>1h",
    "duration<1h status=finished",
    "started>2020-01-01",
    "ended<2020-01-01",
    "(optimizer=adam | team=b) (lr=0.001 | lr=0.1)",
    "not (optimizer=adam or team=b)",
    "-(optimizer=adam lr=1e-3)",
    "(depth=1,2,3,4,5) (lr=0.1,0.2,0.3,0.001) (optimizer=a,b,c)",
    "lr=1,2,3,4,0.1,6,7,8",
    "/forest_[12]/",
    "metrics.accuracy > 0.6 or params.optimizer = 'sgd'",
]


@pytest.fixture
def samples(any_store: Store) -> str:
    """Make the runs, return their experiment."""
    return make_samples(any_store)


def make_samples(store: Store) -> str:
    experiment = make_experiment(store)
    for name, params, metrics, tags, status in SAMPLES:
        make_run(
            store,
            experiment,
            name=name,
            params=params,
            metrics=metrics,
            tags=tags,
            status=status,
        )
    return experiment


def pages(store: Store, experiments: list[str], text: str, limit: int) -> Iterator[RunPage]:
    token = ""
    while True:
        page = query_runs(store, experiments, text, page_token=token, limit=limit)
        yield page
        token = page.next_token
        if not token:
            return


def names(runs: tuple[Run, ...]) -> list[str]:
    return [run.name for run in runs]


def test_what_the_server_finds_is_what_the_filter_lets_through(
    any_store: Store, samples: str
) -> None:
    everything = search_runs(any_store, samples).runs
    assert len(everything) == len(SAMPLES)
    for text in FILTERS:
        wanted = [run.name for run in everything if passes(parse(text))(run)]
        assert names(query_runs(any_store, [samples], text).runs) == wanted, text
        in_pages = [page.runs for page in pages(any_store, [samples], text, 2)]
        assert names(sum(in_pages, ())) == wanted, text
        assert all(len(runs) <= 2 for runs in in_pages)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("metric:accuracy>0.6 -status=failed", ()),
        ("optimizer=adam,sgd depth=5 | name:forest", ()),
        ("forest metric:accuracy>0.6", ("forest",)),
        ("param:lr<0.1 /x/", ("param:lr<0.1", "/x/")),
        ("param:lr~1 | has:lr", ("param:lr~1",)),
    ],
)
def test_a_page_tells_what_was_tested_here(
    sqlite_store: Store, text: str, left: tuple[str, ...]
) -> None:
    experiment = make_samples(sqlite_store)
    assert query_runs(sqlite_store, [experiment], text).unsupported == left


def make_runs_at(store: Store, experiment: str, starts: list[int]) -> list[str]:
    client = stores.client(store)
    made = []
    for number, start in enumerate(starts):
        run = client.create_run(experiment, start_time=start, run_name=f"run {number}")
        client.log_param(run.info.run_id, "half", str(number % 2))
        client.log_metric(run.info.run_id, "third", number % 3)
        made.append(run.info.run_id)
    return made


def test_runs_of_one_moment_are_neither_lost_nor_repeated(any_store: Store) -> None:
    experiment = make_experiment(any_store)
    now = round(time() * 1000)
    made = make_runs_at(any_store, experiment, [now] * 9 + [now - 1] * 4 + [now + 5])
    in_order = [run.run_id for run in search_runs(any_store, experiment).runs]
    for limit in (1, 2, 3, 5, 13, 14, 15):
        seen = [
            run.run_id
            for page in pages(any_store, [experiment], "half=0,1 | third>=0", limit)
            for run in page.runs
        ]
        assert seen == in_order
    assert sorted(in_order) == sorted(made)


def test_a_run_begun_between_two_pages_moves_none_of_them(sqlite_store: Store) -> None:
    experiment = make_experiment(sqlite_store)
    make_runs_at(sqlite_store, experiment, [1_000 * number for number in range(1, 7)])
    first = query_runs(sqlite_store, [experiment], "half=0,1", limit=3)
    make_run(sqlite_store, experiment, name="begun meanwhile", params={"half": "1"})
    second = query_runs(
        sqlite_store, [experiment], "half=0,1", limit=3, page_token=first.next_token
    )
    assert names(first.runs) == ["run 5", "run 4", "run 3"]
    assert names(second.runs) == ["run 2", "run 1", "run 0"]
    assert second.next_token == ""


def test_a_search_here_pauses_to_say_how_far_it_is(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_query, "MOST_LOOKED_AT", 4)
    experiment = make_experiment(sqlite_store)
    make_runs_at(sqlite_store, experiment, [1_000 * number for number in range(1, 11)])
    found = list(pages(sqlite_store, [experiment], '"run 0"', 1))
    # MLflow before 3.9 names a next page after the last full one.
    assert [names(page.runs) for page in found[:2]] == [[], ["run 0"]]
    assert [page.looked_at for page in found[:2]] == [5, 5]
    assert not any(page.runs for page in found[2:])
    assert found[0].unsupported == ('"run 0"',)


def test_several_experiments_are_searched_together(any_store: Store) -> None:
    one, other = make_experiment(any_store), make_experiment(any_store)
    make_runs_at(any_store, one, [1_000, 3_000])
    make_runs_at(any_store, other, [2_000, 4_000])
    for text in ("", "half=0,1", "params.half LIKE '%'"):
        page = query_runs(any_store, [one, other], text)
        assert [run.started_at for run in page.runs] == [4_000, 3_000, 2_000, 1_000]
    assert search_runs_in(any_store, [one, other], limit=1).next_token


def test_an_expression_of_mlflows_own_is_passed_on_as_it_stands(any_store: Store) -> None:
    experiment = make_experiment(any_store)
    make_run(any_store, experiment, name="Adam", params={"optimizer": "Adam"})
    found = query_runs(any_store, [experiment], "params.optimizer LIKE 'Ad%'").runs
    assert names(found) == ["Adam"]
    assert query_runs(any_store, [experiment], "params.optimizer LIKE 'ad%'").runs == ()
    with pytest.raises(InvalidInput, match="Expected numeric value type for metric"):
        query_runs(any_store, [experiment], "metrics.accuracy > 'x'")


def test_a_wrong_filter_asks_the_server_nothing(store: Store) -> None:
    with pytest.raises(InvalidInput, match="A value is missing after lr="):
        query_runs(store, ["1"], "lr=")


def test_a_store_that_does_not_exist_has_no_runs(store: Store) -> None:
    assert query_runs(store, ["1"], "lr=1 | lr=2") == RunPage(())
    assert store.sqlite_path is not None
    assert not store.sqlite_path.exists()


def test_deleted_runs_are_searched_on_request_alone(sqlite_store: Store) -> None:
    experiment = make_experiment(sqlite_store)
    gone = make_run(sqlite_store, experiment, name="gone", params={"lr": "1"})
    make_run(sqlite_store, experiment, name="there", params={"lr": "1"})
    stores.client(sqlite_store).delete_run(gone)
    for text in ("", "lr=1,2", "params.lr = '1'"):
        assert names(query_runs(sqlite_store, [experiment], text).runs) == ["there"]
        found = query_runs(sqlite_store, [experiment], text, deleted=True).runs
        assert names(found) == ["gone"]
    assert names(search_runs(sqlite_store, experiment, deleted=True).runs) == ["gone"]


def test_a_server_that_does_not_know_null_is_asked_otherwise(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    experiment = make_samples(sqlite_store)
    newer = [names(query_runs(sqlite_store, [experiment], text).runs) for text in FILTERS]

    def search_older_server(*arguments: Any, server_filter: str = "", **others: Any) -> RunPage:
        if "NULL" in server_filter:
            raise InvalidInput("Invalid clause(s) in filter string: 'NULL'")
        return search_runs_in(*arguments, server_filter=server_filter, **others)

    monkeypatch.setattr(run_query, "search_runs_in", search_older_server)
    older = [names(query_runs(sqlite_store, [experiment], text).runs) for text in FILTERS]
    assert older == newer
    with pytest.raises(InvalidInput, match="NULL"):
        query_runs(sqlite_store, [experiment], "params.lr IS NULL")
