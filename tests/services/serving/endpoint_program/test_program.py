"""What an endpoint does when it is told to end."""

import signal
import subprocess
import sys
from pathlib import Path

from tests.patience import PATIENCE
from tests.ports import free_port

HELD_BACK = """
import asyncio, os, signal, sys, threading
from pathlib import Path
from mlops_tui.services.serving.endpoint_program import program
from mlops_tui.services.serving.endpoint_program.capture import Capture, Choice

gate = threading.Event()

class Held(Capture):
    def _write(self, kind, text):
        gate.wait()
        super()._write(kind, text)

    def close(self, seconds=5.0):
        gate.set()
        super().close(seconds)

capture = Held(Path(sys.argv[1]), b"key", Choice(share=1.0))

async def app(scope, receive, send):
    await receive()
    capture.take_labels([{"request_id": f"r{n}", "label": n} for n in range(3)])
    await send({"type": "lifespan.startup.complete"})
    hangs = asyncio.ensure_future(asyncio.to_thread(threading.Event().wait))
    os.kill(os.getpid(), signal.SIGTERM)
    await receive()
    await send({"type": "lifespan.shutdown.complete"})

program.answer(app, capture.close, "127.0.0.1", int(sys.argv[2]))
"""


def test_what_waits_for_the_disk_is_written_when_the_endpoint_is_ended(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HELD_BACK, str(tmp_path), str(free_port())]
    ended = subprocess.run(command, capture_output=True, timeout=PATIENCE, check=False)
    lines = [line for file in tmp_path.glob("labels-*") for line in file.read_text().splitlines()]
    assert (ended.returncode, len(lines)) == (-signal.SIGTERM, 3), ended.stderr
