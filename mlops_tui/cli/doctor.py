"""``mlops-tui doctor``: checks the settings, the store and the Python environments."""

import os
import sys
from collections.abc import Iterator, Mapping
from io import StringIO
from typing import TYPE_CHECKING, Any

from mlops_tui.cli.exit_codes import FINE, NOTHING
from mlops_tui.cli.output import LONGEST_SENTENCE, print_json
from mlops_tui.cli.sub_command import Commands
from mlops_tui.cli.theme import check_theme
from mlops_tui.domain.plain_text import one_line
from mlops_tui.settings import Settings

if TYPE_CHECKING:
    from rich.text import Text

    from mlops_tui.domain.report import Report


def add_to(commands: Commands, common: Mapping[str, Any]) -> None:
    """Add the sub-command."""
    about = "check settings, store, Python and MLflow; explain what is wrong"
    parser = commands.add_parser("doctor", help=about, description=about, **common)
    parser.add_argument("--json", action="store_true", help="as JSON, for programs")
    parser.set_defaults(run=run)


def run(settings: Settings, arguments: Mapping[str, Any]) -> int:
    """Run all checks and print their findings."""
    from mlops_tui.services.doctor.doctor import examine

    check_theme(settings)
    report = examine(settings, os.environ)
    if arguments["json"]:
        print_json(report.as_dict())
    else:
        _print_report(report)
    return FINE if report.ok else NOTHING


def _print_report(report: "Report") -> None:
    """Print a line for each finding; a pipe gets neither colours nor line breaks of ours."""
    from rich.console import Console

    shown = StringIO()
    console = Console(file=shown, force_terminal=sys.stdout.isatty(), highlight=False)
    for line in _lines(report):
        console.print(line, soft_wrap=True)
    # Colours are ours; values and problems were made harmless.
    write = getattr(sys.stdout, "write_styled", sys.stdout.write)
    write(shown.getvalue())


def _lines(report: "Report") -> "Iterator[Text]":
    from rich.text import Text

    width = max(len(finding.name) for finding in report.findings)
    for finding in report.findings:
        mark = ("ok", "green") if finding.ok else ("!!", "bold red")
        name = finding.name.replace("_", " ").ljust(width)
        source = f"  ({finding.source})" if finding.source else ""
        value = one_line(f"{finding.value}", LONGEST_SENTENCE)
        yield Text.assemble(mark, f"  {name}  {value}", (source, "dim"))
        for text in filter(None, (finding.problem, finding.remedy)):
            yield Text(f"    {'':{width}}  {one_line(text, LONGEST_SENTENCE)}")
    wrong = sum(not finding.ok for finding in report.findings)
    yield Text(f"Problems: {wrong}." if wrong else "All is well.")
