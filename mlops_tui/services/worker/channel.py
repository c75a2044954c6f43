"""Objects that travel between two processes of ours."""

import pickle
import socket
from contextlib import suppress
from struct import Struct
from typing import Any

HEADER = Struct("!qQ")
"""The call that a message belongs to, the number of its bytes."""

LARGEST = 1 << 40
"""Bytes; a message that claims to be longer is none of ours."""


class UnreadableError(Exception):
    """A whole message came whose object this process cannot make: its code is another."""

    def __init__(self, call_id: int) -> None:
        super().__init__(call_id)
        self.call_id = call_id


def packed(call_id: int, item: object) -> bytes:
    """Return an object as a message."""
    body = pickle.dumps(item)
    return HEADER.pack(call_id, len(body)) + body


class Channel:
    """Passes objects over a socket.

    It is what ``multiprocessing.connection`` does, without the 10 ms that its import takes from the
    first frame. Each message says how long it is, so that one that cannot be read spoils no other.
    """

    def __init__(self, number: int) -> None:
        self._socket = socket.socket(fileno=number)
        self._file = self._socket.makefile("rb")

    def write(self, message: bytes) -> None:
        """Pass a packed object, waiting for room; raises ``OSError`` when nobody is there."""
        self._socket.sendall(message)

    def receive(self) -> Any:
        """Wait for the next object.

        Raises ``EOFError`` or ``OSError`` when nobody is there, else ``UnreadableError``.
        """
        call_id, size = HEADER.unpack(self._read(HEADER.size))
        if size > LARGEST:
            raise EOFError
        body = self._read(size)
        try:
            return pickle.loads(body)  # noqa: S301 - our own process wrote it
        except Exception:  # noqa: BLE001 - classes that have changed raise whatever they like
            raise UnreadableError(call_id) from None

    def _read(self, size: int) -> bytes:
        found = self._file.read(size)
        if len(found) < size:
            raise EOFError  # it ended in the middle of a word
        return found

    def shut(self) -> None:
        """Let both sides read to an end."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Let both sides read to an end; nobody here reads any more."""
        self.shut()
        self._file.close()
        self._socket.close()
