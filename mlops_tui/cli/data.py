"""``mlops-tui data``: lists data sets, their versions and runs, and what models were trained on."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlops_tui.cli.dataset_data import (
    GIVEN_COLUMNS,
    LIST_COLUMNS,
    RUN_COLUMNS,
    VERSION_COLUMNS,
    dataset_as_dict,
    dataset_row,
    given_as_dict,
    given_row,
    run_as_dict,
    run_row,
    version_as_dict,
    version_row,
)
from mlops_tui.cli.exit_codes import FINE, NOTHING
from mlops_tui.cli.output import print_csv, print_json, print_table, tell
from mlops_tui.cli.sub_command import add_formats
from mlops_tui.domain.byte_size import bytes_size
from mlops_tui.domain.errors import InvalidInput
from mlops_tui.domain.home_path import expanded
from mlops_tui.domain.plain_text import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from mlops_tui.cli.output import Cell
    from mlops_tui.cli.sub_command import Commands
    from mlops_tui.domain.data.difference import TableDifference
    from mlops_tui.settings import Settings

ABOUT = "list the data sets that runs were given, with their versions"
DETAILS = """\
list the data sets that runs were given, or tell about one

  data list                 every data set, the one used last first
  data show NAME            its versions: digest, uses, rows, columns, source, models trained on it
  data runs NAME [DIGEST]   the newest runs of a version; without a digest, of the one used last
  data model NAME VERSION   what a version of a registered model was trained on

  data profile FILE         types, missing values, ranges, histograms, duplicates of a table;
                            --against TEST counts the rows of TEST that occur in it
  data diff A B             schema, rows, drift of two tables; --key ID,… adds keys, changed rows;
                            A and B are files, or versions NAME@DIGEST whose files are here

  data digest PATH          the digest of all bytes of a file (md5) or of a folder (that of DVC)
  data add PATH             dvc add, so that DVC tracks a file or folder; also push and checkout

DIGEST may be the beginning of one. Tables are CSV, TSV, Parquet, JSON Lines, folders of such. Of
more than 50,000 rows the columns are told from a sample; --full uses all.
"""

WORTH_TELLING = 500_000_000
"""Bytes from which on it is shown how many were read: they take a second."""


def add_to(commands: Commands, common: Mapping[str, Any]) -> None:
    """Add the sub-command."""
    parser = commands.add_parser("data", help=ABOUT, description=DETAILS, **common)
    parser.add_argument("action", metavar="ACTION", choices=tuple(ACTIONS), help="see above")
    parser.add_argument("of", metavar="ARGUMENT", nargs="*", help="what it is about, as above")
    parser.add_argument("--against", metavar="TEST", default="", help="with profile: other table")
    parser.add_argument("--key", metavar="A,B", default="", help="with diff: columns of the key")
    parser.add_argument("--full", action="store_true", help="use all rows, however many")
    add_formats(parser)
    parser.set_defaults(run=run)


def run(settings: Settings, arguments: Mapping[str, Any]) -> int:
    """Do what the action says."""
    from mlops_tui.services.store.store import prepare_environment

    prepare_environment()
    act, least, most = ACTIONS[arguments["action"]]
    if not least <= len(arguments["of"]) <= most:
        raise InvalidInput(
            f"data {arguments['action']} takes {_words(least, most)}.", "mlops-tui data --help."
        )
    return act(settings, arguments)


def _words(least: int, most: int) -> str:
    number = str(least) if least == most else f"{least} or {most}"
    return f"{number} argument{'s' * (most != 1)}" if most else "no argument"


def _list(settings: Settings, arguments: Mapping[str, Any]) -> int:
    from mlops_tui.services.data.datasets import list_datasets

    read = list_datasets(settings.store)
    if not read.datasets:
        tell("No run was given a data set; a program calls mlflow.log_input(dataset).")
    _remark(read.remark)
    found = read.datasets
    return _print(
        arguments, LIST_COLUMNS, list(map(dataset_as_dict, found)), map(dataset_row, found)
    )


def _show(settings: Settings, arguments: Mapping[str, Any]) -> int:
    from mlops_tui.services.data.datasets import versions_of

    (name,) = arguments["of"]
    read = versions_of(settings.store, name)
    if not read.versions:
        tell(f"No run was given a data set named {name!r}.")
    _remark(read.remark)
    found = read.versions
    return _print(
        arguments, VERSION_COLUMNS, list(map(version_as_dict, found)), map(version_row, found)
    )


def _runs(settings: Settings, arguments: Mapping[str, Any]) -> int:
    from mlops_tui.services.data.dataset_runs import runs_of_dataset
    from mlops_tui.services.data.datasets import find_version

    name, digest = (*arguments["of"], "")[:2]
    version = find_version(settings.store, name, digest)
    read = runs_of_dataset(settings.store, name, version.digest)
    _remark("" if read.is_all else f"The newest {len(read.runs):,} runs; there are older.")
    return _print(
        arguments, RUN_COLUMNS, list(map(run_as_dict, read.runs)), map(run_row, read.runs)
    )


def _model(settings: Settings, arguments: Mapping[str, Any]) -> int:
    from mlops_tui.services.data.datasets import datasets_of_model

    name, version = arguments["of"]
    found = datasets_of_model(settings.store, name, version.removeprefix("v"))
    return _print(arguments, GIVEN_COLUMNS, list(map(given_as_dict, found)), map(given_row, found))


def _digest(settings: Settings, arguments: Mapping[str, Any]) -> int:
    from dataclasses import asdict

    from mlops_tui.services.data import dvc_files
    from mlops_tui.services.data.file_digest import digest_of

    path = expanded(arguments["of"][0])
    found, output = digest_of(path, settings.state_dir, _progress), dvc_files.tracked(path)
    if arguments["json"]:
        tracked = {"md5": output.md5, "defined_in": str(output.defined_in)} if output else None
        print_json({"path": str(path), **asdict(found), "dvc": tracked})
    else:
        print(f"{found.digest}  {one_line(str(path))}")
    if output and output.md5 != found.digest:
        tell(f"{output.defined_in} has {output.md5}: the data were changed since dvc add.")
    return FINE


def _profile(_settings: Settings, arguments: Mapping[str, Any]) -> int:
    from dataclasses import asdict

    from mlops_tui.services.data.profile import profile_files
    from mlops_tui.tui.data.profile_rows import PROFILE, profile_rows, remarks

    found = profile_files(
        arguments["of"][0], Path.cwd(), against=arguments["against"], full=arguments["full"]
    )
    if arguments["json"]:
        print_json(asdict(found))
    elif arguments["csv"]:
        print_csv(PROFILE, profile_rows(found))
    else:
        print(one_line(found.sentence))
        print_table(PROFILE, profile_rows(found))
        for remark in remarks(found):
            tell(remark)
    return FINE


def _diff(settings: Settings, arguments: Mapping[str, Any]) -> int:
    from mlops_tui.services.data.difference import compare_files
    from mlops_tui.services.data.version_file import file_of
    from mlops_tui.tui.data.profile_rows import DRIFTED, drift_rows

    before, after = (
        file_of(settings.store, settings.state_dir, word, Path.cwd()) for word in arguments["of"]
    )
    key = [each for each in arguments["key"].split(",") if each]
    found = compare_files(before, after, Path.cwd(), key=key, full=arguments["full"])
    if arguments["json"]:
        print_json(found.to_dict())
    elif arguments["csv"]:
        print_csv(DRIFTED, drift_rows(found))
    else:
        _print_difference(found)
    for remark in found.remarks:
        tell(remark)
    return FINE


def _print_difference(found: TableDifference) -> None:
    from mlops_tui.tui.data.profile_rows import (
        CHANGED,
        DRIFTED,
        changed_rows,
        drift_rows,
        schema_lines,
    )

    for line in (found.sentence, *schema_lines(found), found.drift.sentence):
        print(one_line(line, 2_000))
    if found.drift.features and not found.is_same:
        print()
        print_table(DRIFTED, drift_rows(found))
    if found.keys and found.keys.rows:
        print()
        print_table((*found.keys.names, *CHANGED), changed_rows(found.keys))


def _progress(read: int, size: int) -> None:
    """Show how much was read, on a terminal."""
    if sys.stderr.isatty() and size > WORTH_TELLING:
        end = "\n" if read == size else ""
        print(f"\r{read / size:4.0%} of {bytes_size(size)}", end=end, file=sys.stderr, flush=True)


def _dvc(settings: Settings, arguments: Mapping[str, Any]) -> int:
    from mlops_tui.services.data import dvc_files

    if settings.read_only:
        raise InvalidInput("DVC changes nothing in read-only mode.", "--no-read-only.")
    print(one_line(dvc_files.run(arguments["action"], expanded(arguments["of"][0]))))
    return FINE


def _print(
    arguments: Mapping[str, Any],
    columns: Sequence[str],
    found: Sequence[Mapping[str, Any]],
    rows: Iterable[Sequence[Cell]],
) -> int:
    if arguments["json"]:
        print_json(list(found))
    elif arguments["csv"]:
        print_csv(columns, rows)
    elif found:
        print_table(columns, [[str(cell) for cell in row] for row in rows])
    return FINE if found else NOTHING


def _remark(remark: str) -> None:
    if remark:
        tell(remark)


ACTIONS: Mapping[str, tuple[Callable[[Settings, Mapping[str, Any]], int], int, int]] = {
    "list": (_list, 0, 0),
    "show": (_show, 1, 1),
    "runs": (_runs, 1, 2),
    "model": (_model, 2, 2),
    "digest": (_digest, 1, 1),
    "profile": (_profile, 1, 1),
    "diff": (_diff, 2, 2),
    **dict.fromkeys(("add", "push", "checkout"), (_dvc, 1, 1)),
}
"""What each action does, with the fewest and the most arguments it takes."""
