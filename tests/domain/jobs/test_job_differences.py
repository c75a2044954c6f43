import json
from dataclasses import replace

import pytest

from mlops_tui.domain.jobs.job_differences import differences, proposed_name
from mlops_tui.domain.processes.process import ProcessKind, ProcessRecord


def job(name: str, values: object, title: str = "train.py", **options: str) -> ProcessRecord:
    details = {"target": "/project/train.py", "values": json.dumps(values)}
    return ProcessRecord(
        process_id=name,
        kind=ProcessKind.JOB,
        title=title,
        command=("python", "train.py"),
        cwd="/work",
        environment=(),
        store="",
        created_at=0,
        details={**details, "options": json.dumps(options)},
    )


def test_jobs_of_one_name_are_told_apart_by_what_differs() -> None:
    jobs = [
        job("a", {"lr": 0.01, "epochs": 3, "fast": True}),
        job("b", {"lr": 0.1, "epochs": 3, "fast": False}),
        job("c", {"lr": 0.1, "epochs": 3, "fast": False}, arguments="--more 1"),
        job("d", {"lr": 5}, title="named"),
    ]
    assert differences(jobs) == {
        "a": "lr=0.01 fast=true",
        "b": "lr=0.1 fast=false",
        "c": "lr=0.1 fast=false arguments=--more 1",
    }


def test_jobs_that_are_alike_or_alone_have_nothing_to_tell() -> None:
    assert differences([job("a", {"lr": 1}), job("b", {"lr": 1})]) == {}
    assert differences([job("a", {"lr": 1})]) == {}
    assert differences([]) == {}


def test_a_value_that_hurts_or_is_long_is_drawn_on_one_short_line() -> None:
    told = differences([job("a", {"x": "\x1b[31m\n" + "y" * 500}), job("b", {"x": "[red]"})])
    assert "\x1b" not in told["a"]
    assert len(told["a"]) < 60
    many = {f"p{n}": n for n in range(1, 9)}
    assert differences([job("a", many), job("b", {})])["a"] == "p1=1 p2=2 p3=3 p4=4 …"


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{", "{" * 10_000, '{"x": [1]}'],
    ids=["empty", "list", "open", "deep", "inner"],
)
def test_a_record_that_makes_no_sense_does_no_harm(text: str) -> None:
    made = job("a", {})
    record = replace(made, details={**made.details, "values": text})
    assert differences([record, job("b", {"x": 1})])["b"] == "x=1"


@pytest.mark.parametrize(
    ("name", "taken", "proposed"),
    [
        ("train.py", (), "train-2"),
        ("train.py", ("train-2", "train-3"), "train-4"),
        ("train.py fit", (), "train fit-2"),
        ("-m pkg.train", (), "pkg.train-2"),
        ("baseline", (), "baseline-2"),
        ("baseline-2", (), "baseline-3"),
        ("baseline_9", ("baseline-10",), "baseline-11"),
        ("resnet50", (), "resnet50-2"),
        ("lr-0.01", (), "lr-0.01-2"),
        ("", (), "job-2"),
    ],
)
def test_what_is_launched_again_is_proposed_a_name_of_its_own(
    name: str, taken: tuple[str, ...], proposed: str
) -> None:
    assert proposed_name(name, taken) == proposed
