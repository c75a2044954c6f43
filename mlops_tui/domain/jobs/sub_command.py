"""A program's sub-commands, of which one is chosen."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from mlops_tui.domain.jobs.argument import CommandLine


def command_names(line: CommandLine) -> Iterator[str]:
    """Return what can be chosen, as it is typed: ``train``, or ``data split`` of a group."""
    for name, inner in line.commands.items():
        if inner.commands:
            yield from (f"{name} {below}" for below in command_names(inner))
        else:
            yield name


TRAINING = ("train", "fit", "finetune", "pretrain", "learn", "run", "main", "start")
"""What sub-commands that train are called, the plainest first."""


def preselected(line: CommandLine) -> str:
    """Return the sub-command that a form begins with: one that trains, else none.

    A program that does its work without one, and one with a single sub-command, leave no doubt.
    """
    names = list(command_names(line))
    if line.runs_alone:
        return ""
    if len(names) == 1:
        return names[0]
    plain = {re.sub(r"[^a-z]", "", name.split()[-1].lower()): name for name in reversed(names)}
    exact = (plain[word] for word in TRAINING if word in plain)
    alike = (plain[each] for word in TRAINING[:5] for each in plain if each.startswith(word))
    return next(exact, next(alike, ""))


def with_command(line: CommandLine, words: Sequence[str]) -> CommandLine:
    """Return the arguments of a sub-command behind those that stand before it.

    Of two with one name the sub-command's is meant.
    """
    if not words:
        return line
    inner = with_command(line.commands.get(words[0], CommandLine()), words[1:])
    own = tuple(replace(each, depth=each.depth + 1) for each in inner.arguments)
    taken = {each.parameter.name for each in own}
    before = (each for each in line.arguments if each.parameter.name not in taken)
    return replace(
        line,
        arguments=(*before, *own),
        source=line.source or inner.source,
        note=" ".join(filter(None, (line.note, inner.note))),
        has_more=line.has_more or inner.has_more,
        command=tuple(words),
    )
