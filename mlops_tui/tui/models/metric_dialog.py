"""A metric over the versions of a model, as a chart."""

from collections.abc import Iterable, Mapping, Sequence

from rich.text import Text
from textual.widget import Widget
from textual.widgets import Static

from mlops_tui.domain.metrics.direction import Direction, best_point, guess_direction
from mlops_tui.domain.versions.metric_over_versions import metric_keys, over_versions
from mlops_tui.domain.versions.version_row import VersionRow
from mlops_tui.tui.charts.chart import Chart, Series
from mlops_tui.tui.charts.frame import Frame
from mlops_tui.tui.kit.dialog import Dialog
from mlops_tui.tui.kit.formatting import number, plain
from mlops_tui.tui.kit.key import bindings
from mlops_tui.tui.kit.pick_dialog import PickDialog
from mlops_tui.tui.models.model_keys import METRIC_DIALOG

VERSIONS = Frame("version")


class MetricDialog(Dialog[None]):
    """One metric at a time over the versions shown; the best and those in use are named below."""

    BINDINGS = bindings(METRIC_DIALOG)
    HAS_EQUIVALENT = False
    AUTO_FOCUS = ""
    DEFAULT_CSS = "MetricDialog #box Chart { height: 14; } MetricDialog #marked { height: auto; }"

    def __init__(
        self,
        model: str,
        rows: Sequence[VersionRow],
        key: str,
        directions: Mapping[str, Direction],
    ) -> None:
        super().__init__(f"Metrics over the versions of {model}")
        self._rows = rows
        self._keys = metric_keys(rows)
        self._key = key if key in self._keys else self._keys[0]
        self._directions = directions

    def compose_body(self) -> Iterable[Widget]:
        """Put the chart above what is worth knowing of it."""
        yield Chart()
        yield Static(id="marked", markup=False)

    def on_mount(self) -> None:
        """Draw the first metric."""
        self._show()

    def action_turn(self, by: int) -> None:
        """Show the next metric, or the one before."""
        place = self._keys.index(self._key) + by
        self._key = self._keys[place % len(self._keys)]
        self._show()

    def action_choose(self) -> None:
        """Ask for the metric."""
        self.app.push_screen(PickDialog("Which metric?", self._keys, "Metric"), self._chosen)

    def _chosen(self, key: str | None) -> None:
        self._key = key or self._key
        self._show()

    def _show(self) -> None:
        found = over_versions(self._rows, self._key)
        direction = self._directions.get(self._key) or guess_direction(self._key)
        chart = self.query_one(Chart)
        chart.set_title(self._key)
        numbers = [float(version.version) for version in found.versions]
        best = best_point(found.values, direction)
        chart.plot([Series("", numbers, found.values, best=best)], VERSIONS)
        lines = [Text(f"{len(found.values):,} of {len(self._rows):,} versions have it")]
        lines += [
            plain(f"{what}: v{version.version} {number(value)}")
            for what, version, value in found.marked(direction)
        ]
        self.query_one("#marked", Static).update(Text("   ").join(lines))
