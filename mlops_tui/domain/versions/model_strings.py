"""What a filter looks at in a registered model."""

from collections.abc import Iterator

from mlops_tui.domain.gate.standing import standing_of_newest
from mlops_tui.domain.models.model import RegisteredModel


def model_strings(model: RegisteredModel) -> Iterator[str]:
    """Return what a filter looks at in a registered model, of all of its versions.

    ``stage:…``, ``alias:…`` and ``tag:…`` are among them, and the ``gate:…`` of the newest version.
    """
    yield from (model.name, model.description)
    yield from (f"stage:{stage}" for stage in model.latest)
    yield from (f"alias:{alias}" for alias in model.aliases)
    yield from (f"tag:{key}={value}" for key, value in model.tags.items())
    if gate := standing_of_newest(model):
        yield f"gate:{gate}"
