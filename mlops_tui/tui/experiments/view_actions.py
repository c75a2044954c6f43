"""What a person does with columns and with saved views."""

from collections.abc import Mapping
from typing import Any, Protocol

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.experiments.run_column import RunColumn
from mlops_tui.domain.experiments.saved_view import SavedView
from mlops_tui.domain.plain_text import one_line
from mlops_tui.services.experiments import saved_views
from mlops_tui.services.metrics import metric_directions
from mlops_tui.tui.experiments.run_list import RunList
from mlops_tui.tui.experiments.runs_pane import RunsPane
from mlops_tui.tui.kit.control_screen import ControlScreen
from mlops_tui.tui.kit.text_dialog import LineDialog
from mlops_tui.tui.runs.columns_dialog import ColumnsDialog
from mlops_tui.tui.runs.run_columns import titles
from mlops_tui.tui.shell import Shell

LONGEST_NAME = 60
NO_GROUPS = "no groups"


class Arranged(Protocol):
    """The runs of an experiment as a person looks at them."""

    runs: RunsPane
    run_list: RunList

    @property
    def host(self) -> ControlScreen:
        """The screen around it."""

    @property
    def shell(self) -> Shell:
        """The app around it."""

    @property
    def saved(self) -> SavedView:
        """The present view."""

    def reorder(self, **changes: Any) -> None:
        """Show the rows in another order, from its beginning."""

    async def read_view(self) -> None:
        """Apply the view that the experiment was left with, unless that was done."""

    def apply_view(self, view: SavedView, *, keep_filter: bool = False) -> None:
        """Show the runs as a view says."""

    def change(self, **changes: Any) -> None:
        """Change the view, which the experiment then remembers."""

    async def pick(self, title: str, choices: dict[str, str], column: str = "Column") -> str | None:
        """Return the key of what the person picks, None when nothing."""


async def keep_view(view: Arranged, experiment_id: str, saved: SavedView) -> None:
    """Let an experiment remember a view."""
    settings = view.shell.settings
    try:
        await view.host.ask(
            saved_views.keep_view, settings.state_dir, settings.store, experiment_id, saved
        )
    except ServiceError as error:
        view.host.complain(error)


async def choose_group(view: Arranged) -> None:
    """Ask what runs are grouped by; group them."""
    columns = titles(view.run_list.columns.grouping)
    picked = await view.pick("Group by", {"": NO_GROUPS, **columns})
    if picked is not None:
        column = RunColumn.of(picked) if picked else None
        view.reorder(group=column, nested=False, folded=frozenset())


async def choose_columns(view: Arranged) -> None:
    """Choose columns, their order, their widths, what is best of a metric."""
    await view.read_view()
    columns, state_dir = view.run_list.columns, view.shell.settings.state_dir
    columns.directions = await view.host.ask(metric_directions.read_directions, state_dir)
    before = columns.shown
    widths = {column.key: column.width for column in columns.columns()}
    listed = dict.fromkeys((*columns.shown, *columns.usual, *columns.available))
    dialog = ColumnsDialog(titles(listed), columns.shown, widths, columns.usual)
    choice = await view.shell.push_screen_wait(dialog)
    if choice is None:
        return
    for key, direction in choice.directions.items():
        columns.directions = await view.host.ask(
            metric_directions.set_direction, state_dir, key, direction
        )
    columns.choose(choice.columns)
    kept = {text for text, width in choice.widths.items() if widths.get(text) == width}
    columns.widths = {text: width for text, width in columns.widths.items() if text in kept}
    columns.widths |= {text: w for text, w in choice.widths.items() if text not in kept}
    view.runs.show_runs()
    for added in reversed([each for each in columns.shown if each not in before]):
        view.runs.table.reveal_column(added)
    view.change()
    view.host.action_refresh_data()


async def choose_view(view: Arranged) -> None:
    """Look at the runs as a saved view says."""
    await view.read_view()
    views = await _read(view)
    names = {name: one_line(name, LONGEST_NAME) for name in views if name != saved_views.LAST}
    if not names:
        view.host.why_not("No view is saved for this experiment: V saves the present one.")
        return
    picked = await view.pick("Saved views", names, "View")
    if picked is not None:
        saved = views[picked]
        view.apply_view(saved)
        view.run_list.server_filter = saved.query
        view.change()
        view.host.action_refresh_data()


async def save_view(view: Arranged) -> None:
    """Save the present view under a name."""
    settings, chosen = view.shell.settings, view.run_list.experiment_id
    if not chosen:
        view.host.why_not("There is no experiment to save a view of.")
        return
    await view.read_view()
    dialog = LineDialog(
        "Save this view",
        "",
        explain="Its name; one that is taken is replaced.",
        problem=lambda text: "" if text.strip() else "A view needs a name.",
    )
    answer = await view.shell.push_screen_wait(dialog)
    if answer:
        name = answer.strip()[:LONGEST_NAME]
        await view.host.ask(
            saved_views.keep_view, settings.state_dir, settings.store, chosen, view.saved, name
        )
        view.host.tell(f"Saved: {name}. v brings it back.")


async def _read(view: Arranged) -> Mapping[str, SavedView]:
    settings = view.shell.settings
    return await view.host.ask(
        saved_views.read_views,
        settings.state_dir,
        settings.store,
        view.run_list.experiment_id or "",
    )
