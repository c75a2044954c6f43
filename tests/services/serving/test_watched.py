"""Endpoints that others run."""

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from mlops_tui.domain.errors import Conflict, InvalidInput, NotFound
from mlops_tui.domain.serving.model_server import ServerState
from mlops_tui.domain.serving.payload import dump
from mlops_tui.domain.serving.payload_example import example_payload
from mlops_tui.services.serving import load_test, scoring, servers, watched
from tests.ports import free_port
from tests.services.serving.inference_server import inference_server

ROWS = '{"dataframe_split": {"columns": ["x", "y"], "data": [[1, 2], [3, 4.5]]}}'


@pytest.fixture
def url() -> Iterator[str]:
    with inference_server() as found:
        yield found


@pytest.mark.parametrize("path", ["/v1/models/sum", "/v2/models/sum"])
def test_an_endpoint_of_others_is_watched_queried_and_forgotten(
    url: str, path: str, tmp_path: Path
) -> None:
    added = watched.watch(tmp_path, f"{url}{path}/")
    assert (added.state, added.is_watched, added.url) == (ServerState.READY, True, url + path)
    assert added.model == "sum at 127.0.0.1"
    assert stat.S_IMODE((tmp_path / watched.FILE).stat().st_mode) == 0o600
    assert servers.list_servers(tmp_path) == (added,)
    assert servers.find_server(tmp_path, "last") == added
    with pytest.raises(Conflict, match="in the list already"):
        watched.watch(tmp_path, url + path)

    signature = watched.describe(added.url).signature
    result = scoring.query(added.url, ROWS, signature=signature)
    assert (result.status, result.predictions) == (200, [3, 7.5])
    assert load_test.measure(added.url, ROWS, 1, 0.1, signature).error_count == 0

    watched.forget(tmp_path, added.record.process_id)
    assert servers.list_servers(tmp_path) == ()
    with pytest.raises(NotFound):
        watched.forget(tmp_path, added.record.process_id)


def test_the_first_request_is_made_from_what_an_endpoint_tells(url: str) -> None:
    info = watched.describe(f"{url}/v2/models/sum")
    example = example_payload(info)
    assert example
    assert scoring.query(info.uri, dump(example), signature=info.signature).predictions == [0.0]
    assert watched.describe(f"{url}/v1/models/sum").signature.kind == "none"


def test_an_endpoint_that_is_not_there_is_listed_as_silent(tmp_path: Path) -> None:
    added = watched.watch(tmp_path, f"http://127.0.0.1:{free_port()}")
    assert added.state is ServerState.SILENT
    assert added.record.reason == "It does not answer that it is ready."


@pytest.mark.parametrize("text", ["nothing", "http://me:secret@127.0.0.1:1"])
def test_an_address_that_cannot_be_kept_is_refused(text: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput) as refused:
        watched.watch(tmp_path, text)
    assert "secret" not in str(refused.value)
    assert servers.list_servers(tmp_path) == ()


def test_a_list_that_makes_no_sense_is_empty(tmp_path: Path) -> None:
    (tmp_path / watched.FILE).write_text('{"nothing": {}, "http://127.0.0.1:1": 3}')
    assert [each.url for each in watched.list_watched(tmp_path)] == ["http://127.0.0.1:1"]


def test_only_the_endpoint_that_is_looked_for_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / watched.FILE).write_text('{"http://127.0.0.1:1": {}, "http://127.0.0.1:2": {}}')
    asked: list[str] = []
    monkeypatch.setattr(scoring, "ping", lambda url, _timeout: asked.append(url))
    monkeypatch.setattr(watched, "_answers", {})
    (first, second) = watched.kept(tmp_path)
    assert servers.find_server(tmp_path, second.process_id[:12]).url == "http://127.0.0.1:2"
    assert asked == ["http://127.0.0.1:2"]
    assert first.process_id != second.process_id
