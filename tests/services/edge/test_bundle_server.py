"""The server that lies in a bundle, asked in this process."""

import http.client
import json
import threading
from collections.abc import Iterator, Mapping
from hashlib import sha256
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from mlops_tui.services.model_programs.export_program.bundle_files import serve
from tests.patience import PATIENCE


def of_columns(folder: Path) -> serve.Model:
    """Return a model that adds two columns and hands a third, of text, on."""
    from onnx import TensorProto, helper

    number, text = TensorProto.FLOAT, TensorProto.STRING
    kinds = {"width": number, "height": number, "kind": text}
    nodes = [
        helper.make_node("Add", ["width", "height"], ["sum"]),
        helper.make_node("Identity", ["kind"], ["label"]),
    ]
    return saved(folder, nodes, kinds, {"sum": number, "label": text}, shape=[None])


def of_matrix(folder: Path) -> serve.Model:
    """Return a model that adds up each row of a matrix."""
    from onnx import TensorProto, helper

    nodes = [
        helper.make_node("Constant", [], ["axes"], value_ints=[1]),
        helper.make_node("ReduceSum", ["X", "axes"], ["sum"], keepdims=0),
    ]
    return saved(folder, nodes, {"X": TensorProto.FLOAT}, {"sum": TensorProto.FLOAT}, [None, 2])


def saved(
    folder: Path,
    nodes: list[Any],
    inputs: Mapping[str, int],
    outputs: Mapping[str, int],
    shape: Any,
) -> serve.Model:
    import onnx
    from onnx import helper

    graph = helper.make_graph(
        nodes,
        "made for tests",
        [helper.make_tensor_value_info(name, kind, shape) for name, kind in inputs.items()],
        [helper.make_tensor_value_info(name, kind, [None]) for name, kind in outputs.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.save(model, folder / "model.onnx")
    return serve.Model(folder / "model.onnx")


ROWS: list[dict[str, Any]] = [
    {"width": 1.0, "height": 2.0, "kind": "low"},
    {"width": 3.0, "height": 4.0, "kind": None},
]
ANSWER = {"predictions": [{"sum": 3.0, "label": "low"}, {"sum": 7.0, "label": ""}]}


@pytest.mark.parametrize(
    "request_body",
    [
        {"dataframe_records": ROWS},
        {"instances": ROWS},
        {"inputs": {name: [row[name] for row in ROWS] for name in ROWS[0]}},
        {"dataframe_split": {"columns": [*ROWS[0]], "data": [[*row.values()] for row in ROWS]}},
    ],
)
def test_columns_are_taken_in_each_of_the_four_formats(
    tmp_path: Path, request_body: dict[str, Any]
) -> None:
    assert of_columns(tmp_path).answer(request_body) == ANSWER


def test_a_matrix_is_taken_as_rows_or_as_columns_of_any_name(tmp_path: Path) -> None:
    model = of_matrix(tmp_path)
    rows = [[1.0, 2.0], [3.0, 4.0]]
    answer = {"predictions": [{"sum": 3.0}, {"sum": 7.0}]}
    assert model.answer({"inputs": rows}) == answer
    assert model.answer({"dataframe_split": {"columns": ["a", "b"], "data": rows}}) == answer
    assert model.answer({"instances": [{"X": row} for row in rows]}) == answer


@pytest.mark.parametrize(
    ("request_body", "sentence"),
    [
        ([], "The request is no JSON object."),
        ({}, "Send dataframe_split, dataframe_records, instances or inputs."),
        ({"instances": [1, 2]}, "Send dataframe_split"),
        ({"dataframe_records": []}, "The request has no width, height, kind."),
        ({"dataframe_records": [{"width": 1}]}, "The request has no height, kind."),
        ({"dataframe_split": {"columns": ["a"], "data": [[1, 2]]}}, "another number of values"),
        ({"inputs": {"width": [1], "height": [1, 2], "kind": ["a"]}}, "The columns have 1, 2 rows"),
    ],
)
def test_what_does_not_fit_is_refused_in_a_sentence(
    tmp_path: Path, request_body: object, sentence: str
) -> None:
    with pytest.raises(serve.Refused, match=sentence):
        of_columns(tmp_path).answer(request_body)


def test_each_file_is_verified_by_the_manifest(tmp_path: Path) -> None:
    files = {"model.onnx": b"model", "serve.py": b"code", "example.json": b"{}"}
    lines = [f"{sha256(text).hexdigest()}  {name}\n" for name, text in files.items()]
    (tmp_path / "SHA256SUMS").write_text("".join(lines))
    for name, text in files.items():
        (tmp_path / name).write_bytes(text)
    assert serve.verify(tmp_path) == []
    (tmp_path / "model.onnx").write_bytes(b"other")
    (tmp_path / "serve.py").unlink()
    assert serve.verify(tmp_path) == ["model.onnx was changed", "serve.py is missing"]
    (tmp_path / "SHA256SUMS").write_text("".join(lines[:1]))
    assert serve.verify(tmp_path)[1:] == [
        "example.json is not in SHA256SUMS",
        "serve.py is not in SHA256SUMS",
    ]


def test_numbers_of_an_answer_may_differ_a_little() -> None:
    for expected, found, is_same in (
        ({"a": [1.0, "x"]}, {"a": [1.00005, "x"]}, True),
        ({"a": [1.0]}, {"a": [1.001]}, False),
        ({"a": [1.0]}, {"a": [1.0, 2.0]}, False),
        ({"a": 1}, {"b": 1}, False),
        (float("nan"), float("nan"), True),
        (float("nan"), 1.0, False),
        ("low", "high", False),
    ):
        assert serve.same(expected, found) is is_same


@pytest.fixture
def port(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    monkeypatch.setattr(serve.Handler, "model", of_columns(tmp_path), raising=False)
    with ThreadingHTTPServer(("127.0.0.1", 0), serve.Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def test_requests_over_http_are_answered_or_refused(port: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)

    def ask(method: str, path: str, body: str | None = None, **headers: str) -> tuple[int, Any]:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())

    assert ask("GET", "/ping") == (200, {})
    assert ask("GET", "/elsewhere")[0] == 404
    assert ask("POST", "/elsewhere", "{}")[0] == 404
    assert ask("POST", "/invocations", json.dumps({"instances": ROWS})) == (200, ANSWER)
    assert ask("POST", "/invocations", "[]") == (400, {"error": "The request is no JSON object."})
    status, told = ask("POST", "/invocations", "{")
    assert (status, told["error"].partition(":")[0]) == (400, "JSONDecodeError")
    length = {"Content-Length": str(serve.LARGEST + 1)}
    assert ask("POST", "/invocations", None, **length)[0] == 413
    connection.close()
    assert ask("POST", "/invocations", None, **{"Content-Length": "many"})[0] == 413
    connection.close()
