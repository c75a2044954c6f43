"""Writing a comparison into a file."""

from collections.abc import Sequence
from pathlib import Path

from mlops_tui.domain.compare.comparison import Trait
from mlops_tui.domain.compare.comparison_export import FORMATS
from mlops_tui.domain.errors import Conflict
from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.runs.run import Run
from mlops_tui.services.machine import export_file
from mlops_tui.tui.kit.confirm import ConfirmDialog
from mlops_tui.tui.kit.control_screen import ControlScreen
from mlops_tui.tui.kit.text_dialog import LineDialog

NAME = "comparison.csv"


async def export(
    screen: ControlScreen, runs: Sequence[Run], traits: Sequence[Trait], scope: str
) -> None:
    """Ask for a name and write the file; ask again before a file is replaced.

    ``scope`` says which rows are written where these are not all.
    """
    formats = f"The extension sets the format: {', '.join(FORMATS)}."
    what = f"Writes only {scope}" if scope else "Writes all rows"
    explain = f"{what}, into {one_line(str(Path.cwd()))}. {formats}"
    name = await screen.shell.push_screen_wait(
        LineDialog("Write the comparison", NAME, explain=explain, problem=_problem)
    )
    if not name:
        return
    path = Path.cwd() / name
    text = FORMATS[path.suffix.lower()](runs, traits)
    try:
        await screen.ask(export_file.write_file, path, text)
    except Conflict:
        sentence = f"{name} is there already. Replace what is in it?"
        if not await screen.shell.push_screen_wait(ConfirmDialog("Replace the file?", sentence)):
            return
        await screen.ask(export_file.write_file, path, text, overwrite=True)
    screen.tell(f"Wrote {path}{f', only {scope}' if scope else ''}.")


def _problem(name: str) -> str:
    if Path(name).suffix.lower() in FORMATS:
        return ""
    return f"The name must end in one of {', '.join(FORMATS)}."
