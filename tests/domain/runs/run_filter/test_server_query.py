"""What of a filter is said in MLflow's grammar."""

import pytest

from mlops_tui.domain.runs.run_filter import Kind, is_mlflow_expression, parse, server_query
from mlops_tui.domain.runs.run_filter.server_query import TOO_MANY
from mlops_tui.domain.runs.run_filter.spelling import spellings
from tests.domain.runs.run_filter.runs import NOW

KINDS = {
    "acc": frozenset({Kind.METRIC}),
    "lr": frozenset({Kind.PARAM}),
    "opt": frozenset({Kind.PARAM}),
    "team": frozenset({Kind.TAG}),
    "two": frozenset({Kind.METRIC, Kind.TAG}),
    "no": frozenset[Kind](),
}
FAILED = "attributes.status ILIKE 'failed'"

CARRIED = {
    "": [""],
    "acc>0.9": ["metrics.`acc` > 0.9"],
    "acc>1e-7": ["metrics.`acc` > 0.0000001"],
    "acc>-5e22": ["metrics.`acc` > -50000000000000000000000"],
    "acc=3": ["metrics.`acc` >= 2.999999994 and metrics.`acc` <= 3.000000006"],
    "acc!=3": ["metrics.`acc` != 3.0"],
    "opt=adam": ["params.`opt` ILIKE 'adam'"],
    "opt=adam,sgd": ["params.`opt` ILIKE 'adam'", "params.`opt` ILIKE 'sgd'"],
    "opt=a*m?": ["params.`opt` ILIKE 'a%m_'"],
    "opt:da": ["params.`opt` ILIKE '%da%'"],
    'opt="it\'s"': ["params.`opt` ILIKE 'it_s'"],
    'opt!="it\'s"': ['params.`opt` != "it\'s"'],
    "opt!=a,b": ["params.`opt` != 'a' and params.`opt` != 'b'"],
    "opt=für": ["params.`opt` ILIKE 'f%r'"],
    "-opt=adam": ["params.`opt` IS NULL", "params.`opt` != 'adam'"],
    "-opt!=adam": ["params.`opt` IS NULL", "params.`opt` ILIKE 'adam'"],
    "lr=0.001": ["params.`lr` ILIKE '0.001%'", "params.`lr` ILIKE '1%e-%3'"],
    "team=a | opt=b": ["tags.`team` ILIKE 'a'", "params.`opt` ILIKE 'b'"],
    "team=a opt=b": ["tags.`team` ILIKE 'a' and params.`opt` ILIKE 'b'"],
    "team=a team=a": ["tags.`team` ILIKE 'a'"],
    "has:lr": ["params.`lr` IS NOT NULL"],
    "has:acc": ["metrics.`acc` != -0.00000000000000000000012345"],
    "has:status": [""],
    "-has:status": [],
    "-has:lr": ["params.`lr` IS NULL"],
    "status=failed": [FAILED],
    "-status=failed": ["attributes.status != 'FAILED'"],
    "status!=failed,killed": ["attributes.status != 'FAILED' and attributes.status != 'KILLED'"],
    "status:fail": ["attributes.status ILIKE '%fail%'"],
    "name=x": ["attributes.run_name ILIKE 'x'"],
    "id:ab user:me": ["attributes.run_id ILIKE '%ab%' and attributes.user_id ILIKE '%me%'"],
    "age<1h": [f"attributes.start_time > {NOW - 3_600}000"],
    "started>-1h": [f"attributes.start_time > {NOW - 3_600}000"],
    "ended<=90m": [f"attributes.end_time <= {NOW - 5_400}000"],
    "-age<1h": [f"attributes.start_time <= {NOW - 3_600}000"],
    "ended>=1700000000000": ["attributes.end_time >= 1700000000000"],
    "no=3": [],
    "no=3 opt=a": [],
    "no=3 | opt=a": ["params.`opt` ILIKE 'a'"],
    "-no=3": [""],
    "two=x,3": [
        "metrics.`two` != -0.00000000000000000000012345",
        "metrics.`two` >= 2.999999994 and metrics.`two` <= 3.000000006",
        "tags.`two` ILIKE 'x'",
        "tags.`two` ILIKE '3%'",
    ],
    "not (status=failed or team=a)": [
        "attributes.status != 'FAILED' and tags.`team` IS NULL",
        "attributes.status != 'FAILED' and tags.`team` != 'a'",
    ],
    "-(status=failed team!=a)": [
        "attributes.status != 'FAILED'",
        "tags.`team` IS NULL",
        "tags.`team` ILIKE 'a'",
    ],
}


@pytest.mark.parametrize("text", CARRIED)
def test_a_filter_becomes_queries_of_mlflow(text: str) -> None:
    found = server_query(parse(text), KINDS, NOW)
    assert list(found.filters) == CARRIED[text]
    assert found.unsupported == () or "two" in text


LEFT = {
    "word": ([""], ["word"]),
    "-word": ([""], ["word"]),
    "word status=failed": ([FAILED], ["word"]),
    "word | status=failed": ([""], ["word"]),
    "/re/": ([""], ["/re/"]),
    "lr<0.1": (["params.`lr` IS NOT NULL"], ["lr<0.1"]),
    "-lr<0.1": ([""], ["lr<0.1"]),
    "opt~x": (["params.`opt` IS NOT NULL"], ["opt~x"]),
    "opt!=a*": (["params.`opt` IS NOT NULL"], ["opt!=a*"]),
    "opt!=a,b*": (["params.`opt` != 'a' and params.`opt` IS NOT NULL"], ["opt!=a,b*"]),
    "-opt:a": ([""], ["opt:a"]),
    "-opt=a*": ([""], ["opt=a*"]),
    "-acc>3": ([""], ["acc>3"]),
    "-has:acc": ([""], ["has:acc"]),
    "acc=inf": (["metrics.`acc` != -0.00000000000000000000012345"], ["acc=inf"]),
    "acc>inf": (["metrics.`acc` != -0.00000000000000000000012345"], ["acc>inf"]),
    "acc:9": (["metrics.`acc` != -0.00000000000000000000012345"], ["acc:9"]),
    "duration>5m": ([""], ["duration>5m"]),
    "-two=3": ([""], ["two=3"]),
    'param:"a`b"=3': ([""], ['param:"a`b"=3']),
    'has:param:"a`b"': ([""], ['has:param:"a`b"']),
    '-has:param:"a`b"': ([""], ['has:param:"a`b"']),
}


@pytest.mark.parametrize("text", LEFT)
def test_what_mlflow_cannot_say_is_left_with_the_least_that_it_can(text: str) -> None:
    found = server_query(parse(text), KINDS, NOW)
    assert (list(found.filters), list(found.unsupported)) == LEFT[text]


def test_more_alternatives_than_queries_are_worth_are_left() -> None:
    many = ",".join(f"v{number}" for number in range(13))
    found = server_query(parse(f"opt={many}"), KINDS, NOW)
    assert (found.filters, found.unsupported) == (("",), (TOO_MANY,))
    found = server_query(parse("(opt=a,b,c,d,e) (team=a,b,c) status=failed"), KINDS, NOW)
    assert found.unsupported == (TOO_MANY,)
    assert len(found.filters) == 3
    assert all("team" in each and "status" in each for each in found.filters)


@pytest.mark.parametrize(
    ("text", "patterns"),
    [
        ("5", ("5%",)),
        ("5.0", ("5%",)),
        ("-0.25", ("-0.25%", "-2.5%e-%1")),
        ("1e-5", ("0.00001%", "1%e-%5")),
        ("100000", ("100000%", "1%e%%5")),
        ("007", ("7%", "007")),
        ("inf", ()),
        ("adam", ()),
    ],
)
def test_a_number_is_looked_for_as_it_may_be_spelled(text: str, patterns: tuple[str]) -> None:
    assert spellings(text) == patterns


@pytest.mark.parametrize(
    "text",
    [
        "metrics.loss < 1",
        "metrics.loss < 1 and params.opt = 'a or b'",
        "params.opt = 'a|b'",
        "params.opt LIKE 'a%'",
        'name ilike "x"',
        "run_id IN ('a', 'b')",
        "run_id not in ('a')",
        "tags.x IS NULL",
        "params.x is not null and status = 'FAILED'",
        "datasets.name = 'x'",
    ],
)
def test_mlflows_own_expressions_are_told_apart(text: str) -> None:
    assert is_mlflow_expression(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "forest",
        "lr=1e-3",
        "metrics.loss < 1 or metrics.loss > 2",
        "(metrics.loss < 1)",
        "metrics.loss < 1 | adam",
        "metrics.loss < 1 -status:failed",
        "metrics.json",
        "name='x like y'",
        "like",
        "this is it",
        "status = 'FAILED'",
    ],
)
def test_a_filter_is_no_expression_of_mlflows(text: str) -> None:
    assert not is_mlflow_expression(text)


def test_a_server_that_does_not_know_null_is_asked_for_more() -> None:
    query = server_query(
        parse("lr<1 status=failed | -opt='x NULL' | has:lr status=killed"), KINDS, NOW
    )
    assert query.without_null().filters == ("",)
    query = server_query(parse("has:lr status=failed | opt='x NULL'"), KINDS, NOW)
    assert query.without_null().filters == (
        "attributes.status ILIKE 'failed'",
        "params.`opt` ILIKE 'x NULL'",
    )
