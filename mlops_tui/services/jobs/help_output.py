"""What a program prints when it is asked with ``--help``."""

import threading
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.jobs.argument import CommandLine
from mlops_tui.domain.jobs.cli_reading.help_text import as_read, read_help
from mlops_tui.domain.jobs.launchable import Launchable, Target, TargetKind
from mlops_tui.domain.jobs.sub_command import preselected
from mlops_tui.domain.plain_text import lines, one_line
from mlops_tui.domain.secrets import without_named
from mlops_tui.services.jobs.launchables import with_chosen
from mlops_tui.services.jobs.program_text import Texts, source_of, texts_of
from mlops_tui.services.jobs.python_env import cannot_start
from mlops_tui.services.processes import child_environment, short_lived
from mlops_tui.services.processes.short_lived import End
from mlops_tui.services.worker.calls import LONG, is_kept, may_take

TIMEOUT = 20.0
"""Seconds; a program that imports a deep learning library takes several to answer."""

LAST_LINES = 20
"""Lines in which the last one is looked for that is not blank."""

DEEPEST = 3
"""Sub-commands of sub-commands that are asked."""

LATE = "It did not answer --help within {timeout:g} s, and was ended."
NO_ANSWER = {
    End.BY_ITSELF: "Its answer to --help names no options.",
    End.TOO_MUCH: "It printed on without end when asked with --help, and was ended.",
    End.LATE: LATE,
    End.UNKNOWN: "It was ended before it answered --help.",
}
"""Why a program has told no options."""

_answers: dict[tuple[Target, str, str], tuple[Texts, Launchable]] = {}
"""Of a program, its Python and its folder what it has told, with the texts that it had then."""
_lock = threading.Lock()


@may_take(LONG)
def ask_help(launchable: Launchable, timeout: float = TIMEOUT) -> Launchable:
    """Run the program with ``--help``; return it with the arguments that it names.

    Of sub-commands the one that is meant, else the first, is asked in its turn. A program that does
    not know the word may begin to train: it is ended after ``timeout``, and MLflow's store is one
    that is thrown away.
    """
    texts = _texts(launchable)
    line, wanted = _read_help(launchable, (), timeout), launchable.target.entry_point.split()
    line, command = _with_inner(launchable, line, wanted, (), timeout)
    chosen = replace(launchable.target, entry_point=" ".join(command))
    found = with_chosen(replace(launchable, target=chosen, line=line))
    found = replace(found, line=as_read(found.line, launchable.line))
    if texts:
        with _lock:
            _answers[_key(found)] = texts, found
    return found


def complete(launchable: Launchable, names: Iterable[str]) -> Launchable:
    """Return the program with all its arguments, asked with ``--help`` where some are not known."""
    is_known = launchable.line.source and not launchable.line.has_more
    return launchable if is_known else naming(launchable, names)


def naming(launchable: Launchable, names: Iterable[str]) -> Launchable:
    """Return the program, asked with ``--help`` where its text lacks one of these parameters."""
    if all(name in {each.name for each in launchable.line.parameters} for name in names):
        return launchable
    if launchable.target.kind not in (TargetKind.SCRIPT, TargetKind.MODULE):
        return launchable
    texts = _texts(launchable)
    with _lock:
        told, known = _answers.get(_key(launchable), ((), launchable))
    if not texts or texts != told:
        return ask_help(launchable)
    return replace(known, launchers=launchable.launchers)


def _key(launchable: Launchable) -> tuple[Target, str, str]:
    return launchable.target, launchable.python, launchable.directory


def _texts(launchable: Launchable) -> Texts:
    """Return the texts that the program is made of, empty where they are not at hand."""
    directory = Path(launchable.directory)
    source = source_of(launchable.target, directory) or _installed(launchable)
    return texts_of(source, directory) if source else ()


def _installed(launchable: Launchable) -> Path | None:
    """Return the file of a module in the environment of the Python that runs it."""
    environment = Path(launchable.python).parent.parent
    places = environment.glob("lib*/python*/site-packages")
    found = (source_of(launchable.target, each) for each in places)
    return next((each for each in found if each), None)


def _with_inner(
    launchable: Launchable,
    line: CommandLine,
    wanted: Sequence[str],
    above: tuple[str, ...],
    timeout: float,
) -> tuple[CommandLine, tuple[str, ...]]:
    """Return the arguments with those of a sub-command, then the words that name it."""
    if not line.commands or len(above) >= DEEPEST:
        return line, above
    name = next(iter(wanted or preselected(line).split()), "")
    if name not in line.commands:
        return line, above
    words = (*above, name)
    inner = _read_help(launchable, words, timeout)
    inner, words = _with_inner(launchable, inner, wanted[1:], words, timeout)
    return replace(line, commands={**line.commands, name: inner}), words


def _read_help(launchable: Launchable, command: tuple[str, ...], timeout: float) -> CommandLine:
    """Return the arguments that the program, or one of its sub-commands, names in its help."""
    result = _run(launchable, command, timeout)
    found = read_help(result.output)
    if found.source or (command and result.end is End.BY_ITSELF):
        return found
    end = "\n".join(result.output.splitlines()[-LAST_LINES:])
    last = next((line for line in reversed(lines(end)) if line.strip()), "nothing")
    words = f"It said: {one_line(without_named(last.strip()), 200)}"
    raise ServiceError(NO_ANSWER[result.end].format(timeout=timeout), words)


@is_kept
def stop_asking() -> None:
    """End the programs that are being asked with ``--help`` now."""
    short_lived.give_up()


def _run(launchable: Launchable, command: tuple[str, ...], timeout: float) -> short_lived.Result:
    environ = {**child_environment.inherited(), "COLUMNS": "120"}
    program = [launchable.python, *launchable.prefix, *command, "--help"]
    try:
        return short_lived.run(
            program,
            environ,
            timeout,
            directory=Path(launchable.directory),
            can_be_given_up=True,
        )
    except OSError as error:
        raise ServiceError(cannot_start(launchable.python, error)) from None
