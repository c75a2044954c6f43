"""Letting a version into a stage that has a gate."""

from dataclasses import dataclass, field, replace
from time import time
from typing import TYPE_CHECKING

from mlops_tui.domain.gate.admission import Admission, admit, override_tags
from mlops_tui.domain.models.registry_event import RegistryEvent
from mlops_tui.domain.models.transition import Transition
from mlops_tui.services.models.recorder import Present

if TYPE_CHECKING:
    from mlflow import MlflowClient


@dataclass
class GatedEntry:
    """One move to a stage; a ``reason`` overrides the stage's gate."""

    transition: Transition
    reason: str = ""
    admission: Admission = field(default_factory=Admission)

    def check(self, present: Present, *, comes_back: bool) -> None:
        """Raise ``GateRefused`` where the gate keeps the version out as the model is now."""
        model, versions = present
        self.admission = admit(
            self.transition,
            versions,
            model.tags,
            override_reason=self.reason,
            comes_back=comes_back,
        )

    def note(self, mlflow_client: "MlflowClient") -> None:
        """Write on the version that its gate was overridden, if it was."""
        if self.admission.is_overridden:
            now = round(time() * 1000)
            for key, value in override_tags(self.transition, self.admission, now).items():
                mlflow_client.set_model_version_tag(
                    self.transition.model, self.transition.target.version, key, value
                )

    def told(self, event: RegistryEvent) -> RegistryEvent:
        """Return the event of the move with what the gate said."""
        return replace(
            event, gate_run=self.admission.run_id, overridden=self.admission.is_overridden
        )
