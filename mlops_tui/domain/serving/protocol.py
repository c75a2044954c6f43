"""The protocols that model servers speak, told apart by their address.

MLflow: ``http://HOST:PORT``; KServe V1: ``…/v1/models/NAME``; Open Inference V2:
``…/v2/models/NAME``, perhaps with ``/versions/V``.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from mlops_tui.domain.errors import InvalidInput
from mlops_tui.domain.store import redact

V1 = re.compile(r"(?P<base>.*/v1/models/(?P<model>[^/:]+))(?::predict)?")
V2 = re.compile(
    r"(?P<base>.*/v2/models/(?P<model>[^/]+)(?:/versions/(?P<version>[^/]+))?)(?:/infer|/ready)?"
)


class Protocol(StrEnum):
    """What a server understands."""

    MLFLOW = "MLflow"
    KSERVE_V1 = "KServe V1"
    OPEN_INFERENCE = "Open Inference V2"


@dataclass(frozen=True, slots=True)
class Address:
    """Where a model answers; model and version are empty where the address names none."""

    protocol: Protocol
    url: str
    model: str = ""
    version: str = ""

    @property
    def predict(self) -> str:
        """Where requests are sent."""
        ends = {
            Protocol.MLFLOW: "/invocations",
            Protocol.KSERVE_V1: ":predict",
            Protocol.OPEN_INFERENCE: "/infer",
        }
        return self.url + ends[self.protocol]

    @property
    def ready(self) -> str:
        """What answers with 200 where the model is ready."""
        ends = {
            Protocol.MLFLOW: "/ping",
            Protocol.KSERVE_V1: "",
            Protocol.OPEN_INFERENCE: "/ready",
        }
        return self.url + ends[self.protocol]


def read_address(text: str) -> Address:
    """Return what an address means; raises ``InvalidInput`` where it is none."""
    url = text.strip().rstrip("/")
    try:
        parts = urlsplit(url)
        is_address = parts.scheme in ("http", "https") and bool(parts.hostname)
        _ = parts.port
    except ValueError:
        is_address = False
    if not is_address or parts.query or parts.fragment:
        raise InvalidInput(
            f"{redact(url)!r} is no address of a model server.",
            "Write it as http://HOST:PORT, or with /v1/models/NAME or /v2/models/NAME.",
        )
    if found := V2.fullmatch(url):
        version = found["version"] or ""
        return Address(Protocol.OPEN_INFERENCE, found["base"], found["model"], version)
    if found := V1.fullmatch(url):
        return Address(Protocol.KSERVE_V1, found["base"], found["model"])
    return Address(Protocol.MLFLOW, url.removesuffix("/invocations").rstrip("/"))
