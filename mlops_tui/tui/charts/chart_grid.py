"""Charts beside each other that are read, zoomed, smoothed together."""

from dataclasses import replace

from textual import work
from textual.events import Click

from mlops_tui.domain.errors import InvalidInput, ServiceError
from mlops_tui.domain.metrics.chart_view import Range
from mlops_tui.domain.metrics.curve import moved
from mlops_tui.domain.metrics.direction import Direction
from mlops_tui.domain.metrics.limits import EVERYTHING, EXAMPLE, holds, parse_limits
from mlops_tui.domain.plain_text import one_line
from mlops_tui.services.metrics import metric_directions
from mlops_tui.tui.charts.chart import Chart
from mlops_tui.tui.charts.chart_grid_view import ChartGridView
from mlops_tui.tui.charts.chart_keys import CHARTS
from mlops_tui.tui.charts.trace import trace_of
from mlops_tui.tui.kit.app_access import ask
from mlops_tui.tui.kit.key import bindings
from mlops_tui.tui.kit.text_dialog import LineDialog
from mlops_tui.tui.shell import shell_of

PLACES_IN_VIEW = 100
"""Points that the cursor steps through from one end of a chart to the other, about."""


class ChartGrid(ChartGridView, can_focus=True):
    """The keys of charts."""

    BINDINGS = bindings(CHARTS)

    def action_read(self, by: int) -> None:
        """Move the cursor along the points of the chosen chart."""
        xs = [x for trace in self.traces(self.page.chosen) for x in trace.curve.xs]
        seen = [x for x in xs if holds(self.view.limits.x, x)]
        stride = max(1, len(set(seen)) // PLACES_IN_VIEW)
        self.view = replace(self.view, cursor=moved(seen, self.view.cursor, by * stride))
        self.draw_charts()

    def action_choose(self, by: int) -> None:
        """Choose another chart."""
        self.turn_to(self.page.moved(by))

    def action_page(self, by: int) -> None:
        """Turn a page."""
        self.turn_to(self.page.moved(by * self.capacity))

    def action_first(self) -> None:
        """Choose the first chart."""
        self.turn_to(self.page.moved(-len(self.page.keys)))

    def action_last(self) -> None:
        """Choose the last chart."""
        self.turn_to(self.page.moved(len(self.page.keys)))

    def action_enlarge(self) -> None:
        """Show the chosen chart alone, or all again."""
        self.turn_to(replace(self.page, is_enlarged=not self.page.is_enlarged))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave escape to the screen where there is nothing to leave."""
        if action == "leave" and not self.page.is_enlarged and self.view.cursor is None:
            return False
        return super().check_action(action, parameters)

    def action_leave(self) -> None:
        """Put the cursor away, else show all charts again."""
        if self.view.cursor is not None:
            self.look(replace(self.view, cursor=None))
        else:
            self.turn_to(replace(self.page, is_enlarged=False))

    def action_next_axis(self) -> None:
        """Turn to the next x axis."""
        self.look(self.view.along_next_axis())

    def action_log(self) -> None:
        """Make the y axis logarithmic, or plain."""
        self.look(replace(self.view, is_log=not self.view.is_log))

    def action_smooth(self, by: int) -> None:
        """Smooth more, or less."""
        self.look(self.view.smoother(by))

    def action_outliers(self) -> None:
        """Hide outliers, or show them."""
        self.look(replace(self.view, hides_outliers=not self.view.hides_outliers))

    def action_zoom(self, factor: float) -> None:
        """Look closer, or from further away."""
        if whole := self._whole():
            self.look(self.view.zoomed(whole, factor))

    def action_pan(self, share: float) -> None:
        """Look at what is beside."""
        if whole := self._whole():
            self.look(self.view.panned(whole, share))

    def action_reset(self) -> None:
        """Show the whole curves."""
        self.look(replace(self.view, limits=EVERYTHING))

    def action_layout(self) -> None:
        """Show more or fewer charts at once."""
        self.turn_to(self.page.in_layout_after())

    def action_set_limits(self) -> None:
        """Ask for the limits of the axes."""

        def take(text: str | None) -> None:
            if text is not None:
                self.look(replace(self.view, limits=parse_limits(text)))

        explain = f"Like {EXAMPLE}; an end left out is open, nothing shows all."
        dialog = LineDialog(
            "Limits of the axes", str(self.view.limits), explain=explain, problem=_problem
        )
        shell_of(self).push_screen(dialog, take)

    @work(group="direction")
    async def action_turn(self) -> None:
        """Say that less is better in the chosen chart, or more."""
        key = self.page.chosen
        if not key:
            return
        state_dir = shell_of(self).settings.state_dir
        turned = self.direction(key).opposite
        try:
            self._directions = await ask(
                self, metric_directions.set_direction, state_dir, key, turned
            )
        except ServiceError as error:
            self.notify(one_line(str(error), 600), severity="error", markup=False)
        self.draw_charts()

    def on_click(self, event: Click) -> None:
        """Choose the chart that was clicked."""
        clicked, _ = self.screen.get_widget_at(event.screen_x, event.screen_y)
        charts = list(self.query(Chart))
        if isinstance(clicked, Chart) and clicked in charts:
            self.turn_to(self.page.picked(self.in_view[charts.index(clicked)]))

    def _whole(self) -> Range | None:
        """Return the range of x over all curves in view."""
        view = replace(self.view, smoothing=0.0)
        histories = [self._held.get(run.run_id, key) for key in self.in_view for run in self._runs]
        known = [trace_of(h, self._runs[0], view, Direction.MAX) for h in histories if h]
        xs = [x for trace in known for x in (trace.curve.xs[:1] + trace.curve.xs[-1:])]
        return (min(xs), max(xs)) if xs else None


def _problem(text: str) -> str:
    try:
        parse_limits(text)
    except InvalidInput as error:
        return str(error)
    return ""
