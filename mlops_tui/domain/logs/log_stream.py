"""Which output of a process wrote something."""

from enum import IntEnum


class Stream(IntEnum):
    """An output, by the number of its descriptor; ``UNKNOWN`` claims nothing."""

    UNKNOWN = 0
    STDOUT = 1
    STDERR = 2
