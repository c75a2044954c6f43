"""What a run tells of its process."""

import pytest

from mlops_tui.domain.jobs.run_process import is_same_host, named_host, named_pid, runs_source


def test_host_and_pid_are_found_in_tags_by_the_last_part_of_their_names() -> None:
    assert named_host({"mlflow.user": "me", "hostname": "gpu-7"}) == "gpu-7"
    assert named_host({"our/team.Host": "gpu-7"}) == "gpu-7"
    assert named_host({"ghost": "boo", "mlflow.source.name": "train.py"}) == ""
    assert named_pid({"train.pid": " 4711 "}) == 4711
    assert [named_pid({"pid": text}) for text in ("", "0", "-1", "x", "1" * 11)] == [None] * 5


def test_a_host_is_the_same_with_its_domain_or_without() -> None:
    assert is_same_host("GPU-7", "gpu-7.cluster.example")
    assert not is_same_host("gpu-7.here.example", "gpu-7.there.example")
    assert not is_same_host("gpu-7", "gpu-71")


@pytest.mark.parametrize(
    ("command", "source"),
    [
        ("python train.py --lr 1", "train.py"),
        ("python -u ./train.py", "/somewhere/train.py"),
        ("python /somewhere/train.py", "train.py"),
        ("python -m pkg.train", "/lib/pkg/train.py"),
        ("python -m pkg.train", "/lib/pkg/train/__main__.py"),
        ("python bin/train --lr 1", "/somewhere/bin/train"),
    ],
)
def test_the_program_of_a_command_is_known_again(command: str, source: str) -> None:
    assert runs_source(command.split(), "/somewhere", source)


@pytest.mark.parametrize(
    ("command", "source"),
    [
        ("python train.py", ""),
        ("python train.py", "/elsewhere/train.py"),
        ("python train.py", "other.py"),
        ("python -m pkg.train", "/lib/pkg/other/train.py"),
        ("python -m", "train.py"),
        ("python", "python"),
    ],
)
def test_another_program_is_not(command: str, source: str) -> None:
    assert not runs_source(command.split(), "/somewhere", source)
