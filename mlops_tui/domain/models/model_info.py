"""What a logged model says about itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from mlops_tui.domain.json_text import Json
from mlops_tui.domain.models.signature import Signature


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """A model's own description; texts are empty and ``size`` None where it does not say.

    ``input_example`` is the JSON text of a request, as MLflow saved it for serving.
    """

    uri: str
    signature: Signature = field(default_factory=Signature)
    params: Mapping[str, Json] = field(default_factory=dict)
    """The params that the signature names, with their defaults."""
    input_example: str = ""
    flavors: tuple[str, ...] = ()
    mlflow_version: str = ""
    model_id: str = ""
    run_id: str = ""
    size: int | None = None
    """Bytes of the model's files."""
