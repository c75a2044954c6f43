"""What was measured of a logged model, by the data set that it was measured on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

UNNAMED = "an unnamed data set"


@dataclass(frozen=True, slots=True)
class ModelMetric:
    """The last value of a metric on a data set; its name is empty where none was said."""

    key: str
    value: float
    dataset: str = ""
    digest: str = ""


def by_dataset(metrics: Iterable[ModelMetric]) -> Mapping[str, Mapping[str, float]]:
    """Return the values by data set, those without one last.

    Data sets of one name are told apart by their digests.
    """
    known = list(metrics)
    digests: dict[str, set[str]] = {}
    for one in known:
        digests.setdefault(one.dataset, set()).add(one.digest)
    found: dict[str, dict[str, float]] = {}
    for one in sorted(known, key=lambda one: (not one.dataset, one.dataset, one.digest, one.key)):
        label = one.dataset or UNNAMED
        if len(digests[one.dataset]) > 1:
            label = f"{label} {one.digest[:8]}".rstrip()
        found.setdefault(label, {})[one.key] = one.value
    return found
