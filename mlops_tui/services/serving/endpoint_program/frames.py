"""Messages between an endpoint and the process of a model: an object with some bytes each."""

import json
import struct
from asyncio import StreamReader
from socket import socket
from typing import Any

BEHIND, TRY = "behind", "try"
"""Words of the process's command line: what it is, and that the model's example counts."""

SIZES = struct.Struct("!IQ")
"""Bytes of the object as JSON, and of the body behind it."""

Frame = tuple[dict[str, Any], bytes]


def packed(head: dict[str, Any], body: bytes = b"") -> bytes:
    """Return a message as bytes."""
    text = json.dumps(head).encode()
    return b"".join((SIZES.pack(len(text), len(body)), text, body))


async def read(reader: StreamReader) -> Frame:
    """Return the next message; raises ``IncompleteReadError`` where the other side is gone."""
    text, body = SIZES.unpack(await reader.readexactly(SIZES.size))
    head = json.loads(await reader.readexactly(text))
    return head, await reader.readexactly(body) if body else b""


def receive(channel: socket) -> dict[str, Any]:
    """Wait for the first message, which has no body; raises ``OSError`` or ``EOFError``."""
    text, _ = SIZES.unpack(_exactly(channel, SIZES.size))
    head: dict[str, Any] = json.loads(_exactly(channel, text))
    return head


def _exactly(channel: socket, count: int) -> bytes:
    found = b""
    while len(found) < count:
        part = channel.recv(count - len(found))
        if not part:
            raise EOFError
        found += part
    return found
