"""The comparison of several runs."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from mlops_tui.domain.metrics.interest import by_interest
from mlops_tui.domain.metrics.metric_value import is_drawable
from mlops_tui.domain.moment import local, seconds_between
from mlops_tui.domain.runs.run import Run

SYSTEM = "mlflow."
"""How the tags begin that MLflow itself sets."""

Value = float | str


class Kind(StrEnum):
    """What is compared of a run."""

    METRIC = "metric"
    PARAM = "param"
    TAG = "tag"
    ATTRIBUTE = "attribute"
    DATASET = "data set"
    VERSION = "version"
    SIGNATURE = "signature"
    REQUIREMENT = "package"
    GATE = "gate"


OF_MODEL = (Kind.SIGNATURE, Kind.REQUIREMENT, Kind.GATE)
"""What only versions of models have, beside facts of the version itself."""


@dataclass(frozen=True, slots=True)
class Trait:
    """One metric, param, tag, data set or attribute, which every run may have a value of."""

    kind: Kind
    key: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.key}"

    def of(self, run: Run) -> Value | None:
        """Return the run's value."""
        if self.kind is Kind.METRIC:
            return run.metrics.get(self.key)
        if self.kind is Kind.ATTRIBUTE:
            return ATTRIBUTES[self.key](run)
        texts = {Kind.PARAM: run.params, Kind.TAG: run.tags, Kind.DATASET: run.datasets}
        of_model = (run.model_facts or {}).get(self.kind, {})
        return texts.get(self.kind, of_model).get(self.key)

    def number(self, run: Run) -> float | None:
        """Return the run's value as a number that can be drawn, None when it is none."""
        value = self.of(run)
        try:
            number = float(value) if value is not None else None
        except ValueError:
            return None
        return number if number is not None and is_drawable(number) else None


def _started(run: Run) -> str | None:
    moment = local(run.started_at) if run.started_at else None
    return f"{moment:%Y-%m-%d %H:%M:%S}" if moment else None


def _duration(run: Run) -> float | None:
    if not run.started_at or run.ended_at is None:
        return None
    return seconds_between(run.started_at, run.ended_at)


ATTRIBUTES: Mapping[str, Callable[[Run], Value | None]] = {
    "experiment": lambda run: run.experiment_name or run.experiment_id or None,
    "status": lambda run: run.status.value if run.experiment_id else None,
    "started": _started,
    "duration": _duration,
    "steps": lambda run: None if run.last_step is None else float(run.last_step),
    "user": lambda run: run.user or None,
    "source": lambda run: run.tags.get("mlflow.source.name"),
    "commit": lambda run: run.tags.get("mlflow.source.git.commit"),
}
"""What every run has, or may have; ``duration`` is in seconds."""

EXPERIMENT = Trait(Kind.ATTRIBUTE, "experiment")


def traits(runs: Sequence[Run]) -> tuple[Trait, ...]:
    """Return the params, then the metrics, then the tags that any of the runs has, by name.

    Where they are of several experiments, these come first.
    """
    keys = {
        Kind.PARAM: {key for run in runs for key in run.params},
        Kind.METRIC: {key for run in runs for key in run.metrics},
        **{kind: _keys_of_model(kind, runs) for kind in OF_MODEL},
        Kind.TAG: {key for run in runs for key in run.tags if not key.startswith(SYSTEM)},
    }
    first = (EXPERIMENT,) if differs(EXPERIMENT, runs) else ()
    return first + tuple(Trait(kind, key) for kind, known in keys.items() for key in sorted(known))


def facts(runs: Sequence[Run]) -> tuple[Trait, ...]:
    """Return the attributes that any of the runs has, then the data sets; without experiment.

    What the registry says of versions comes first.
    """
    known = (Trait(Kind.ATTRIBUTE, key) for key in ATTRIBUTES if key != EXPERIMENT.key)
    named = sorted({name for run in runs for name in run.datasets})
    of_versions = dict.fromkeys(_keys_of_model(Kind.VERSION, runs))
    return (
        *(Trait(Kind.VERSION, key) for key in of_versions),
        *(trait for trait in known if any(trait.of(run) is not None for run in runs)),
        *(Trait(Kind.DATASET, name) for name in named),
    )


def _keys_of_model(kind: Kind, runs: Sequence[Run]) -> dict[str, None]:
    """Return the keys of a kind that only versions of models have, in their order."""
    return {key: None for run in runs for key in (run.model_facts or {}).get(kind, {})}


def differs(trait: Trait, runs: Sequence[Run]) -> bool:
    """Return whether the runs do not all have the same value; having none is a value too."""
    return len({repr(trait.of(run)) for run in runs}) > 1


def metric_keys(runs: Sequence[Run]) -> tuple[str, ...]:
    """Return the metrics in the order in which to look at them."""
    return by_interest(Counter(key for run in runs for key in run.metrics))


def trait_label(trait: Trait, runs: Sequence[Run]) -> str:
    """Return what a trait is called: its key, with its kind where another kind has that key too."""
    is_metric = any(trait.key in run.metrics for run in runs)
    is_param = any(trait.key in run.params for run in runs)
    return f"{trait.kind} {trait.key}" if is_metric and is_param else trait.key


def delta(trait: Trait, run: Run, baseline: Run) -> float | None:
    """Return how much more a number is than that of the baseline, None without two numbers."""
    value, base = trait.number(run), trait.number(baseline)
    return None if value is None or base is None else value - base
