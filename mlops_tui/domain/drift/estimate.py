"""When performance that is estimated without labels can be believed."""

from mlops_tui.domain.drift.drift_report import DriftReport, FeatureKind
from mlops_tui.domain.plain_text import one_line

ASSUMPTION = "assumes no concept drift"
"""That labels still depend on the inputs as they did in the reference."""
MOST_SHIFT = 1.5
"""Standard deviations by which a column may move; beyond, the reference has too few such rows."""
LONGEST_NAME = 40


def doubt(report: DriftReport) -> str:
    """Return why an estimate is not to be believed, empty where it is.

    A number that moved by more than ``MOST_SHIFT`` deviations takes it to where the reference
    hardly has rows.
    """
    numbers = [each for each in report.drifted_features if each.kind is FeatureKind.NUMBER]
    worst = max(numbers, key=lambda each: each.effect or 0.0, default=None)
    if worst is None or worst.effect is None or worst.effect <= MOST_SHIFT:
        return ""
    name = one_line(worst.name, LONGEST_NAME)
    return f"{name} moved by {worst.effect:.1f} σ: beyond {MOST_SHIFT:g} σ an estimate is unsure"
