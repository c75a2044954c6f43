"""A small server that speaks KServe V1 and Open Inference V2; it adds up the values of a row."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

INPUTS = [{"name": name, "datatype": "FP64", "shape": [-1]} for name in ("x", "y")]


class Inference(BaseHTTPRequestHandler):
    """Answers for the model ``sum``."""

    def do_GET(self) -> None:
        found = {
            "/v1/models/sum": {"name": "sum", "ready": True},
            "/v2/models/sum": {"name": "sum", "inputs": INPUTS},
            "/v2/models/sum/ready": {},
        }.get(self.path)
        self.say(404 if found is None else 200, found)

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path == "/v1/models/sum:predict":
            self.say(200, {"predictions": [sum(row.values()) for row in asked["instances"]]})
        elif self.path == "/v2/models/sum/infer":
            tensors = {each["name"]: each for each in asked["inputs"]}
            assert all(tensors[each["name"]]["datatype"] == "FP64" for each in INPUTS)
            rows = zip(tensors["x"]["data"], tensors["y"]["data"], strict=True)
            data = [x + y for x, y in rows]
            output = {"name": "sum", "shape": [len(data), 1], "datatype": "FP64", "data": data}
            self.say(200, {"model_name": "sum", "outputs": [output]})
        else:
            self.say(404, None)

    def say(self, status: int, told: Any) -> None:
        text = json.dumps(told).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def inference_server() -> Iterator[str]:
    """Run the server; give its address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Inference) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()
