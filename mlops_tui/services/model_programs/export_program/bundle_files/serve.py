"""Serves model.onnx over HTTP. It needs Python, onnxruntime and numpy.

    python serve.py                     listen on 127.0.0.1:8080
    python serve.py --check             verify the files, answer example.json, stop
    curl -d @request.json -H 'Content-Type: application/json' 127.0.0.1:8080/invocations

Requests are those of MLflow's scoring server: dataframe_split, dataframe_records, inputs or
instances. The files are verified by SHA256SUMS before anything is loaded.
"""

import argparse
import hashlib
import json
import math
import sys
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
LARGEST = 64 * 1024 * 1024
"""Bytes of a request."""
NEAR = 1e-4
"""Numbers of the example may differ by so much on another processor."""


class Refused(Exception):  # noqa: N818 - it is no fault of the server
    """A sentence for whoever sent the request."""


def verify(folder: Path) -> list[str]:
    """Return what is wrong with the files, by the manifest."""
    wrong: list[str] = []
    named: set[str] = set()
    for line in (folder / "SHA256SUMS").read_text().splitlines():
        expected, _, name = line.partition("  ")
        named.add(name)
        path = folder / name
        if not path.is_file():
            wrong.append(f"{name} is missing")
        elif hashlib.sha256(path.read_bytes()).hexdigest() != expected:
            wrong.append(f"{name} was changed")
    missing = {"model.onnx", "serve.py", "example.json"} - named
    return wrong + [f"{name} is not in SHA256SUMS" for name in sorted(missing)]


class Model:
    """The ONNX model, asked as MLflow's scoring server would be."""

    def __init__(self, path: Path) -> None:
        import onnxruntime

        self.session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
        self.inputs = self.session.get_inputs()
        self.outputs = [each.name for each in self.session.get_outputs()]

    def answer(self, request: Any) -> dict[str, Any]:
        """Return the predictions for a request. Raises ``Refused``."""
        feeds = self._feeds(request)
        rows = {len(value) for value in feeds.values()}
        if len(rows) > 1:
            raise Refused(f"The columns have {', '.join(map(str, sorted(rows)))} rows.")
        columns = [each.tolist() for each in self.session.run(self.outputs, feeds)]
        found = [dict(zip(self.outputs, row, strict=True)) for row in zip(*columns, strict=True)]
        return {"predictions": found}

    def _feeds(self, request: Any) -> dict[str, Any]:
        if not isinstance(request, dict):
            raise Refused("The request is no JSON object.")
        if (
            len(self.inputs) == 1
            and "inputs" in request
            and not isinstance(request["inputs"], dict)
        ):
            return {self.inputs[0].name: self._values(self.inputs[0], request["inputs"])}
        columns = self._columns(request)
        if len(self.inputs) == 1 and self.inputs[0].name not in columns and len(columns) > 1:
            rows = [list(row) for row in zip(*columns.values(), strict=True)]
            return {self.inputs[0].name: self._values(self.inputs[0], rows)}
        missing = [each.name for each in self.inputs if each.name not in columns]
        if missing:
            raise Refused(f"The request has no {', '.join(missing[:8])}.")
        return {each.name: self._values(each, columns[each.name]) for each in self.inputs}

    def _columns(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return the values by column."""
        if "dataframe_split" in request:
            split = request["dataframe_split"]
            data, names = split["data"], split["columns"]
            if any(len(row) != len(names) for row in data):
                raise Refused("A row has another number of values than there are columns.")
            return {name: [row[n] for row in data] for n, name in enumerate(names)}
        records = request.get("dataframe_records", request.get("instances"))
        if records is not None and all(isinstance(each, dict) for each in records):
            names = list(records[0]) if records else []
            return {name: [each.get(name) for each in records] for name in names}
        if isinstance(request.get("inputs"), dict):
            return dict(request["inputs"])
        raise Refused("Send dataframe_split, dataframe_records, instances or inputs.")

    def _values(self, wanted: Any, values: Any) -> Any:
        import numpy as np

        if "string" in wanted.type:
            found = np.array(["" if v is None else str(v) for v in values], dtype=object)
        else:
            found = np.array(values, dtype=np.float32)
        return found.reshape(-1, 1) if len(wanted.shape) > found.ndim else found


def same(expected: Any, found: Any) -> bool:
    """Return whether two answers are equal, numbers nearly."""
    if isinstance(expected, dict):
        return expected.keys() == found.keys() and all(
            same(v, found[k]) for k, v in expected.items()
        )
    if isinstance(expected, list):
        return len(expected) == len(found) and all(map(same, expected, found))
    if isinstance(expected, float):
        both = math.isnan(expected) and math.isnan(found)
        return both or abs(expected - found) <= NEAR * max(1.0, abs(expected))
    return bool(expected == found)


class Handler(BaseHTTPRequestHandler):
    """Answers one request after another of a connection."""

    protocol_version = "HTTP/1.1"
    timeout = 60  # seconds, of a silent connection
    model: Model

    def do_GET(self) -> None:
        """Say that the model is there."""
        if self.path in ("/ping", "/health"):
            self._send(200, {})
        else:
            self._send(404, {"error": "There are /ping, /health and POST /invocations."})

    def do_POST(self) -> None:
        """Answer with predictions."""
        try:
            size = int(self.headers.get("Content-Length") or 0)
        except ValueError:
            size = -1
        if not 0 <= size <= LARGEST:
            self.close_connection = True
            self._send(413, {"error": f"A request has 0 to {LARGEST} bytes."})
            return
        body = self.rfile.read(size)
        if self.path not in ("/invocations", "/predict"):
            self._send(404, {"error": "Predictions are at /invocations."})
            return
        try:
            self._send(200, self.model.answer(json.loads(body)))
        except Refused as error:
            self._send(400, {"error": str(error)})
        except Exception as error:  # noqa: BLE001 - the request may be anything
            self._send(400, {"error": f"{type(error).__name__}: {error}"[:300]})

    def _send(self, status: int, value: object) -> None:
        data = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_words: object) -> None:
        """Write no line for each request."""


def main() -> None:
    """Verify the files, then serve, or answer the example."""
    parser = argparse.ArgumentParser(description="Serve model.onnx.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8080)
    parser.add_argument("--check", action="store_true", help="answer example.json, then stop")
    asked = parser.parse_args()
    if wrong := verify(HERE):
        sys.exit(f"Not started: {'; '.join(wrong)} (by SHA256SUMS).")
    model = Model(HERE / "model.onnx")
    example = json.loads((HERE / "example.json").read_text())
    if not same(example["response"], model.answer(example["request"])):
        sys.exit("Not started: example.json is answered otherwise than where it was exported.")
    if asked.check:
        print("The files are unchanged, and the example is answered.")
        return
    Handler.model = model
    with ThreadingHTTPServer((asked.host, asked.port), Handler) as server:
        print(f"Serving on http://{asked.host}:{server.server_port}/invocations", flush=True)
        with suppress(KeyboardInterrupt):
            server.serve_forever()


if __name__ == "__main__":
    main()
