import pytest

from mlops_tui.domain.processes.running_process import (
    arguments_of,
    is_service,
    looks_like_training,
    title_of,
    without_secrets,
)


@pytest.mark.parametrize(
    ("command", "does"),
    [
        ("/usr/bin/python3.11 train.py", True),
        ("python -m pkg.train", True),
        ("/opt/venv/bin/python3 /opt/venv/bin/torchrun train.py", True),
        ("torchrun train.py", True),
        ("python3", False),
        ("bash train.sh", False),
        ("/opt/pythonic/tool x", False),
        ("python -c from multiprocessing.spawn import spawn_main", False),
        ("", False),
    ],
)
def test_what_runs_python_for_something_looks_like_training(command: str, does: bool) -> None:
    assert looks_like_training(command.split()) is does


@pytest.mark.parametrize(
    ("command", "title", "arguments"),
    [
        ("python -u /data/train.py --lr 1", "train.py", "--lr 1"),
        ("python -m pkg.train --lr 1", "pkg.train", "--lr 1"),
        ("python -m", "python", "-m"),
        ("python3 /opt/bin/torchrun --nproc 2 train.py", "train.py", ""),
        ("/opt/bin/trainer", "trainer", ""),
        ("", "", ""),
    ],
)
def test_a_process_is_called_after_what_it_runs(command: str, title: str, arguments: str) -> None:
    assert title_of(command.split()) == title
    assert " ".join(arguments_of(command.split())) == arguments


def test_the_values_of_secret_options_are_hidden() -> None:
    command = (
        "python train.py --api-key hush --token=hush --key --lr 0.1 HF_TOKEN=hush --path=a=b "
        "http://me:hush@host/x?sig=hush"
    )
    shown = " ".join(without_secrets(command.split()))
    assert shown == (
        "python train.py --api-key *** --token=*** --key --lr 0.1 HF_TOKEN=*** --path=a=b "
        "http://***@host/x?***"
    )


@pytest.mark.parametrize(
    ("command", "shown"),
    [
        (["--api-keys", "hush", "hush", "--lr", "1"], ["--api-keys", "***", "***", "--lr", "1"]),
        (["--accessToken", "hush", "a"], ["--accessToken", "***", "a"]),
        (["--header", "Authorization: Bearer hush"], ["--header", "Authorization: ***"]),
        (["--conf", '{"password": "hush"}'], ["--conf", '{"password": ***}']),
        (["++wandb.api_key=hush", "++password=hush"], ["++wandb.api_key=***", "++password=***"]),
    ],
)
def test_secrets_are_hidden_inside_of_words_and_in_lists(
    command: list[str], shown: list[str]
) -> None:
    assert list(without_secrets(command)) == shown


@pytest.mark.parametrize(
    ("command", "is_one"),
    [
        ("python -m http.server 8000", True),
        ("python /env/bin/mlflow server --port 5000", True),
        ("python3.11 -m ipykernel_launcher -f x.json", True),
        ("/env/bin/python /env/bin/jupyter-lab", True),
        ("python -m uvicorn app:app", True),
        ("python train.py", False),
        ("python -m package.train", False),
        ("torchrun --nproc 2 train.py", False),
    ],
)
def test_what_serves_is_told_from_what_trains(command: str, is_one: bool) -> None:
    assert is_service(command.split()) is is_one
