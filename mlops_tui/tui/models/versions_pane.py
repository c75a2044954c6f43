"""The versions of one registered model."""

from contextlib import suppress

from textual import on
from textual.app import ComposeResult

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.domain.models.version_choice import choice_of
from mlops_tui.services.models import registry
from mlops_tui.tui.batch import batch_scoring
from mlops_tui.tui.edge import exporting
from mlops_tui.tui.gate import gating
from mlops_tui.tui.kit.filter_bar import FilterBar
from mlops_tui.tui.kit.key import bindings
from mlops_tui.tui.kit.list_filter import ListFilter
from mlops_tui.tui.kit.pane import Pane
from mlops_tui.tui.kit.table import Table
from mlops_tui.tui.kit.workers import is_working
from mlops_tui.tui.models import history_actions, model_actions, version_actions, version_data
from mlops_tui.tui.models.model_keys import MODELS
from mlops_tui.tui.models.models_pane import NO_MODELS
from mlops_tui.tui.models.version_details import VersionDetails
from mlops_tui.tui.models.version_list import VersionList
from mlops_tui.tui.models.version_reading import read_more
from mlops_tui.tui.models.version_view import VersionView
from mlops_tui.tui.retraining.retraining import open_retraining
from mlops_tui.tui.runs.filter_problem import filter_problem

COMPARED = 8
"""Versions compared when none is marked."""

OF_VERSION = frozenset(key.action_name for key in MODELS.keys) - {
    *("filter", "sort", "reverse_sort", "columns", "metric_chart", "compare", "clear_marks"),
    *("delete", "history", "roll_back", "retrain"),
}
"""Actions that are about the version under the cursor."""


class VersionsPane(Pane):
    """The versions of a model, with the details of the one under the cursor."""

    BINDINGS = bindings(MODELS)

    def __init__(self) -> None:
        super().__init__()
        self.versions = VersionList(self.show_rows)
        self.view = VersionView(self, self.versions)
        self.filter = ListFilter(
            self,
            lambda _words: self.show_rows(),
            rows="#versions",
            example="words  accuracy>0.9  stage:production | alias:champion  -gate:failed",
            refusal=filter_problem,
        )
        self._wants_more = False
        """Whether runs and files are to be read once what is being read is there."""
        self._goal = ""
        """The version that the cursor is to go to as soon as it is read."""
        self._noticed: tuple[ModelVersion, ...] = ()
        """The versions that were last compared with the history of their model."""

    def compose(self) -> ComposeResult:
        """Put the filter, then the details below the versions."""
        yield Table(id="versions", frozen=1, on_mark=self._mark)
        yield FilterBar()
        yield VersionDetails()

    def show_model(self, name: str | None) -> None:
        """Show the versions of another model, as soon as they are read."""
        if name == self.versions.model and name is not None:
            return
        self._goal = ""
        self.versions.reset(name)
        if name is None:
            self.query_one("#versions", Table).say(NO_MODELS)
        self.show_rows()

    def go_to(self, name: str, version: str) -> None:
        """Put the cursor on a version of a model as soon as it is read."""
        self.filter.drop()
        self.show_model(name)
        self._goal = version

    async def load(self) -> None:
        """Read the versions; raises ``ServiceError``."""
        if (name := self.versions.model) is None:
            return
        await self.view.read()
        store = self.shell.settings.store
        versions, tags = await self.host.ask(registry.versions_with_tags, store, name)
        if name != self.versions.model:
            return
        self.versions.confirm(versions, tags)
        if self._goal in self.versions:
            self.query_one("#versions", Table).move_to(self._goal)
            self._goal = ""
        self._read_more()
        if versions != self._noticed and not self.shell.settings.read_only:
            self._noticed = versions
            self.run_worker(history_actions.notice(self.host, name), group="notice")

    def _read_more(self) -> None:
        """Read runs and files, after what is being read: an answer may be slower than the looks."""
        self._wants_more = True

        async def read() -> None:
            while self._wants_more:
                self._wants_more = False
                in_view = self.query_one("#versions", Table).keys_around
                with suppress(ServiceError):  # the next look tries again
                    await read_more(self.host, self.versions, in_view)

        if not is_working(self, "more"):
            self.run_worker(read(), group="more")

    @on(Table.Scrolled, "#versions")
    def _scrolled(self) -> None:
        if self.versions.unread_files(self.query_one("#versions", Table).keys_around):
            self._read_more()

    def forget(self) -> None:
        """Let what is known of versions beyond the registry be read anew."""
        self.query_one(VersionDetails).forget()
        self.versions.forget()

    def show_rows(self) -> None:
        """Show the versions that match the filter."""
        self.versions.words, order = self.filter.words, self.versions.order
        table = self.query_one("#versions", Table)
        if self.versions.model and not self.versions.is_read:
            table.say("reading…")
        elif self.versions.model:
            table.say("No version matches the filter." if self.filter.words else "No versions yet.")
        table.marked = self.versions.marked
        table.sort = (str(order[0].column), order[0].greatest_first) if order else None
        table.show(self.versions.shown(), self.versions.cell, self.versions.table_columns())
        self._show_details()

    @property
    def current(self) -> ModelVersion | None:
        """The version under the cursor."""
        return self.versions.get(self.query_one("#versions", Table).cursor_key or "")

    @on(Table.Highlighted, "#versions")
    def _show_details(self) -> None:
        version = self.current
        self.refresh_keys()
        row = self.versions.row(version.version) if version else None
        self.query_one(VersionDetails).show(row)

    @on(Table.Opened, "#versions")
    def _opened(self) -> None:
        """Show the files of the version, which are below its run."""
        if self.current is None or not self.current.run_id:
            self.host.why_not("The version names no run, so its files are not known here.")
        else:
            self.shell.navigation.open_run(self.current.run_id, self.current.source)

    def copyable(self) -> str:
        """Return the URI of the version, where there is none the model's name."""
        return self.current.uri if self.current else self.versions.model or ""

    def _mark(self, number: str) -> None:
        self.versions.marked ^= {number}
        self.show_rows()

    @on(Table.HeaderPressed, "#versions")
    def _header_pressed(self, event: Table.HeaderPressed) -> None:
        self.host.begin(self.view.sort_by(event.column), opens=False)

    def action_filter(self) -> None:
        """Filter the versions as one types."""
        self.filter.open()

    def action_sort(self) -> None:
        """Choose the column to sort by."""
        self.host.begin(self.view.choose_order())

    def action_reverse_sort(self) -> None:
        """Turn the order round."""
        self.host.begin(self.view.reverse(), opens=False)

    def action_columns(self) -> None:
        """Choose the columns."""
        self.host.begin(self.view.choose_columns())

    def action_metric_chart(self) -> None:
        """Chart a metric over the versions shown."""
        from mlops_tui.tui.models.metric_dialog import MetricDialog

        known = self.versions
        rows = [known.row(number) for number in known.shown()]
        if not any(row.run and row.run.metrics for row in rows):
            self.host.why_not("No metrics of these versions' runs are known.")
            return
        directions = known.columns.directions
        self.shell.push_screen(
            MetricDialog(known.model or "", rows, known.sorted_metric, directions)
        )

    def action_compare(self) -> None:
        """Compare the marked versions, else the first ones shown."""
        shown, marked = self.versions.shown(), self.versions.marked
        numbers = [n for n in shown if n in marked] + sorted(marked.difference(shown), key=int)
        chosen = [self.versions.get(number) for number in numbers or shown[:COMPARED]]
        if len(chosen) < 2:  # noqa: PLR2004 - one version is no comparison
            self.host.why_not("There are no two versions to compare: space marks them.")
            return
        versions = [version for version in chosen if version]
        self.shell.navigation.open_version_comparison(versions, self.versions.sorted_metric)

    def action_clear_marks(self) -> None:
        """Take all marks away."""
        self.versions.marked = frozenset()
        self.show_rows()

    def why_unavailable(self, action: str) -> str:
        """Return why an action can do nothing with the version under the cursor."""
        if (reason := super().why_unavailable(action)) or action not in OF_VERSION:
            return reason
        if (version := self.current) is None:
            return "There is no version under the cursor."
        if action == "view_origin" and not version.run_id:
            return "The version names no run."
        if action == "remove_alias" and not version.aliases:
            return f"v{version.version} has no alias."
        return ""

    def _begin(self, action: version_actions.VersionAction) -> None:
        if self.current:
            self.host.begin(action(self.host, self.current))

    def action_transition(self) -> None:
        """Move the version to another stage."""
        self._begin(
            lambda screen, version: version_actions.transition(screen, version, self.versions)
        )

    def action_set_alias(self) -> None:
        """Set an alias on the version."""
        self._begin(
            lambda screen, version: version_actions.set_alias(screen, version, self.versions)
        )

    def action_remove_alias(self) -> None:
        """Remove an alias of the version."""
        self._begin(version_actions.remove_alias)

    def action_edit(self) -> None:
        """Edit the description of the version."""
        self._begin(version_actions.describe)

    def action_edit_tags(self) -> None:
        """Edit the version's tags."""
        self._begin(version_actions.edit_tags)

    def action_open_gate(self) -> None:
        """Show the gate of a stage for the version."""
        self._begin(gating.open_gate)

    def action_history(self) -> None:
        """Show who changed the model, when and why."""
        if self.versions.model:
            self.host.begin(history_actions.show_history(self.host, self.versions.model))

    def action_roll_back(self) -> None:
        """Bring back what was in a stage, or under an alias, before."""
        if model := self.versions.model:
            action = history_actions.roll_back(self.host, model, self.current, self.versions)
            self.host.begin(action)

    def action_retrain(self) -> None:
        """Show the rule that retrains the model, and its attempts."""
        if model := self.versions.model:
            self.host.begin(open_retraining(self.host, model))

    def action_delete(self) -> None:
        """Delete the version under the cursor, or all marked ones."""
        if targets := self.versions.targets(self.current):
            self.host.begin(model_actions.delete_versions(self.host, targets))
        else:
            self.host.why_not("There is no version under the cursor.")

    def action_use(self, what: str) -> None:
        """Serve the version on this machine, score files with it, export or monitor it."""
        navigation = self.shell.navigation
        ways: dict[str, version_actions.VersionAction] = {
            "serve": lambda _screen, version: navigation.serve(version),
            "score": batch_scoring.score_files,
            "export": exporting.export_version,
            "monitor": lambda _screen, version: navigation.monitor(choice_of(version)),
        }
        self._begin(ways[what])

    def action_view_origin(self, what: str) -> None:
        """Go to the run that the version came from, or to the data set of that run."""
        if what == "data":
            self._begin(version_data.view_data)
        elif self.current and self.current.run_id:
            self.shell.navigation.open_run(self.current.run_id)
