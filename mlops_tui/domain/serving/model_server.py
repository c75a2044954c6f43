"""A served model: its process with what it answers."""

import json
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum

from mlops_tui.domain.errors import InvalidInput
from mlops_tui.domain.processes.process import ProcessRecord
from mlops_tui.domain.serving.endpoint_figures import EndpointFigures
from mlops_tui.domain.serving.protocol import read_address


def port_of(record: ProcessRecord) -> int:
    """Return the port that a server was started on; 0 when the record names none."""
    text = record.details.get("port", "")
    return int(text) if text.isdecimal() and len(text) <= len("65535") else 0


class ServerState(StrEnum):
    """What ``/ping`` and the process say together of a model server."""

    STARTING = "starting"
    READY = "ready"
    STOPPING = "stopping"
    ELSEWHERE = "elsewhere"
    STOPPED = "stopped"
    FAILED = "failed"
    LOST = "lost"
    SILENT = "no answer"
    """Of an endpoint of others."""

    @property
    def is_up(self) -> bool:
        """Whether it answers, or may answer soon."""
        return self in (ServerState.STARTING, ServerState.READY)


@dataclass(frozen=True, slots=True)
class ModelServer:
    """A served model: its process with what it answers now."""

    record: ProcessRecord
    state: ServerState
    figures: EndpointFigures | None = None
    """None where it tells none: it starts, it has ended, MLflow alone serves."""

    @property
    def model(self) -> str:
        """The registered model's name."""
        return self.record.details.get("model", "")

    @property
    def version(self) -> str:
        """The version that answers: another than at the start where an alias is followed."""
        told = self.figures.version if self.figures else ""
        return told or self.record.details.get("version", "")

    @property
    def aliases(self) -> tuple[str, ...]:
        """The version's aliases when it was started."""
        with suppress(ValueError):
            names = json.loads(self.record.details.get("aliases", "[]"))
            return tuple(map(str, names)) if isinstance(names, list) else ()
        return ()

    @property
    def port(self) -> int:
        """The port on 127.0.0.1."""
        return port_of(self.record)

    @property
    def url(self) -> str:
        """The server's address, without the path that requests are sent to."""
        return self.record.details.get("url") or f"http://127.0.0.1:{self.port}"

    @property
    def is_watched(self) -> bool:
        """Whether others run it: it was not started here."""
        return "url" in self.record.details

    @property
    def history(self) -> tuple[str, str]:
        """Store and model whose requests are kept together; of others, each address has its own."""
        return self.record.store, self.url if self.is_watched else self.model

    @property
    def predict_url(self) -> str:
        """Where requests are sent; an address that makes no sense as it is."""
        try:
            return read_address(self.url).predict
        except InvalidInput:
            return self.url
