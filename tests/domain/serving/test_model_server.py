import pytest

from mlops_tui.domain.processes.process import ProcessKind, ProcessRecord
from mlops_tui.domain.serving.model_server import ModelServer, ServerState


def server(**details: str) -> ModelServer:
    record = ProcessRecord("id", ProcessKind.SERVER, "t", (), "/", (), "", 0, details=details)
    return ModelServer(record, ServerState.READY)


def test_a_server_is_described_by_its_record() -> None:
    found = server(model="Iris", version="2", port="1234", aliases='["champion"]')
    assert (found.model, found.version, found.aliases) == ("Iris", "2", ("champion",))
    assert found.url == "http://127.0.0.1:1234"


@pytest.mark.parametrize("port", ["", "abc", "-1", "9" * 5000, "1.5"])
def test_a_port_that_makes_no_sense_is_none(port: str) -> None:
    assert server(port=port).port == 0


@pytest.mark.parametrize("aliases", ["", "[", "{}", "7"])
def test_aliases_that_make_no_sense_are_none(aliases: str) -> None:
    assert server(aliases=aliases).aliases == ()


def test_an_empty_record_describes_an_empty_server() -> None:
    found = server()
    assert (found.model, found.version, found.aliases, found.port) == ("", "", (), 0)


def test_each_address_of_others_has_a_history_of_its_own() -> None:
    assert server(model="Iris", port="1").history == ("", "Iris")
    assert not server(model="Iris").is_watched
    found = server(model="m at h", url="http://h:1/v2/models/m")
    assert (found.history, found.is_watched) == (("", found.url), True)
    assert found.predict_url == "http://h:1/v2/models/m/infer"


@pytest.mark.parametrize("url", ["nothing", "http://[", "ftp://h"])
def test_an_address_that_makes_no_sense_is_shown_as_it_is(url: str) -> None:
    assert server(url=url).predict_url == url
