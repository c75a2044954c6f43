"""Where the web UI shows a run."""

from pathlib import Path

import pytest

from mlops_tui.domain.store import Store
from mlops_tui.domain.web_page import WebPage, web_page


def test_a_server_shows_its_runs_with_its_experiments() -> None:
    store = Store("https://mlflow.example.org:8443/")
    address = "https://mlflow.example.org:8443/#/experiments/7"
    assert web_page(store, "7", "abc") == WebPage(f"{address}/runs/abc")
    assert web_page(store, "7") == WebPage(address)


@pytest.mark.parametrize(
    ("uri", "server"),
    [
        ("http://ann:secret@host:5000", "http://host:5000"),
        ("http://ann:p@ss@host/mlflow/?token=secret#x", "http://host/mlflow"),
        ("http://[::1]:5000", "http://[::1]:5000"),
        ("http://[broken", "http:***"),
    ],
)
def test_no_secret_is_in_an_address(uri: str, server: str) -> None:
    assert web_page(Store(uri), "7", "abc").address == f"{server}/#/experiments/7/runs/abc"


def test_what_is_odd_in_an_id_stays_within_it() -> None:
    address = web_page(Store("http://host"), "1/2", "a b#?").address
    assert address == "http://host/#/experiments/1%2F2/runs/a%20b%23%3F"


def test_a_database_needs_a_server_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    page = web_page(Store("sqlite:///my db.sqlite"), "7", "abc")
    assert page.address == "http://127.0.0.1:5000/#/experiments/7/runs/abc"
    assert page.command == f"mlflow ui --backend-store-uri 'sqlite:///{tmp_path}/my db.sqlite'"


def test_a_password_is_taken_from_the_environment() -> None:
    page = web_page(Store("postgresql://ann:secret@host/mlflow"), "7", "abc")
    assert page.command == 'mlflow ui --backend-store-uri "$MLFLOW_TRACKING_URI"'
