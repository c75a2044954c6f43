"""What is known about a store that could be opened."""

from dataclasses import dataclass
from enum import StrEnum


class StoreState(StrEnum):
    """Whether a store can be opened."""

    ANSWERS = "answers"
    LOGIN = "login needed"
    REFUSED = "login refused"
    UNREACHABLE = "unreachable"
    UNUSABLE = "unusable"
    ABSENT = "not created yet"
    BEHIND = "asked when opened"
    """Behind a host that is reached by SSH, which nobody has asked for."""


@dataclass(frozen=True, slots=True)
class StoreStatus:
    """The state of a store; ``version`` is that of its server, ``reason`` why it cannot be used."""

    state: StoreState
    version: str = ""
    reason: str = ""
