"""How a library that reads command lines tells a value from a flag."""

import re
from dataclasses import dataclass

NEGATIVE = re.compile(r"-\d+|-\d*\.\d+")
"""What argparse, in every version, takes for a number rather than for a flag."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a library tells a value from a flag.

    A word that begins with one of ``prefixes`` may be taken for a flag, unless the library
    ``takes_any`` word behind a flag; it is tied to its flag by "=", which ``ties_short`` allows for
    flags with one dash. ``negatives`` is whether negative numbers are taken for values. A word that
    begins with one of ``files`` is replaced by what the file of that name holds.
    """

    prefixes: str = "-"
    takes_any: bool = False
    ties_short: bool = False
    negatives: bool = True
    files: str = ""

    def is_flag_like(self, word: str) -> bool:
        """Return whether a word among several values would be taken for a flag."""
        if self.takes_any or not self.has_prefix(word) or word in self.prefixes:
            return False
        return not (self.negatives and NEGATIVE.fullmatch(word))

    def has_prefix(self, word: str) -> bool:
        """Return whether a word begins as one does that is no value."""
        return word[:1] != "" and word[0] in f"{self.prefixes}{self.files}"


PLAIN = Dialect()
