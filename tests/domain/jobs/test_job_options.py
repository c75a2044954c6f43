from dataclasses import replace

import pytest

from mlops_tui.domain.jobs.job_options import options_of, parse_variables, without_secrets
from mlops_tui.domain.jobs.launcher_form import THIS_MACHINE, launcher_fields
from mlops_tui.domain.jobs.recipe import Parameter
from mlops_tui.domain.secrets import looks_secret
from mlops_tui.domain.slurm.slurm_resources import FORM


def test_the_fields_of_every_job_are_read() -> None:
    options, reasons = options_of(
        {
            "experiment": " Flowers ",
            "run_name": "first",
            "arguments": "--x 'a b'",
            "tags": 'team=x, note="a, b"',
            "variables": "CUDA_VISIBLE_DEVICES=0,1 KEY='a b' HOME",
            "directory": "/data",
            "python": "/env/bin/python",
        }
    )
    assert reasons == {}
    assert (options.experiment, options.run_name) == ("Flowers", "first")
    assert options.tags == {"team": "x", "note": "a, b"}
    assert options.variables == {"CUDA_VISIBLE_DEVICES": "0,1", "KEY": "a b", "HOME": None}


def test_what_is_kept_has_no_value_of_a_variable_and_no_secret() -> None:
    options, _ = options_of({"variables": "A=tops3cret B=2", "arguments": "--api-key tops3cret"})
    assert options.texts()["variables"] == "A B"
    assert "tops3cret" not in str(options.texts())
    assert options_of({"arguments": "--keep 1"})[0].texts()["arguments"] == "--keep 1"


@pytest.mark.parametrize(
    ("field", "text", "reason"),
    [
        ("tags", "x", "A tag is key=value"),
        ("variables", "1X=2", "write NAME=value"),
        ("variables", "X='2", "a quote is not closed"),
        ("variables", "MLFLOW_TRACKING_URI=x", "MLFLOW_TRACKING_URI is set for every job"),
        ("variables", "X=a\0b", "the value of X holds a null character"),
        ("arguments", "'x", "a quote is not closed"),
        ("experiment", "x" * 501, "at most 500 characters"),
        ("run_name", "x" * 251, "at most 250 characters"),
    ],
)
def test_a_wrong_field_says_why(field: str, text: str, reason: str) -> None:
    assert options_of({field: text})[1][field].startswith(reason)


def test_a_wrong_variable_is_not_repeated_it_may_be_half_a_secret() -> None:
    with pytest.raises(ValueError, match="NAME=value") as failure:
        parse_variables("KEY=tops 3cret")
    assert "3cret" not in str(failure.value)


@pytest.mark.parametrize(
    "name", ["api_key", "API-KEY", "hf_token", "PASSWORD", "db.passwd", "client_secrets", "auth"]
)
def test_a_name_may_speak_of_a_secret(name: str) -> None:
    assert looks_secret(name)
    assert without_secrets({name: "x", "lr": 0.1, "fast": True, "none": None}) == {
        "lr": "0.1",
        "fast": "true",
        "none": "",
    }


@pytest.mark.parametrize("name", ["tokenizer", "max_tokens", "keypoints", "author", "monkey", "lr"])
def test_a_name_that_only_begins_like_one_does_not(name: str) -> None:
    assert not looks_secret(name)


def test_what_is_asked_of_a_cluster_is_read_and_kept() -> None:
    resources = {"partition": "gpu", "gpus": "a100:2", "cpus": "4", "memory": "16G"}
    texts = {"runs_on": "Slurm", **resources, "time_limit": " ", "experiment": "Flowers"}
    options, reasons = options_of(texts, [FORM])
    assert reasons == {}
    assert (options.runs_on, options.resources) == ("Slurm", resources)
    assert options_of(options.texts())[0] == options
    here = options_of({**texts, "runs_on": THIS_MACHINE}, [FORM])[0]
    assert (here.runs_on, here.resources) == (THIS_MACHINE, {})
    assert options_of({"runs_on": "Slurm"}, [FORM])[0].runs_on == "Slurm"


def test_a_launcher_is_asked_for_its_own_fields_only() -> None:
    other = replace(FORM, title="Other", fields=(Parameter("queue", None, optional=True),))
    texts = {"runs_on": "Other", "queue": "fast", "partition": "left over"}
    other = replace(other, problems=lambda _texts: {})
    assert options_of(texts, [FORM, other])[0].resources == {"queue": "fast"}
    names = [field.name for field in launcher_fields([FORM, other])]
    assert names[:2] == ["runs_on", "partition"]
    assert names[-1] == "queue"
    assert launcher_fields([]) == ()


@pytest.mark.parametrize(("field", "text"), [("cpus", "many"), ("cpus", "0"), ("memory", "lots")])
def test_what_no_cluster_understands_is_refused(field: str, text: str) -> None:
    assert options_of({"runs_on": "Slurm", field: text}, [FORM])[1].keys() == {field}


def test_system_metrics_are_a_switch() -> None:
    assert not options_of({})[0].system_metrics
    options, reasons = options_of({"system_metrics": "true"})
    assert (options.system_metrics, reasons) == (True, {})
    assert options_of(options.texts())[0] == options
    assert options_of({"system_metrics": "perhaps"})[1].keys() == {"system_metrics"}
