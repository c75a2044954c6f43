"""The address of a store behind a host that is reached by SSH."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from urllib.parse import urlsplit, urlunsplit

from mlops_tui.domain.errors import InvalidInput, ServiceError, Unreachable
from mlops_tui.domain.store import Store, redact

PORTS = {"http": 80, "postgresql": 5432, "mysql": 3306, "mssql": 1433}
"""The port of an address that names none."""

HOST = r"(ssh://)?[\w.@:%\[\]][\w.@:%\[\]-]*"
"""What ssh takes for a host, with user and port; never an option."""

HERE = "127.0.0.1"


class TunnelClosed(Unreachable):
    """The tunnel to the store is not open."""

    word = "no tunnel"


def tunnel_problem(store: Store) -> InvalidInput | None:
    """Return why a store cannot be reached as it says, None where it can or says no host."""
    if not store.ssh:
        return None
    if not re.fullmatch(HOST, store.ssh) or "@-" in store.ssh:
        return InvalidInput(
            f"ssh names {store.ssh!r}, which is no host.",
            "Write HOST or USER@HOST, as for ssh, or ssh://USER@HOST:PORT.",
        )
    if store.tracking_uri.startswith("https:"):
        return InvalidInput(
            "An https:// address does not work through ssh: its certificate is for another name.",
            "Use http://, since SSH encrypts the way there.",
        )
    if far_end(store.tracking_uri) is None:
        return InvalidInput(
            "ssh needs an address with a host and a port.", "Write http://HOST:PORT."
        )
    return None


def far_end(uri: str) -> tuple[str, int] | None:
    """Return host and port of an address, None where it has none."""
    try:
        parts = urlsplit(uri)
        port = parts.port or PORTS.get(parts.scheme.partition("+")[0])
        host = parts.hostname or ""
    except ValueError:
        return None
    if not port or not re.fullmatch(r"[\w.:-]+", host) or host.startswith("-"):
        return None
    return host, port


def through(store: Store, port: int) -> Store:
    """Return the store as it is reached through a tunnel that begins at a port of ours."""
    far = store.far_uri or store.tracking_uri
    parts = urlsplit(far)
    user, at, _ = parts.netloc.rpartition("@")
    near = urlunsplit(parts._replace(netloc=f"{user}{at}{HERE}:{port}"))
    return replace(store, tracking_uri=near, far_uri=far)


def ssh_arguments(store: Store, port: int) -> list[str]:
    """Return the arguments for ssh: it asks nothing, trusts known hosts only, and ends if it fails.

    A connection that it shares with another ssh would not end with it.
    """
    host, far_port = far_end(store.far_uri or store.tracking_uri) or ("", 0)
    options = {
        "BatchMode": "yes",
        "StrictHostKeyChecking": "yes",
        "ExitOnForwardFailure": "yes",
        "ConnectTimeout": "10",
        "ServerAliveInterval": "10",
        "ServerAliveCountMax": "3",
        "ControlMaster": "no",
        "ControlPath": "none",
        "ForwardAgent": "no",
        "ForwardX11": "no",
        "PermitLocalCommand": "no",
    }
    forward = f"{HERE}:{port}:{f'[{host}]' if ':' in host else host}:{far_port}"
    words = [word for name, value in options.items() for word in ("-o", f"{name}={value}")]
    return ["-N", "-T", *words, "-L", forward, "--", store.ssh]


def named(failure: ServiceError, store: Store) -> ServiceError:
    """Return a failure that names the store's own address, not the end of a tunnel."""
    near = redact(store.tracking_uri)
    if not store.far_uri or near not in f"{failure.message}{failure.hint}":
        return failure
    words = (text.replace(near, store.label) for text in (failure.message, failure.hint))
    return type(failure)(*words)


@contextmanager
def telling_apart(store: Store) -> Iterator[None]:
    """Let each ``ServiceError`` of the block name the store's own address."""
    try:
        yield
    except ServiceError as failure:
        raise named(failure, store) from None
