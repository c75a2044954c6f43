"""The view of a grid of charts."""

from dataclasses import dataclass, replace

from mlops_tui.domain.metrics.curve import XAxis
from mlops_tui.domain.metrics.limits import EVERYTHING, OPEN, Limits, panned, zoomed
from mlops_tui.domain.metrics.smoothing import stronger

Range = tuple[float, float]


@dataclass(frozen=True, slots=True)
class ChartView:
    """Axis, scale, smoothing, limits and cursor, which all charts of a grid share."""

    x_axis: XAxis = XAxis.STEP
    is_log: bool = False
    smoothing: float = 0.0
    hides_outliers: bool = False
    limits: Limits = EVERYTHING
    cursor: float | None = None

    def along_next_axis(self) -> "ChartView":
        """Use the next x axis, without the limits and the cursor of this one."""
        limits = replace(self.limits, x=OPEN)
        return replace(self, x_axis=self.x_axis.following, limits=limits, cursor=None)

    def smoother(self, by: int) -> "ChartView":
        """Smooth more, or less."""
        return replace(self, smoothing=stronger(self.smoothing, by))

    def zoomed(self, whole: Range, factor: float) -> "ChartView":
        """Zoom in around the cursor, else around the middle; zoom out with a factor above 1."""
        x = zoomed(self.limits.x, whole, factor, self.cursor)
        return replace(self, limits=replace(self.limits, x=x))

    def panned(self, whole: Range, share: float) -> "ChartView":
        """Move the limits by a share of what is in view."""
        return replace(self, limits=replace(self.limits, x=panned(self.limits.x, whole, share)))

    def __str__(self) -> str:
        """Return what was chosen, without limits that are times: ``readout`` formats those."""
        parts = [f"x: {self.x_axis}"]
        parts += ["log y"] if self.is_log else []
        parts += [f"smoothed {self.smoothing:g}"] if self.smoothing else []
        parts += ["outliers hidden"] if self.hides_outliers else []
        is_step = self.x_axis is XAxis.STEP
        limits = str(self.limits if is_step else replace(self.limits, x=OPEN))
        parts += [limits] if limits else []
        return " · ".join(parts)
