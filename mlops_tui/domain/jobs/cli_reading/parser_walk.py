"""The parsers that a program makes with ``argparse``, found by following its text."""

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from mlops_tui.domain.jobs.cli_reading.literal import Function, Names, keywords, last_name

DEEPEST = 12
"""Calls within calls that are followed."""

MOST_CALLS = 2_000
"""Of functions of the program that are followed."""

CHANGES = ("add_argument", "set_defaults")
EXCLUSIVE = "add_mutually_exclusive_group"
GROUPS = ("add_argument_group", EXCLUSIVE)


@dataclass(frozen=True)
class LaterDefault:
    """What ``set_defaults`` gives an argument; it wins over those of the first ``added`` calls."""

    value: ast.expr
    added: int


@dataclass(eq=False)
class Parser:
    """What is done with one parser; ``parents`` lend it what is done with them.

    Of the calls in each of ``exclusive`` at most one argument can be given. ``unread`` are the
    calls that may give other defaults. ``prefixes`` are what its flags begin with, ``files`` what
    names a file of arguments.
    """

    added: list[ast.Call] = field(default_factory=list)
    defaults: dict[str, LaterDefault] = field(default_factory=dict)
    exclusive: list[list[ast.Call]] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    prefixes: ast.expr | None = None
    files: ast.expr | None = None
    commands: dict[str, "Parser"] = field(default_factory=dict)
    parents: list["Parser"] = field(default_factory=list)


@dataclass(frozen=True)
class Commands:
    """What ``add_subparsers`` returns: a place for the sub-commands of a parser."""

    parser: Parser


@dataclass(frozen=True)
class Group:
    """What ``add_mutually_exclusive_group`` returns, with the calls on it."""

    parser: Parser
    calls: list[ast.Call]


Known = Parser | Commands | Group | list["Known"] | None
Scope = dict[str, Known]


def parser_of(tree: ast.Module, names: Names) -> Parser:
    """Return one parser with all that the program's own parsers are given."""
    walk = _Walk(names)
    walk.block(tree.body, walk.module)
    for node in _outermost_first(tree):
        if node not in walk.followed:
            walk.followed.add(node)
            walk.block(node.body, {})
    own = [each for each in walk.made if each not in walk.lent]
    commands = {name: inner for each in own for name, inner in each.commands.items()}
    return Parser(commands=commands, parents=own)


def _outermost_first(tree: ast.Module) -> list[Function]:
    """Return the functions, those first that the program itself does not call."""
    nodes = list(ast.walk(tree))
    called = {last_name(node) for node in nodes if isinstance(node, ast.Call)}
    functions = [node for node in nodes if isinstance(node, Function)]
    return sorted(functions, key=lambda function: function.name in called)


class _Walk:
    """Follows statements in their order; what no parser is known for goes to one of its own."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._own = Parser()
        self._attributes: Scope = {}
        self._calls: list[ast.AST] = []
        self._left = MOST_CALLS
        self._returned: Known = None
        self._conditions: list[ast.expr] = []
        self.module: Scope = {}
        self.made = [self._own]
        self.lent: list[Parser] = []
        self.followed: set[ast.AST] = set()

    def block(self, statements: Iterable[ast.stmt], scope: Scope) -> None:
        for statement in statements:
            self._statement(statement, scope)

    def _statement(self, statement: ast.stmt, scope: Scope) -> None:
        match statement:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                return
            case ast.Assign(targets=targets, value=value):
                found = self._value(value, scope)
                for target in targets:
                    self._bind(target, found, scope)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                self._bind(target, self._value(value, scope), scope)
            case ast.Return(value=ast.expr() as value):
                self._returned = self._value(value, scope) or self._returned
            case ast.For(target=target, iter=ast.Tuple(elts=each) | ast.List(elts=each)):
                for element in each:
                    self._bind(target, self._value(element, scope), scope)
                    self.block(statement.body, scope)
            case ast.If(test=test) if not _asks_whether_main(test):
                self._conditions.append(test)
                self._parts(statement, scope)
                self._conditions.pop()
            case _:
                self._parts(statement, scope)

    def _parts(self, node: ast.AST, scope: Scope) -> None:
        """Follow what a statement or an expression is made of."""
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.stmt):
                self._statement(child, scope)
            elif isinstance(child, ast.expr):
                self._value(child, scope)
            else:
                self._parts(child, scope)

    def _bind(self, target: ast.expr, found: Known, scope: Scope) -> None:
        match target:
            case ast.Name(id=name):
                scope[name] = found
            case ast.Attribute():
                self._attributes[ast.unparse(target)] = found
            case ast.Tuple(elts=targets) if isinstance(found, list):
                for each, one in zip(targets, found, strict=False):
                    self._bind(each, one, scope)

    def _value(self, node: ast.expr, scope: Scope) -> Known:
        match node:
            case ast.Name(id=name):
                return scope.get(name) or self.module.get(name)
            case ast.Attribute():
                self._value(node.value, scope)
                return self._attributes.get(ast.unparse(node))
            case ast.Tuple(elts=elements) | ast.List(elts=elements):
                return [self._value(each, scope) for each in elements]
            case ast.Call():
                return self._called(node, scope)
        self._parts(node, scope)
        return None

    def _called(self, call: ast.Call, scope: Scope) -> Known:
        on = self._value(call.func.value, scope) if isinstance(call.func, ast.Attribute) else None
        given = [self._value(each, scope) for each in call.args]
        named = {name: self._value(each, scope) for name, each in keywords(call).items()}
        parser = on.parser if isinstance(on, Commands | Group) else on
        if not isinstance(parser, Parser):
            parser = self._own
        word = last_name(call)
        if word.endswith(("ArgumentParser", "ArgParser")):
            return self._new(call, named, self.made)
        if word in GROUPS:
            return self._group(word, parser, on)
        if word == "add_subparsers":
            return Commands(parser)
        if word == "add_parser" and call.args:
            # A function that is called without the place for sub-commands makes none.
            is_made = isinstance(on, Commands) or not self._calls
            return self._command(call, named, parser if is_made else Parser())
        if word in CHANGES:
            self._change(parser, call, on)
            return None
        return self._follow(word, given, named) if word in self._names.functions else None

    def _group(self, word: str, parser: Parser, on: Known) -> Known:
        if word != EXCLUSIVE:
            return on if isinstance(on, Group) else parser
        parser.exclusive.append([])
        return Group(parser, parser.exclusive[-1])

    def _change(self, parser: Parser, call: ast.Call, on: Known) -> None:
        """Note what a call adds to a parser, or what defaults it sets."""
        if last_name(call) == "set_defaults":
            if any(each.arg is None for each in call.keywords):
                parser.unread.append(ast.unparse(call))
            for name, value in keywords(call).items():
                parser.defaults[name] = LaterDefault(self._conditional(value), len(parser.added))
        elif call.args:
            parser.added.append(call)
            if isinstance(on, Group):
                on.calls.append(call)

    def _conditional(self, value: ast.expr) -> ast.expr:
        """Return a value together with the conditions under which it holds."""
        for test in reversed(self._conditions):
            value = ast.IfExp(test, value, ast.Name("…", ast.Load()))
        return value

    def _new(self, call: ast.Call, named: Mapping[str, Known], made: list[Parser]) -> Parser:
        parents = named.get("parents")
        listed = parents if isinstance(parents, list) else []
        found = [each for each in listed if isinstance(each, Parser)]
        self.lent += found
        told = keywords(call)
        made.append(
            Parser(
                parents=found,
                prefixes=told.get("prefix_chars"),
                files=told.get("fromfile_prefix_chars"),
            )
        )
        return made[-1]

    def _command(self, call: ast.Call, named: Mapping[str, Known], parser: Parser) -> Parser:
        name, found = call.args[0], self._new(call, named, [])
        text = self._names.value(name)
        if isinstance(text, str) and text:
            parser.commands[text] = found
        else:
            parser.added.append(ast.Call(name, [name], []))
        return found

    def _follow(self, name: str, given: list[Known], named: Mapping[str, Known]) -> Known:
        function = self._names.functions[name]
        if function in self._calls or len(self._calls) > DEEPEST or not self._left:
            return None
        self._left -= 1
        self.followed.add(function)
        taken = [each.arg for each in (*function.args.posonlyargs, *function.args.args)]
        if taken[:1] in (["self"], ["cls"]):
            taken = taken[1:]
        outer, self._returned = self._returned, None
        self._calls.append(function)
        self.block(function.body, dict(zip(taken, given, strict=False)) | dict(named))
        self._calls.pop()
        found, self._returned = self._returned, outer
        return found


def _asks_whether_main(test: ast.expr) -> bool:
    return isinstance(test, ast.Compare) and ast.unparse(test.left) == "__name__"
