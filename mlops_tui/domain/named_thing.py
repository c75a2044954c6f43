"""What can be found by its name."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What kinds of things have names."""

    EXPERIMENT = "experiment"
    MODEL = "model"
    VERSION = "version"
    RUN = "run"


@dataclass(frozen=True, slots=True)
class NamedThing:
    """An experiment, a registered model, one of its versions, or a run."""

    kind: Kind
    name: str
    key: str
    """The id of an experiment or a run, the name of a model, the number of a version."""
    about: str = ""
    """Where it is, or what else is known of it."""
