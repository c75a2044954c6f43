"""Bytes of a log as they are searched: without escape sequences, without what was redrawn."""

import re

ESCAPES = re.compile(
    rb"\x1b(?:[P\]X^_][^\x07\x1b\n]*(?:\x1b\\|\x07|(?=\n)|\Z)|\[[0-?]*[ -/]*[@-~]?|[ -/]*[0-~]?)"
)
BACK = ord("\b")


def settled_text(data: bytes) -> bytes:
    """Return the same number of lines, as they read in the end, much faster than one by one."""
    if b"\x1b" in data:
        data = ESCAPES.sub(b"", data)
    if b"\r" in data:
        data = b"\n".join(map(_last_state, data.split(b"\n")))
    if b"\b" in data:
        data = b"\n".join(map(_without_taken_back, data.split(b"\n")))
    return data.replace(b"\t", b" ")


def _last_state(line: bytes) -> bytes:
    """Return what stands behind the last carriage return of a line that anything follows."""
    return line.rstrip(b"\r").rpartition(b"\r")[2]


def _without_taken_back(line: bytes) -> bytes:
    if b"\b" not in line:
        return line
    kept = bytearray()
    for byte in line:
        if byte == BACK and kept and kept[-1] != BACK:
            kept.pop()
        else:
            kept.append(byte)
    return bytes(kept)
