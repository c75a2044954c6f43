"""The screens that have a digit."""

from enum import StrEnum


class Place(StrEnum):
    """A screen that has a digit, by the name that the settings use; in the order of the digits."""

    LOOP = "loop"
    EXPERIMENTS = "experiments"
    TRAINING = "training"
    MODELS = "models"
    SERVING = "serving"
    MONITORING = "monitoring"
    DATA = "data"
