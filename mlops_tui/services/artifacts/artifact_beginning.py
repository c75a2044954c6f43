"""The first bytes of a file that a server passes on."""

import posixpath
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from mlops_tui.services.mlflow_internals import served_file

if TYPE_CHECKING:
    from mlflow import MlflowClient

SERVED = ("mlflow-artifacts", "http", "https")
"""The schemes of locations behind an MLflow server."""

CHUNK = 64 * 1024
"""Bytes that are asked for at once; a server may pass on fewer."""


@contextmanager
def beginning(
    client: "MlflowClient", location: str, path: str, limit: int
) -> Iterator[Path | None]:
    """Yield a file with little more than the first ``limit`` bytes while the block runs.

    None where the artifacts are not passed on by an MLflow server: only of that can a part be read.
    """
    if urlsplit(location).scheme not in SERVED:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="mlops-tui-") as scratch:
        file = Path(scratch, Path(path).name)
        with served_file(client, location, posixpath.join("/", path)) as answer:
            if answer is not None:
                file.write_bytes(_first(answer.iter_content(CHUNK), limit))
        yield None if answer is None else file


def _first(chunks: Iterable[bytes], limit: int) -> bytes:
    """Return the first ``limit`` bytes; a byte more tells that it is not all."""
    taken = b""
    for chunk in chunks:
        taken += chunk
        if len(taken) > limit:
            break
    return taken[: limit + 1]
