"""An endpoint that captures everything beside plain ``mlflow models serve``, in turn."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import psutil
import requests

from mlops_tui.domain.serving.load_figures import LoadFigures
from mlops_tui.services.serving import load_test
from mlops_tui.services.serving.endpoints import PROGRAM
from tests.benchmarks.place import place, python
from tests.benchmarks.ratio import Ratio
from tests.ports import free_port

STARTS, ROUNDS, SECONDS = 3, 5, 2.0
ROWS = 5_000
"""Of the table that the model is fitted on."""
CLIENTS = (1, 8)
PATIENCE = 300.0
MORE_MEMORY = 30
"""MiB that an endpoint may take beyond MLflow's own server."""
COLUMNS = [f"x{n}" for n in range(10)]
REQUEST = json.dumps({"dataframe_split": {"columns": COLUMNS, "data": [[0.5] * len(COLUMNS)]}})


@dataclass(slots=True)
class Server:
    """A server of either kind, with what was measured of it."""

    command: list[str]
    starts: list[float] = field(default_factory=list)
    start_cpus: list[float] = field(default_factory=list)
    figures: dict[int, list[LoadFigures]] = field(default_factory=dict)
    cpu: dict[int, list[float]] = field(default_factory=dict)
    """Seconds of the server for a request, by the number of clients."""
    memory: float = 0.0
    port: int = 0

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"


def measure() -> list[Ratio]:
    """Return rates, times, memory and time to ready of both."""
    folder = Path(place("endpoint").folder.name)
    subprocess.run(python("make_batch", str(folder), str(ROWS), str(ROWS)), check=True)
    ours, theirs = Server(_ours(folder)), Server(_mlflow())
    for _ in range(STARTS - 1):
        for server in (ours, theirs):
            with _running(server):
                pass
    with _running(ours) as leader, _running(theirs) as other:
        for clients in CLIENTS:
            for _ in range(ROUNDS):
                _load(ours, leader, clients)
                _load(theirs, other, clients)
        ours.memory, theirs.memory = _memory(leader), _memory(other)
    return [*_of_starts(ours, theirs), *_of_loads(ours, theirs)]


def _of_starts(ours: Server, theirs: Server) -> Iterator[Ratio]:
    beside = "mlflow models serve"
    mine, others = (1000 * median(each.starts) for each in (ours, theirs))
    yield Ratio(f"start of an endpoint to ready, {beside}", mine, others, "ms", 0.8)
    mine, others = (1000 * median(each.start_cpus) for each in (ours, theirs))
    yield Ratio(f"  its CPU, {beside}", mine, others, "ms")
    allowed = theirs.memory + MORE_MEMORY
    yield Ratio(f"memory of an endpoint, {beside} + 30 MiB", ours.memory, allowed, "MiB", 1.0)


def _of_loads(ours: Server, theirs: Server) -> Iterator[Ratio]:
    for clients in CLIENTS:
        found, plain = ours.figures[clients], theirs.figures[clients]
        if failed := sum(each.error_count for each in found):
            raise RuntimeError(f"{failed} requests of the endpoint failed")
        name = f"{clients} client{'s' if clients > 1 else ''}, all captured"
        # The bar is on what is served: 0.95 of theirs.
        mine, others = (median(each.per_second for each in them) for them in (found, plain))
        yield Ratio(f"requests/s of {name}: theirs, ours", others, mine, "/s", 1 / 0.95)
        mine, others = (median(each.p95_ms or 0 for each in them) for them in (found, plain))
        yield Ratio(f"  p95 of {name}", mine, others, "ms", 1.1)
        mine, others = (1e6 * median(each.cpu[clients]) for each in (ours, theirs))
        yield Ratio(f"  CPU of a request, {name}", mine, others, "µs")


def _ours(folder: Path) -> list[str]:
    what = [str(PROGRAM), "models:/batch/1", "--name=batch", "--version=1", "--port=PORT"]
    capture = json.dumps({"share": 1.0})
    return [sys.executable, *what, f"--folder={folder}/endpoint", f"--capture={capture}"]


def _mlflow() -> list[str]:
    command = [sys.executable, "-m", "mlflow", "models", "serve", "-m", "models:/batch/1"]
    return [*command, "-p", "PORT", "--env-manager", "local"]


@contextmanager
def _running(server: Server) -> Iterator[psutil.Process]:
    server.port = free_port()
    command = [word.replace("PORT", str(server.port)) for word in server.command]
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environ = os.environ | {"MLFLOW_TRACKING_URI": place("endpoint").uri, "PATH": path}
    begun = time.monotonic()
    process = psutil.Popen(
        command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        while not _answers(server.url):
            if process.poll() is not None or time.monotonic() - begun > PATIENCE:
                raise RuntimeError(f"{command[:4]} did not come up")
            time.sleep(0.02)
        server.starts.append(time.monotonic() - begun)
        server.start_cpus.append(sum(map(_cpu, _family(process))))
        yield process
    finally:
        family = _family(process)
        for each in family:
            with suppress(psutil.Error):
                each.terminate()
        psutil.wait_procs(family, PATIENCE)


def _answers(url: str) -> bool:
    try:
        return requests.get(f"{url}/ping", timeout=5).ok
    except requests.RequestException:
        return False


def _load(server: Server, leader: psutil.Process, clients: int) -> None:
    family = _family(leader)
    before = sum(map(_cpu, family))
    found = load_test.measure(server.url, REQUEST, clients, SECONDS)
    server.figures.setdefault(clients, []).append(found)
    spent = (sum(map(_cpu, family)) - before) / max(1, found.requests)
    server.cpu.setdefault(clients, []).append(spent)


def _family(leader: psutil.Process) -> list[psutil.Process]:
    with suppress(psutil.Error):
        return [leader, *leader.children(recursive=True)]
    return [leader]


def _cpu(process: psutil.Process) -> float:
    with suppress(psutil.Error):
        times = process.cpu_times()
        return float(times.user + times.system)
    return 0.0


def _memory(leader: psutil.Process) -> float:
    """Return MiB of the process that answers, the largest; of theirs others wait for it."""
    return max(each.memory_info().rss for each in _family(leader)) / 1024**2
