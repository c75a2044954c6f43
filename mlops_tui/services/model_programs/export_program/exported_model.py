"""A model in ONNX, beside what proves that it says the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from onnx import ModelProto

    from ..gate_program.holdout import HoldOut
    from .columns import Columns
    from .parity import Parity


@dataclass(frozen=True)
class Export:
    """A model in ONNX, with what proves that it says the same."""

    model: ModelProto
    columns: Columns
    parity: Parity
    """On all rows: those of the hold-out, then those of the example."""
    differences: list[dict[str, Any]]
    """Rows that differ, with what both say."""
    data: HoldOut | None
    sample: Any
    """A few rows as the source model takes them."""

    @property
    def opset(self) -> int:
        """Of ONNX itself."""
        return max(
            int(each.version) for each in self.model.opset_import if each.domain in ("", "ai.onnx")
        )

    def tags(self) -> dict[str, str]:
        """Return what the logged model and its version are tagged with."""
        name = self.data.name if self.data else ""
        return {
            "onnx.opset": str(self.opset),
            "parity.data": " and ".join(filter(None, (name, "the input example"))),
            "parity.rows": str(self.parity.rows),
            "parity.agreeing": str(self.parity.agreeing),
            "parity.ties": str(self.parity.ties),
            "parity.differing": str(len(self.parity.differing)),
            "parity.largest_difference": f"{self.parity.farthest:.3g}",
        }
