"""The first bytes of a file that a server passes on."""

import posixpath
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from mlflow import MlflowClient

SERVED = ("mlflow-artifacts", "http", "https")
"""The schemes of locations behind an MLflow server."""


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
    from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository
    from mlflow.utils.credentials import get_default_host_creds
    from mlflow.utils.request_utils import augmented_raise_for_status
    from mlflow.utils.rest_utils import http_request

    served = get_artifact_repository(location, tracking_uri=client.tracking_uri)
    credentials = get_default_host_creds(served.artifact_uri)  # type: ignore[no-untyped-call]
    with tempfile.TemporaryDirectory(prefix="mlops-tui-") as scratch:
        file = Path(scratch, Path(path).name)
        place = posixpath.join("/", path)
        answer = http_request(credentials, place, "GET", stream=True)  # type: ignore[no-untyped-call]
        with closing(answer):
            augmented_raise_for_status(answer)  # type: ignore[no-untyped-call]
            # A byte more tells that it is not all.
            file.write_bytes(next(answer.iter_content(limit + 1), b""))
        yield file
