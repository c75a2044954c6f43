"""The message by which a screen tells the others about a change."""

from dataclasses import dataclass
from enum import Enum, auto


class Topic(Enum):
    """A kind of data that may have changed."""

    RUNS = auto()
    JOBS = auto()
    MODELS = auto()
    SERVERS = auto()
    MONITORS = auto()


@dataclass(frozen=True, slots=True)
class Changed:
    """Something was written; screens that show the topic read it again."""

    topic: Topic
