"""The process that fetches artifacts: it can be ended in the middle, MLflow's threads cannot.

It reads an order from its standard input, answers with why it failed, or nothing. When the input
ends before it is done, nobody waits any more: it removes what it has and ends.
"""

import json
import os
import shutil
import sys
import threading
from pathlib import Path

from mlops_tui.domain.errors import ServiceError
from mlops_tui.services.artifacts.artifact_file import local_folder
from mlops_tui.services.mlflow_internals import files_at
from mlops_tui.services.store.failures import translated


def fetch(location: str, path: str, folder: Path, tracking_uri: str) -> None:
    """Fetch a file or folder to ``folder / path``; raises ``ServiceError``."""
    with translated():
        local = local_folder(location)
        if local is not None:
            _copy(local / path, folder / path)
            return
        import mlflow

        mlflow.set_tracking_uri(tracking_uri)
        files_at(location).download_artifacts(path, str(folder))


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if not source.is_dir():
        shutil.copyfile(source, target)
        return
    try:
        shutil.copytree(source, target, copy_function=shutil.copyfile, dirs_exist_ok=True)
    except shutil.Error as error:
        reasons = [reason for _source, _target, reason in error.args[0]]
        raise ServiceError(f"Cannot copy: {reasons[0]}.") from None


def _end_when_abandoned(folder: Path) -> None:
    # Not through ``sys.stdin``, whose lock would be held when Python ends.
    while os.read(0, 1):
        pass
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(1)


def main() -> None:
    """Take the order, fetch."""
    order = json.loads(sys.stdin.readline())
    folder = Path(order["folder"])
    threading.Thread(target=_end_when_abandoned, args=(folder,), daemon=True).start()
    try:
        fetch(order["location"], order["path"], folder, order["tracking_uri"])
    except ServiceError as error:
        sys.stdout.write(json.dumps([error.message, error.hint]))
        sys.exit(1)


if __name__ == "__main__":
    main()
