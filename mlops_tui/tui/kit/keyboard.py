"""Parses terminal input; alt+X is read as escape, then X, since tmux joins the two."""

import os
import re
import selectors
from codecs import getincrementaldecoder
from collections.abc import Iterable, Iterator
from itertools import chain

from textual import events
from textual._xterm_parser import BRACKETED_PASTE_END, BRACKETED_PASTE_START, XTermParser
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

ESCAPE = "\x1b"

INTRODUCERS = frozenset("[O\x7f")
"""Characters after an escape that continue a sequence; also alt+backspace."""

WAITING = 0.1
"""Seconds between two checks of an incomplete sequence."""

READ_AT_ONCE = 4096
"""The most bytes per read."""

UNKNOWN = re.compile(r"\x1b\[[0-?]+[ -/]*[@-~]")
"""A complete sequence with parameters, which is never typed by hand."""

TYPED = re.compile(r"\x1b(?:O.|\[[@-LN-Z\\-~])", re.DOTALL)
"""A complete sequence that is no key: read as escape and two more keys."""


def without_alt(key: events.Key) -> tuple[events.Key, ...]:
    """Return a key; for alt+X return escape and X."""
    *modifiers, name = key.key.split("+")
    if "alt" not in modifiers:
        return (key,)
    modifiers.remove("alt")
    if modifiers == ["shift"] and len(name) == 1:
        modifiers, name = [], name.upper()
    character = name if len(name) == 1 and not modifiers else key.character
    return _escape(), events.Key("+".join([*modifiers, name]), character)


def _escape() -> events.Key:
    return events.Key("escape", ESCAPE)


class KeyParser(XTermParser):
    """Parses what the terminal sends into key and paste events.

    Textual reads escape followed by a letter as one key, or as a character ("™" for escape and
    ``2``), even if they were pressed one after the other, which tmux sends together. A paste is
    taken as a whole, with the escapes in it.
    """

    def __init__(self, debug: bool = False) -> None:  # noqa: FBT001, FBT002 - Textual's signature
        super().__init__(debug)
        self._sequence = ""
        """The characters since the last escape, until they form a key."""
        self._paste: list[str] = []
        self._is_pasting = False
        self._tail = ""

    def feed(self, data: str) -> Iterable[Message]:
        """Parse input; an empty text means its end."""
        if not data:
            yield from super().feed(data)
        while data:
            if not self._is_pasting:
                yield from self._take(data[0])
                data = data[1:]
            else:
                taken = self._take_pasted(data)
                data = data[taken:]
                yield from self._pasted()

    def _sequence_to_key_events(self, sequence: str, alt: bool = False) -> Iterable[events.Key]:  # noqa: FBT001, FBT002 - Textual's signature
        try:
            keys = list(super()._sequence_to_key_events(sequence))
        except (OverflowError, ValueError):  # the number of a key that is no character
            return ()
        return chain([_escape()], keys) if alt else keys

    @property
    def _waits(self) -> bool:
        return self._timeout_time is not None

    def _take(self, character: str) -> Iterator[Message]:
        if not self._waits:
            self._sequence = ""
        elif character == ESCAPE or (self._sequence == ESCAPE and self._is_key(character)):
            yield from self._give_up()
        self._sequence += character
        if self._sequence == BRACKETED_PASTE_START:
            self._drop()
            self._is_pasting = True
            return
        yield from super().feed(character)
        if self._waits and UNKNOWN.fullmatch(self._sequence):
            self._drop()
        elif self._waits and TYPED.fullmatch(self._sequence):
            yield from self._give_up()

    @staticmethod
    def _is_key(character: str) -> bool:
        # The Linux console has this for shift+tab.
        if character == "\t" and os.environ.get("TERM") == "linux":
            return False
        return character not in INTRODUCERS

    def _give_up(self) -> Iterator[Message]:
        """Read the incomplete sequence as single keys."""
        self._sequence, self._timeout_time = "", 0.0
        yield from self.tick()

    def _drop(self) -> None:
        for _ in self._give_up():
            pass

    def _take_pasted(self, data: str) -> int:
        """Take the part that belongs to the paste; return its length."""
        searched = self._tail + data
        end = searched.find(BRACKETED_PASTE_END)
        taken = len(data) if end < 0 else end + len(BRACKETED_PASTE_END) - len(self._tail)
        self._paste.append(data[:taken])
        self._tail = searched[1 - len(BRACKETED_PASTE_END) :] if end < 0 else BRACKETED_PASTE_END
        return taken

    def _pasted(self) -> Iterator[Message]:
        if self._tail == BRACKETED_PASTE_END:
            text = "".join(self._paste).removesuffix(BRACKETED_PASTE_END)
            self._paste, self._tail, self._is_pasting = [], "", False
            yield events.Paste(text.replace("\0", ""))


class KeyDriver(LinuxDriver):
    """Textual's terminal driver with ``KeyParser``."""

    def run_input_thread(self) -> None:
        """Read keys until the app ends."""
        parser = KeyParser(self._debug)
        decode = getincrementaldecoder("utf-8")("replace").decode
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                text = ""
                for _ in selector.select(WAITING):
                    text = decode(os.read(self.fileno, READ_AT_ONCE))
                for event in chain(parser.feed(text) if text else (), parser.tick()):
                    self.process_message(event)
