"""``mlops-tui drift``: how far the columns of a table have moved from those of another."""

from __future__ import annotations

import sys
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from mlops_tui.cli.exit_codes import DRIFT, FINE
from mlops_tui.cli.output import print_json, print_table, tell
from mlops_tui.domain.drift.drift_limits import MEASURES, DriftLimits

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mlops_tui.cli.sub_command import Commands
    from mlops_tui.domain.drift.drift_report import DriftReport, FeatureDrift
    from mlops_tui.services.drift.summary import Summary
    from mlops_tui.settings import Settings

ABOUT = "compare the columns of two tables; say which have drifted"
DETAILS = f"""\
compare the columns of two tables; say which have drifted

REFERENCE and CURRENT are CSV, TSV, Parquet or JSON Lines files (.csv .tsv .parquet .jsonl, or
packed: .csv.gz), folders of such files, or globs in quotes. Of more than 50,000 rows a sample is
used; --full uses all.

A column has drifted if an effect is above its limit and noise does not explain it: the Wasserstein
distance in standard deviations of the reference (numbers, dates, times), the Jensen–Shannon
distance (categories, truth values), the PSI of numbers, the share of missing values, or the share
of values out of the range of the reference. p is of the Kolmogorov–Smirnov or the χ² test; it
raises no alarm alone.

Limits: {", ".join(f"{name}={getattr(DriftLimits(), name):g}" for name in MEASURES)}.
Any other NAME of --limit is a column. Exits with 3 if a column has drifted.
"""
HEADER = (
    *("column", "kind", "drift", "effect", "limit", "p", "n", "PSI"),
    *("missing", "out of range", "new", "remark"),
)
SILENCE = 2.0
"""Seconds between two messages about progress."""


def add_to(commands: Commands, common: Mapping[str, Any]) -> None:
    """Add the sub-command."""
    parser = commands.add_parser("drift", help=ABOUT, description=DETAILS, **common)
    parser.add_argument("reference", metavar="REFERENCE", help="file, folder or glob")
    parser.add_argument("current", metavar="CURRENT", help="file, folder or glob")
    parser.add_argument("--columns", metavar="A,B", default="", help="only these columns")
    parser.add_argument(
        "--limit",
        metavar="NAME=X",
        action="append",
        default=[],
        help="limit of a measure or of a column; may be repeated",
    )
    parser.add_argument("--full", action="store_true", help="use all rows, however many")
    parser.add_argument("--json", action="store_true", help="as JSON, for programs")
    parser.set_defaults(run=run)


def run(_settings: Settings, arguments: Mapping[str, Any]) -> int:
    """Compare the tables and print what was found."""
    limits = DriftLimits()
    for text in arguments["limit"]:
        limits = limits.with_limit(text)
    from mlops_tui.services.drift.comparison import compare

    reference = _summary(arguments, "reference", None)
    report = compare(reference, _summary(arguments, "current", reference), limits)
    if arguments["json"]:
        print_json(report.to_dict())
    else:
        _print(report)
    return DRIFT if report.drifted else FINE


def _summary(arguments: Mapping[str, Any], which: str, like: Summary | None) -> Summary:
    """Return the summary of a table; say what was left out of it."""
    from mlops_tui.services.drift.tables import summarise_files

    name = arguments[which]
    found = summarise_files(
        name,
        Path.cwd(),
        like=like,
        full=arguments["full"],
        columns=[each for each in arguments["columns"].split(",") if each],
        progress=_progress(name),
    )
    if found.looked_at < found.rows:
        tell(
            f"{name}: a sample of {found.looked_at:,} of {found.rows:,} rows is used; "
            "--full uses all."
        )
    for remark in found.remarks:
        tell(f"{name}: {remark}")
    return found


def _progress(name: str) -> Callable[[float], None]:
    """Return what tells on a terminal, every few seconds, how much has been read."""
    told_at = monotonic()

    def progress(share: float) -> None:
        nonlocal told_at
        if sys.stderr.isatty() and monotonic() - told_at > SILENCE:
            told_at = monotonic()
            tell(f"reading {name}: {share:.0%}")

    return progress


def _print(report: DriftReport) -> None:
    print(report.sentence)
    if report.features:
        print()
        print_table(HEADER, [_cells(each) for each in report.features])


def _cells(feature: FeatureDrift) -> tuple[str, ...]:
    from mlops_tui.tui.kit.formatting import number

    def shown(value: float | None) -> str:
        return "" if value is None else number(value, 8)

    return (
        feature.name,
        feature.kind.value,
        "yes" if feature.drifted else "",
        shown(feature.effect),
        shown(feature.limit),
        "" if feature.p is None else f"{feature.p:.1g}",
        f"{feature.n_current:,}",
        shown(feature.psi),
        f"{feature.nulls_reference:.1%} → {feature.nulls_current:.1%}",
        f"{feature.out_of_range:.1%}",
        f"{feature.new_category_count:,}" if feature.new_category_count else "",
        feature.reason,
    )
