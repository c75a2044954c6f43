"""Model servers: a served version each, on 127.0.0.1."""

import json
import socket
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from shutil import which

from mlops_tui.domain.errors import Conflict, InvalidInput, ServiceError
from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.domain.processes.process import ProcessKind, ProcessRecord, ProcessState
from mlops_tui.domain.serving.endpoint_options import EndpointOptions, check_capture
from mlops_tui.domain.serving.model_server import ModelServer, ServerState, port_of
from mlops_tui.domain.store import Store
from mlops_tui.services.files import small_files
from mlops_tui.services.launchers import processes
from mlops_tui.services.processes import child_environment, recorded_process, records
from mlops_tui.services.processes.process_lookup import find_process
from mlops_tui.services.serving import endpoints, serving_history
from mlops_tui.services.serving.environment_check import refuse_without_manager
from mlops_tui.services.stores import job_tunnel

HOST = "127.0.0.1"
PING_TIMEOUT = 0.5
TRUST = 30
"""Seconds for which an answer holds: a server writes each question to its log."""
LAST_PORT = 65_535
SERVING_DEFAULTS = ("MLFLOW_HOST", "MLFLOW_PORT", "MLFLOW_MODELS_WORKERS")
"""Variables by which somebody else's choice would move our server."""
ENDED = {
    ProcessState.FINISHED: ServerState.STOPPED,
    ProcessState.STOPPED: ServerState.STOPPED,
    ProcessState.ENDED: ServerState.STOPPED,
    ProcessState.FAILED: ServerState.FAILED,
    ProcessState.LOST: ServerState.LOST,
    ProcessState.STOPPING: ServerState.STOPPING,
    ProcessState.STARTING: ServerState.STARTING,
    ProcessState.ELSEWHERE: ServerState.ELSEWHERE,
}


def launch_server(
    store: Store,
    state_dir: Path,
    python: Path | str,
    version: ModelVersion,
    port: int,
    options: EndpointOptions = EndpointOptions(),  # noqa: B008 - frozen
) -> ProcessRecord:
    """Serve a model version; stage and aliases are remembered as they are now."""
    _refuse_busy(state_dir, port)
    check_capture(options.capture)
    interpreter = Path(python).absolute()
    record = _plan(store, version, port)
    folder = state_dir.absolute() / record.kind / record.process_id
    record = replace(
        record,
        command=tuple(endpoint_command(version, port, interpreter, folder, options)),
        details={**record.details, **options.details()},
    )
    near = job_tunnel.start(store, folder)
    given = child_environment.child_variables(near, interpreter)
    _refuse_without_uvicorn(interpreter, given["PATH"])
    refuse_without_manager(options.env_manager, given["PATH"])
    # Models from an HTTP store are downloaded there; the supervisor removes it at the end.
    given["TMPDIR"] = str(folder / "tmp")
    inherited = child_environment.inherited()
    for name in SERVING_DEFAULTS:
        inherited.pop(name, None)
    words = _history_words(store, record, options)
    record = replace(record, command=(*record.command, *words), environment=tuple(sorted(given)))
    started = processes.start(state_dir, record, inherited | given)
    serving_history.record_start(store, started)
    return started


def endpoint_command(
    version: ModelVersion,
    port: int,
    python: Path | str,
    folder: Path,
    options: EndpointOptions = EndpointOptions(),  # noqa: B008 - frozen
) -> list[str]:
    """Return the command that serves the version; ``folder`` is where the endpoint may write."""
    what = [version.address, f"--name={version.name}", f"--version={version.version}"]
    where = [f"--host={HOST}", f"--port={port}", f"--folder={folder}"]
    return [str(python), str(endpoints.PROGRAM), *what, *where, *options.words()]


def _history_words(
    store: Store, record: ProcessRecord, options: EndpointOptions
) -> tuple[str, ...]:
    """Return what lets an endpoint that may swap its version record that itself."""
    told = serving_history.plan_of_swaps(store, record) if options.follow else None
    return ("--history", json.dumps(told)) if told else ()


def list_servers(state_dir: Path) -> tuple[ModelServer, ...]:
    """Return the servers as they are now, newest first, then the endpoints of others."""
    from mlops_tui.services.serving.watched import list_watched

    found = processes.list_processes(state_dir, ProcessKind.SERVER)
    return (*(_asked(state_dir, record) for record in found), *list_watched(state_dir))


def get_server(state_dir: Path, process_id: str) -> ModelServer:
    """Return a server as it is now; raises ``NotFound``."""
    return _asked(state_dir, processes.get(state_dir, ProcessKind.SERVER, process_id))


def find_server(state_dir: Path, beginning: str) -> ModelServer:
    """Return the server whose id begins so, the newest for ``last``. Raises ``ServiceError``."""
    from mlops_tui.services.serving import watched

    own = processes.list_processes(state_dir, ProcessKind.SERVER)
    record = find_process((*own, *watched.kept(state_dir)), beginning, "server")
    return _asked(state_dir, record) if record in own else watched.asked(record)


def stop_server(store: Store, state_dir: Path, process_id: str) -> ProcessRecord:
    """Ask a server to end, without waiting for that; the history of its model tells it."""
    stopped = processes.stop(state_dir, ProcessKind.SERVER, process_id)
    serving_history.record_stop(store, stopped)
    return stopped


def port_is_free(port: int) -> bool:
    """Return whether something could listen there now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except (OSError, OverflowError):
            return False
        return True


def suggest_port(start: int = 1234, state_dir: Path | None = None) -> int:
    """Return the first free port from ``start`` on that none of our servers has been given."""
    taken = {port_of(record) for record in _active(state_dir)} if state_dir else set()
    for port in range(start, LAST_PORT + 1):
        if port not in taken and port_is_free(port):
            return port
    raise Conflict(f"No port from {start} on is free.", "Stop a server first.")


def _refuse_busy(state_dir: Path, port: int) -> None:
    """Raise before anything starts: a server would find out only when its model is loaded."""
    if not 0 < port <= LAST_PORT:
        raise InvalidInput(f"{port} is no port.", f"Choose 1 to {LAST_PORT}.")
    for record in _active(state_dir):
        if port_of(record) == port:
            raise Conflict(f"Port {port} belongs to {record.title}.", "Choose another one.")
    if not port_is_free(port):
        raise Conflict(f"Port {port} is taken, or not ours to use.", "Choose another one.")


def _refuse_without_uvicorn(python: Path, path: str) -> None:
    """Raise where MLflow would find no server to run: its own words would be "code 127"."""
    if python.exists() and which("uvicorn", path=path) is None:
        raise ServiceError(
            f"{python} has no uvicorn, which runs MLflow's model server.",
            f"{python} -m pip install mlflow, or name another Python by --python.",
        )


def _active(state_dir: Path) -> Iterable[ProcessRecord]:
    found = processes.list_processes(state_dir, ProcessKind.SERVER)
    here = (record for record in found if record.state is not ProcessState.ELSEWHERE)
    return [record for record in here if record.state.is_active]


def _plan(store: Store, version: ModelVersion, port: int) -> ProcessRecord:
    return ProcessRecord(
        process_id=records.new_id(),
        kind=ProcessKind.SERVER,
        title=f"{version.name} v{version.version}",
        command=(),
        cwd=str(child_environment.working_directory(store)),
        environment=(),
        store=child_environment.absolute(store).label,
        created_at=records.now(),
        details={
            "model": version.name,
            "version": version.version,
            "stage": version.stage.value,
            "aliases": json.dumps(version.aliases),
            "port": str(port),
            "run_id": version.run_id,
        },
    )


def _asked(state_dir: Path, record: ProcessRecord) -> ModelServer:
    if record.state is not ProcessState.RUNNING:
        # A server does not wait: such a record is not one of ours.
        return ModelServer(record, ENDED.get(record.state, ServerState.LOST))
    ready = state_dir / record.kind / record.process_id / "ready"
    if told := endpoints.figures(state_dir, record):
        with suppress(OSError):
            small_files.touch(ready)
        return ModelServer(record, ServerState.READY, told)
    asked_at = ready.stat().st_mtime if ready.exists() else None
    if asked_at is None or not 0 <= time.time() - asked_at < TRUST:
        if _answers(record):
            with suppress(OSError):
                small_files.touch(ready)
        elif asked_at is None:
            return ModelServer(record, ServerState.STARTING)
        else:
            record = replace(record, reason="It does not answer now.")
    return ModelServer(record, ServerState.READY)


def _answers(record: ProcessRecord) -> bool:
    from mlops_tui.services.serving.scoring import ping

    return ping(f"http://{HOST}:{port_of(record)}", PING_TIMEOUT) and _listens(record)


def _listens(record: ProcessRecord) -> bool:
    """Return whether the port is held by the server's own process or one below it.

    Another program may have taken the port while the model was being loaded.
    """
    import psutil

    leader = recorded_process.leader(record)
    if leader is None:
        return False
    try:
        family = [leader, *leader.children(recursive=True)]
        return any(
            socket_.status == psutil.CONN_LISTEN and socket_.laddr.port == port_of(record)
            for process in family
            for socket_ in process.net_connections("tcp")
        )
    except psutil.Error:
        return False
