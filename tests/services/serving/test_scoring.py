"""Questions to real scoring servers, one for each kind of signature."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from mlops_tui.domain.errors import InvalidInput, ServiceError, Unreachable
from mlops_tui.domain.json_text import Json
from mlops_tui.domain.models.model_info import ModelInfo
from mlops_tui.domain.models.signature import Signature, read_signature
from mlops_tui.domain.serving.payload import Payload, PayloadFormat, dump, parse_payload
from mlops_tui.domain.serving.payload_check import problems
from mlops_tui.domain.serving.payload_conversion import convert
from mlops_tui.domain.serving.payload_example import example_payload, offer
from mlops_tui.domain.serving.query_result import QueryResult
from mlops_tui.domain.serving.scoring_failure import explain
from mlops_tui.services.serving import scoring
from tests.ports import free_port
from tests.unmeasured import without_coverage

pytestmark = [pytest.mark.xdist_group("scoring"), pytest.mark.slow]

RECORDS, SPLIT, INSTANCES, INPUTS = PayloadFormat

NAMES = [f"f{i}" for i in range(10)]
ROWS: list[Json] = [
    [0.5, -1.25, 0.75, 2.0, -0.5, 1.5, 0.25, -2.0, 1.0, 0.0],
    [-0.5, 1.25, -0.75, -2.0, 0.5, -1.5, -0.25, 2.0, -1.0, 3],
]
NAMED: list[Json] = [dict(zip(NAMES, row, strict=True)) for row in ROWS]  # type: ignore[arg-type]


@dataclass(frozen=True)
class Servers:
    """The served models by name."""

    url: str
    signatures: dict[str, Signature]

    def ask(self, model: str, payload: Payload) -> QueryResult:
        return scoring.query(f"{self.url}/{model}", dump(payload))


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    folder = tmp_path_factory.mktemp("models")
    log = (tmp_path_factory.mktemp("log") / "app.log").open("w+")
    port = free_port()
    app = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("scoring_app.py")), str(folder), str(port)],
        stdout=log,
        stderr=log,
        env={**without_coverage(os.environ), "MLFLOW_DISABLE_TELEMETRY": "true"},
    )
    url = f"http://127.0.0.1:{port}"
    try:
        while not scoring.ping(f"{url}/columns"):
            assert app.poll() is None, Path(log.name).read_text()
            time.sleep(0.2)
        listed = json.loads((folder / "signatures.json").read_text())
        yield Servers(url, {name: read_signature(inputs) for name, inputs in listed.items()})
    finally:
        app.terminate()
        app.wait(30)
        log.close()


MODELS = [
    "columns",
    "hostile",
    "places",
    "tensor",
    "tensors",
    "typed",
    "lists",
    "text",
    "image",
    "objects",
]


@pytest.mark.parametrize("target", list(PayloadFormat))
@pytest.mark.parametrize("model", [*MODELS, "binary"])
def test_a_request_made_from_the_signature_works_in_every_format_that_is_offered(
    servers: Servers, model: str, target: PayloadFormat
) -> None:
    signature = servers.signatures[model]
    example = example_payload(ModelInfo(model, signature))
    assert example is not None
    assert problems(example, signature) == ()
    first = servers.ask(model, example)
    assert first.status == 200
    try:
        payload = convert(example, target, signature)
    except InvalidInput:
        assert (model, target.is_dataframe) in [
            ("objects", False),
            ("image", True),
            ("binary", False),
            ("lists", False),
        ]
        return
    assert problems(payload, signature) == ()
    result = servers.ask(model, payload)
    assert (result.status, result.predictions) == (200, first.predictions), result.body


@pytest.mark.parametrize("target", list(PayloadFormat))
@pytest.mark.parametrize("start", list(PayloadFormat))
@pytest.mark.parametrize("model", ["columns", "places", "tensor", "none"])
def test_a_converted_request_gets_the_same_predictions(
    servers: Servers, model: str, start: PayloadFormat, target: PayloadFormat
) -> None:
    signature = servers.signatures[model]
    source = Payload(RECORDS, NAMED if model == "columns" else ROWS)
    expected = servers.ask(model, source)
    assert expected.ok
    converted = convert(convert(source, start, signature), target, signature)
    assert servers.ask(model, converted).predictions == expected.predictions


@pytest.mark.parametrize("target", list(PayloadFormat))
def test_without_a_signature_the_row_that_the_run_kept_works(
    servers: Servers, target: PayloadFormat
) -> None:
    kept = json.dumps({"columns": NAMES, "data": ROWS[:1]})
    payload = example_payload(ModelInfo("none"), kept)
    assert payload is not None
    assert servers.ask("none", convert(payload, target, Signature())).ok


@pytest.mark.parametrize("target", list(PayloadFormat))
def test_the_tutorials_own_request_is_refused_and_what_is_offered_instead_works(
    servers: Servers, target: PayloadFormat
) -> None:
    signature = servers.signatures["columns"]
    data: Json = {"data": ROWS[:1]} if target is SPLIT else ROWS[:1]
    tutorial = Payload(target, data)
    refused = servers.ask("columns", tutorial)
    assert refused.status == 400
    failure = explain(refused.status, refused.body, signature, tutorial)
    assert failure.sentence == f"Model is missing inputs {NAMES}."
    (problem,) = failure.problems
    assert (problem.expected, problem.got) == (
        "columns f0, f1, f2, f3, f4, f5, f6, f7, f8, f9",
        "rows without names",
    )
    offered = offer(tutorial, signature)
    assert offered is not None
    expected = servers.ask("columns", Payload(RECORDS, NAMED[:1]))
    assert servers.ask("columns", offered).predictions == expected.predictions


@pytest.mark.parametrize("model", ["places", "tensor", "none"])
def test_the_tutorials_own_request_works_where_names_do_not_matter(
    servers: Servers, model: str
) -> None:
    assert servers.ask(model, Payload(RECORDS, ROWS[:1])).ok


def without(name: str) -> list[Json]:
    return [{k: v for k, v in row.items() if k != name} for row in NAMED if isinstance(row, dict)]


def changed(name: str, value: Json) -> list[Json]:
    first, second = NAMED
    assert isinstance(second, dict)
    return [first, {**second, name: value}]


@pytest.mark.parametrize(
    ("model", "payload", "sentence", "found"),
    [
        (
            "columns",
            Payload(RECORDS, without("f9")),
            "Model is missing inputs ['f9'].",
            [("f9", "double", "", None)],
        ),
        (
            "columns",
            Payload(RECORDS, changed("f3", "abc")),
            "Column f3 cannot be made double: 'abc' is no number.",
            [("f3", "double", '"abc"', 1)],
        ),
        (
            "columns",
            Payload(INSTANCES, changed("f3", "abc")),
            "could not convert string to float: 'abc'",
            [("f3", "double", '"abc"', 1)],
        ),
        ("columns", Payload(RECORDS, changed("f3", None)), "Input X contains NaN.", []),
        (
            "columns",
            Payload(SPLIT, {"columns": list(NAMES), "data": [[1, 2]]}),
            "'10 columns passed, passed data had 2 columns'",
            [("", "", "", None)],
        ),
        (
            "columns",
            Payload(RECORDS, []),
            f"Model is missing inputs {NAMES}.",
            [("", "at least one row", "none", None)],
        ),
        (
            "tensor",
            Payload(INPUTS, [[1, 2, 3]]),
            "Shape of input (1, 3) does not match expected shape (-1, 10).",
            [("", "10 values", "3 values", 0)],
        ),
        (
            "tensor",
            Payload(INPUTS, [["abc", *[1] * 9]]),
            "could not convert string to float: 'abc'",
            [("0", "float64", '"abc"', 0)],
        ),
        (
            "none",
            Payload(INPUTS, [[1, 2]]),
            "X has 2 features, but LogisticRegression is expecting 10 features as input.",
            [("", "10 features", "2 features", None)],
        ),
        (
            "places",
            Payload(INPUTS, [[1, 2]]),
            "Model is missing inputs [2, 3, 4, 5, 6, 7, 8, 9].",
            [("", "10 values", "2 values", 0)],
        ),
        (
            "typed",
            Payload(RECORDS, [{"n": None, "t": "2026-01-01"}]),
            (
                "Column n cannot be made long: int() argument must be a string, "
                "a bytes-like object or a real number, not 'NoneType'."
            ),
            [("n", "long", "null", 0)],
        ),
        (
            "typed",
            Payload(RECORDS, [{"n": 1, "t": "yesterday"}]),
            (
                "Column t cannot be made datetime: "
                "Unknown datetime string format, unable to parse: yesterday."
            ),
            [("t", "datetime", '"yesterday"', 0)],
        ),
    ],
)
def test_a_refusal_is_explained_by_column_expected_and_got(
    servers: Servers,
    model: str,
    payload: Payload,
    sentence: str,
    found: list[tuple[str, str, str, int | None]],
) -> None:
    result = servers.ask(model, payload)
    assert result.status == 400
    assert result.predictions is None
    failure = explain(result.status, result.body, servers.signatures[model], payload)
    assert failure.sentence == sentence
    assert [(p.column, p.expected, p.got, p.row) for p in failure.problems] == found


def test_a_refusal_is_explained_by_the_servers_words_when_the_signature_is_unknown(
    servers: Servers,
) -> None:
    payload = Payload(RECORDS, without("f9"))
    result = servers.ask("columns", payload)
    failure = explain(result.status, result.body, Signature(), payload)
    assert [problem.column for problem in failure.problems] == ["f9"]


@pytest.mark.parametrize(
    ("value", "arrives"), [(1.5, "[1,"), ("1", "[1,"), (True, "[1,"), (2.0, "[2,")]
)
def test_only_what_the_server_leaves_alone_passes_the_check_before_sending(
    servers: Servers, value: Json, arrives: str
) -> None:
    payload = Payload(RECORDS, [{"n": value, "t": "2026-01-01", "b": True}])
    result = servers.ask("typed", payload)
    assert isinstance(result.predictions, list)
    assert str(result.predictions[0]).startswith(arrives)
    assert bool(problems(payload, servers.signatures["typed"])) == (value == 1.5)


def test_binary_columns_are_decoded_in_data_frames_only_hence_not_converted(
    servers: Servers,
) -> None:
    rows: Json = [{"y": "YWJj"}]
    assert servers.ask("binary", Payload(RECORDS, rows)).predictions == ["[b'abc']"]
    assert servers.ask("binary", Payload(INPUTS, rows)).predictions == ["[b'YWJj']"]
    with pytest.raises(InvalidInput, match="base64 in data frames only"):
        convert(Payload(RECORDS, rows), INPUTS, servers.signatures["binary"])


def test_ten_thousand_rows_are_asked_at_once(servers: Servers) -> None:
    payload = convert(Payload(RECORDS, ROWS * 5_000), SPLIT, servers.signatures["columns"])
    result = servers.ask("columns", payload)
    assert result.ok
    assert isinstance(result.predictions, list)
    assert len(result.predictions) == 10_000
    assert result.size == len(result.body.encode())


def test_the_blob_that_a_server_sends_back_is_shortened_without_losing_its_cause(
    servers: Servers,
) -> None:
    payload = Payload(INPUTS, without("f9") * 2_000)
    result = servers.ask("columns", payload)
    assert result.size > 500_000
    assert len(result.body) < 200_000
    failure = explain(result.status, result.body, servers.signatures["columns"], payload)
    assert failure.sentence == "Model is missing inputs ['f9']."


def test_texts_arrive_whatever_they_hold(servers: Servers) -> None:
    text = "é😀 [red] \x1b[2J \u202e \0"
    result = servers.ask("text", Payload(RECORDS, [{"text": text}]))
    assert result.predictions == [repr([text])]


def test_half_a_surrogate_pair_reaches_the_server_which_refuses_it(servers: Servers) -> None:
    payload = parse_payload('{"dataframe_records": [{"text": "\\ud800"}]}')
    result = servers.ask("text", payload)
    assert "surrogates not allowed" in explain(400, result.body, Signature()).sentence


@pytest.mark.parametrize("body", ["[1]", '{"x": 1}', "null"])
def test_a_body_that_is_no_request_gets_the_servers_sentence(servers: Servers, body: str) -> None:
    result = scoring.query(f"{servers.url}/columns", body)
    assert result.status == 400
    assert 0 < len(explain(400, result.body, Signature()).sentence) < 301


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("", "The text is empty."),
        ('{"inputs": [1,]}', "Not JSON at line 1, column 15:"),
        ('{\n "inputs": [1] extra}', "Not JSON at line 2, column 16:"),
        ('{"inputs": [NaN]}', "NaN is not a JSON number (line 1, column 13). Write null instead."),
        pytest.param("[" * 100_000, "nested too deeply", id="nested"),
    ],
)
@pytest.mark.parametrize("is_file", [False, True])
def test_what_is_not_json_is_not_sent(
    silent: socket.socket, tmp_path: Path, body: str, why: str, *, is_file: bool
) -> None:
    (tmp_path / "request.json").write_text(body)
    sent = f"@{tmp_path / 'request.json'}" if is_file else body
    url = f"http://127.0.0.1:{silent.getsockname()[1]}"
    with pytest.raises(InvalidInput) as refusal:
        scoring.query(url, sent, timeout=5)
    assert str(refusal.value).startswith("The request was not sent. ")
    assert why in str(refusal.value)


def test_a_file_that_is_not_utf_8_is_not_sent(tmp_path: Path) -> None:
    (tmp_path / "request.json").write_bytes(b'{"inputs": "\xe9"}')
    with pytest.raises(InvalidInput, match="Byte 13 of it is not UTF-8"):
        scoring.query("http://127.0.0.1:1", f"@{tmp_path / 'request.json'}")


def test_ping_tells_whether_a_model_is_there(servers: Servers) -> None:
    assert scoring.ping(f"{servers.url}/columns/")
    assert not scoring.ping(f"{servers.url}/no-such-model")
    assert not scoring.ping(f"http://127.0.0.1:{free_port()}")


def test_another_address_of_a_living_server_is_no_model(servers: Servers) -> None:
    result = scoring.query(f"{servers.url}/no-such-model", "{}")
    assert explain(result.status, result.body, Signature()).sentence == (
        "There is no model at this address: /invocations was not found."
    )


def test_when_nothing_answers_the_way_to_start_it_is_said() -> None:
    url = f"http://127.0.0.1:{free_port()}"
    with pytest.raises(Unreachable) as caught:
        scoring.query(url, "{}", hint="Start it with: mlflow models serve")
    assert str(caught.value) == (f"Nothing answers at {url}. Start it with: mlflow models serve")


def test_proxies_of_the_environment_do_not_intervene(
    servers: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", "")
    assert servers.ask("none", Payload(RECORDS, ROWS)).ok


@pytest.mark.parametrize("url", ["127.0.0.1:1234", "file:///etc/passwd", "http://", "", "ftp://x"])
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(InvalidInput, match="no address of a model server"):
        scoring.query(url, "{}")


def test_an_address_that_cannot_be_read_shows_no_password() -> None:
    with pytest.raises(ServiceError) as caught:
        scoring.query("http://me:secret@127.0.0.1:port", "{}")
    assert "secret" not in str(caught.value)


@pytest.fixture
def silent() -> Iterator[socket.socket]:
    """Return a listening socket that nobody answers."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener


def test_a_server_that_hangs_is_given_up_on(silent: socket.socket) -> None:
    url = f"http://127.0.0.1:{silent.getsockname()[1]}"
    with pytest.raises(Unreachable) as caught:
        scoring.query(url, "{}", timeout=0.2)
    assert str(caught.value) == f"{url} did not answer within 0.2 seconds."
    assert not scoring.ping(url, timeout=0.2)


def answer_once(listener: socket.socket, answer: bytes) -> str:
    """Answer the next request with these bytes, from a process of its own."""
    if os.fork() == 0:
        connection, _ = listener.accept()
        connection.recv(65536)
        connection.sendall(answer)
        connection.close()
        os._exit(0)
    return f"http://127.0.0.1:{listener.getsockname()[1]}"


def test_a_connection_that_breaks_is_said_to_have_broken(silent: socket.socket) -> None:
    url = answer_once(silent, b"")
    with pytest.raises(Unreachable, match="broke the connection before it had answered"):
        scoring.query(url, "{}")


def test_an_answer_without_end_is_not_read_to_the_end(
    silent: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scoring, "LARGEST_ANSWER", 1024)
    url = answer_once(silent, b"HTTP/1.1 200 OK\r\nContent-Length: 4000\r\n\r\n" + b"1" * 4000)
    with pytest.raises(ServiceError, match="larger than"):
        scoring.query(url, "{}")


@pytest.mark.parametrize(
    ("body", "predictions"),
    [(b'{"predictions": [1]}', [1]), (b"[2]", [2]), (b'{"a": 1}', {"a": 1}), (b"no json", None)],
)
def test_predictions_are_found_in_any_answer(
    silent: socket.socket, body: bytes, predictions: Json
) -> None:
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    url = answer_once(silent, head.encode() + body)
    result = scoring.query(url, "{}")
    assert (result.predictions, result.body) == (predictions, body.decode())


def test_redirects_are_not_followed(silent: socket.socket) -> None:
    url = answer_once(
        silent, b"HTTP/1.1 307 Temporary Redirect\r\nLocation: http://127.0.0.1:1/\r\n\r\n"
    )
    assert scoring.query(url, "{}").status == 307
