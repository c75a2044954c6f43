"""What a person does with the columns of runs."""

from mlops_tui.services.metrics import metric_directions
from mlops_tui.tui.experiments.columns_dialog import ColumnsDialog
from mlops_tui.tui.experiments.run_columns import titles
from mlops_tui.tui.experiments.run_view_screen import RunViewScreen
from mlops_tui.tui.kit.table import Table


async def choose(screen: RunViewScreen) -> None:
    """Choose columns, their order, their widths, what is best of a metric."""
    columns, state_dir = screen.run_list.set, screen.shell.settings.state_dir
    columns.directions = await screen.ask(metric_directions.read_directions, state_dir)
    before = columns.shown
    widths = {column.key: column.width for column in columns.columns()}
    there = dict.fromkeys((*columns.shown, *columns.usual, *columns.there))
    dialog = ColumnsDialog(titles(there), columns.shown, widths, columns.usual)
    choice = await screen.shell.push_screen_wait(dialog)
    if choice is None:
        return
    for key, direction in choice.directions.items():
        columns.directions = await screen.ask(
            metric_directions.set_direction, state_dir, key, direction
        )
    columns.choose(choice.columns)
    kept = {text for text, width in choice.widths.items() if widths.get(text) == width}
    columns.widths = {text: width for text, width in columns.widths.items() if text in kept}
    columns.widths |= {text: w for text, w in choice.widths.items() if text not in kept}
    screen.show_filtered()
    table = screen.query_one("#runs", Table)
    for added in reversed([each for each in columns.shown if each not in before]):
        table.reveal_column(added)
    screen.view_as()
    screen.action_refresh_data()
