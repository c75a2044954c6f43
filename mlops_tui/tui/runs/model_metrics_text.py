"""What was measured of a model, by data set."""

from collections.abc import Iterable

from rich.text import Text

from mlops_tui.domain.models.model_metric import ModelMetric, by_dataset
from mlops_tui.tui.kit.facts import section
from mlops_tui.tui.kit.formatting import number, plain


def measured(metrics: Iterable[ModelMetric], model: str = "") -> Text:
    """Return a section for each data set that the model was measured on."""
    whose = f"{plain(model).plain} on" if model else "On"
    return Text("\n").join(
        section(
            f"{whose} {plain(dataset).plain}",
            {key: Text(number(value)) for key, value in values.items()},
        )
        for dataset, values in by_dataset(metrics).items()
    )


def measured_line(metrics: Iterable[ModelMetric]) -> str:
    """Return the same on one line."""
    return "; ".join(
        f"{dataset}: {', '.join(f'{key} {number(value)}' for key, value in values.items())}"
        for dataset, values in by_dataset(metrics).items()
    )
