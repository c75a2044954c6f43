"""The arguments of a program that reads them with ``click``."""

import ast
import re
from collections.abc import Iterator, Mapping

from mlops_tui.domain.jobs.argument import CommandLine
from mlops_tui.domain.jobs.cli_reading.click_option import READERS
from mlops_tui.domain.jobs.cli_reading.literal import Function, Names, imports, keywords, last_name
from mlops_tui.domain.jobs.cli_reading.same_name import joined_by_name
from mlops_tui.domain.jobs.cli_reading.unparsed_args import left_out

COMMANDS = ("command", "group")
SILENT = (*COMMANDS, "version_option", "help_option", "pass_context", "pass_obj", "result_callback")
"""Decorators that add nothing to a form."""

ENDS = re.compile(r"_(command|cmd|group|grp)$")
"""What ``click`` takes from the name of a function."""


def read(tree: ast.Module) -> CommandLine | None:
    """Return the arguments, None where the program has no command of ``click``."""
    if not imports(tree, "click", "rich_click"):
        return None
    program = _Program(tree)
    root = program.root()
    return program.line(root) if root else None


class _Program:
    """The commands of a program with the groups that they belong to."""

    def __init__(self, tree: ast.Module) -> None:
        self._tree = tree
        self._names = Names(tree)
        self._told = {
            function.name: call
            for function in self._names.functions.values()
            for call in function.decorator_list
            if last_name(call) in COMMANDS
        }
        self._groups = {name: self._group_of(name) for name in self._told}

    def root(self) -> str:
        """Return the command that the program is: of several the one that it calls."""
        roots = [name for name in self._told if not self._groups[name]]
        called = (
            node.func.id
            for node in ast.walk(self._tree)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        )
        return next((name for name in called if name in roots), next(iter(roots), ""))

    def line(self, name: str) -> CommandLine:
        """Return the arguments of a command, of a group those of its commands, too."""
        found, left = [], []
        for call in self._decorators(self._names.functions[name]):
            reader = READERS.get(last_name(call))
            argument = reader(call, self._names) if reader else None
            if argument:
                found.append(argument)
            elif last_name(call) not in SILENT:
                left.append(_words(call) if reader else ast.unparse(call)[:40])
        inner = [each for each, group in self._groups.items() if group == name]
        commands = {self._typed(each): self.line(each) for each in inner}
        arguments, unread = joined_by_name(found)
        note = left_out([*left, *unread])
        is_alone = self._names.value(self._said_of(name).get("invoke_without_command")) is True
        return CommandLine(arguments, "click", note, commands=commands, runs_alone=is_alone)

    def _said_of(self, name: str) -> Mapping[str, ast.expr]:
        call = self._told[name]
        return keywords(call) if isinstance(call, ast.Call) else {}

    def _decorators(self, function: Function) -> Iterator[ast.Call]:
        """Return the calls that decorate a command, those of the program's own decorators, too."""
        for each in function.decorator_list:
            own = self._names.functions.get(last_name(each))
            if own is not None and last_name(each) not in self._told:
                inside = (node for node in ast.walk(own) if isinstance(node, ast.Call))
                direct = (call for call in inside if not isinstance(call.func, ast.Call))
                options = [call for call in direct if last_name(call) in READERS]
                yield from sorted(options, key=lambda call: call.lineno)
            elif isinstance(each, ast.Call) and not self._is_hidden(each):
                yield each

    def _is_hidden(self, call: ast.Call) -> bool:
        return self._names.value(keywords(call).get("hidden")) is True

    def _group_of(self, name: str) -> str:
        """Return the group that a command is added to, empty for none."""
        call = self._told[name]
        decorator = call.func if isinstance(call, ast.Call) else call
        if isinstance(decorator, ast.Attribute) and last_name(decorator.value) in self._told:
            return last_name(decorator.value)
        for node in ast.walk(self._tree):
            match node:
                case ast.Call(
                    func=ast.Attribute(value=ast.Name(id=group), attr="add_command"),
                    args=[ast.Name(id=added), *_],
                ) if added == name and group in self._told:
                    return group
        return ""

    def _typed(self, name: str) -> str:
        call = self._told[name]
        told = [*call.args, keywords(call).get("name")] if isinstance(call, ast.Call) else []
        given = next(
            (text for each in told if isinstance(text := self._names.value(each), str)), ""
        )
        return given or ENDS.sub("", name).replace("_", "-").lower()


def _words(call: ast.Call) -> str:
    return " ".join(ast.unparse(each)[:40] for each in call.args)
