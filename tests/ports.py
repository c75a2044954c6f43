"""Ports of this machine."""

import socket
from contextlib import closing, suppress
from random import SystemRandom

OURS = range(20_000, 32_000)
"""Below those that Linux gives to whoever asks for any port, also to each connection that begins:
what goes away and comes back finds its port free."""


def free_port() -> int:
    """Return a port that nobody uses now."""
    for port in SystemRandom().sample(OURS, 100):  # hypothesis seeds the other generator
        with closing(socket.socket()) as listener, suppress(OSError):
            listener.bind(("127.0.0.1", port))
            return port
    raise OSError("A hundred ports in use.")
