"""An endpoint under load while its parts fail: no request is lost."""

import asyncio
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from mlops_tui.domain.serving.endpoint_figures import read_figures
from mlops_tui.services.serving.endpoint_program.capture import Capture, Choice
from mlops_tui.services.serving.endpoint_program.history import History
from mlops_tui.services.serving.endpoint_program.middleware import Endpoint
from mlops_tui.services.serving.endpoint_program.served_model import Served
from tests.patience import PATIENCE

CLIENTS, EACH = 8, 125


async def answers(scope: Any, receive: Any, send: Any) -> None:
    del scope
    await receive()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await asyncio.sleep(0)
    await send({"type": "http.response.body", "body": b'{"predictions": [0]}'})


class Dies(Capture):
    """Its writer ends at every third record, as a thread does that is killed."""

    tries = 0

    def _write(self, kind: str, text: bytes) -> None:
        self.tries += 1
        if self.tries % 3 == 0:
            raise SystemExit
        super()._write(kind, text)


async def ask(endpoint: Endpoint, statuses: "Counter[int]") -> None:
    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b'{"inputs": [1]}', "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        statuses.update([message["status"]] if "status" in message else [])

    scope = {"type": "http", "method": "POST", "path": "/invocations", "headers": []}
    for _ in range(EACH):
        await endpoint(scope, receive, send)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_writer_that_dies_again_and_again_loses_no_request(tmp_path: Path) -> None:
    capture = Dies(tmp_path / "captured", b"key", Choice(share=1.0))
    served = Served("Iris", "1", "", tmp_path, answers, None)
    endpoint = Endpoint(served, capture, "token", History("Iris", None))
    statuses: Counter[int] = Counter()

    async def load() -> None:
        await asyncio.gather(*(ask(endpoint, statuses) for _ in range(CLIENTS)))

    asyncio.run(load())
    assert statuses == {200: CLIENTS * EACH}
    capture.close(PATIENCE)
    counts = capture.counts()
    assert sum(counts.values()) == CLIENTS * EACH
    assert counts["dropped: not written"] > 0
    files = tmp_path.glob("captured/capture-*.jsonl")
    assert sum(len(each.read_text().splitlines()) for each in files) == counts["written"]


def test_an_endpoint_tells_its_figures_to_who_has_the_token(tmp_path: Path) -> None:
    served = Served("Iris", "1", "", tmp_path, answers, None)
    endpoint = Endpoint(served, Capture(tmp_path, b"key"), "token", History("Iris", None))
    told: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request"}

    async def send(message: dict[str, Any]) -> None:
        told.append(message)

    async def look() -> None:
        headers = [(b"authorization", b"Bearer token")]
        scope = {"type": "http", "method": "GET", "path": "/state", "headers": headers}
        await endpoint(scope, receive, send)

    asyncio.run(look())
    figures = read_figures(json.loads(told[1]["body"]))
    assert figures is not None
    assert (told[0]["status"], figures.version, figures.memory > 0) == (200, "1", True)
