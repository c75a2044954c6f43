"""The overrides that a program of ``hydra`` takes, from the configuration beside it."""

import ast
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from mlops_tui.domain.jobs.argument import Argument, CommandLine, unique
from mlops_tui.domain.jobs.cli_reading.beside import Beside
from mlops_tui.domain.jobs.cli_reading.field import field
from mlops_tui.domain.jobs.cli_reading.literal import Names, imports, keywords, last_name

if TYPE_CHECKING:
    from mlops_tui.domain.jobs.recipe import Value

MISSING = "???"
"""What stands in a configuration for a value that has to be given."""

OWN = ("defaults", "hydra")
"""Keys that say how the configuration is put together; those in underscores say what is made."""

NOTE = "A key that it does not show goes as +key=value, or ~key, into the free arguments."


def read(tree: ast.Module, beside: Beside) -> CommandLine | None:
    """Return a field for each value, None where the program has no ``hydra.main``."""
    if not imports(tree, "hydra"):
        return None
    names = Names(tree)
    decorators = (each for function in names.functions.values() for each in function.decorator_list)
    call = next((c for c in decorators if isinstance(c, ast.Call) and _is_main(c)), None)
    if call is None:
        return None
    told = {**dict(zip(("config_path", "config_name"), call.args, strict=False)), **keywords(call)}
    folder, name = (names.value(told.get(each)) for each in ("config_path", "config_name"))
    if not isinstance(name, str):
        return CommandLine(source="hydra", note="It names no configuration.")
    place = _Folder(folder if isinstance(folder, str) else ".", beside)
    primary = place.read(name)
    if primary is None:
        return CommandLine(source="hydra", note=f"Its configuration {name} was not found.")
    return CommandLine(unique(place.arguments(primary)), f"hydra's {name}", NOTE)


def _is_main(call: ast.Call) -> bool:
    return last_name(call) == "main" and "hydra" in ast.unparse(call.func)


class _Folder:
    """The folder of configurations."""

    def __init__(self, path: str, beside: Beside) -> None:
        self._path = path
        self._beside = beside

    def read(self, name: str) -> Mapping[str, Any] | None:
        """Return what a file holds, None where there is no such one that makes sense."""
        import yaml  # noqa: PLC0415 - few programs have a configuration

        stem = name.removesuffix(".yaml").removesuffix(".yml")
        texts = (self._beside(f"{self._path}/{stem}.{end}") for end in ("yaml", "yml"))
        text = next((each for each in texts if each is not None), None)
        try:
            found = yaml.safe_load(text or "null")
        except yaml.YAMLError:
            return None
        is_global = (text or "").lstrip().startswith("# @package _global_")
        return {"": found} if is_global and isinstance(found, dict) else found

    def arguments(self, primary: Mapping[str, Any]) -> Iterator[Argument]:
        """Return the values of a configuration, then what its groups choose with their values."""
        own = primary.get("", primary)
        yield from _values(own, "")
        for group, option in _groups(own.get("defaults")):
            yield _override(group, option)
            inner = self.read(f"{group}/{option}") or {}
            yield from (
                _values(inner[""], "")
                if "" in inner
                else _values(inner, f"{group.replace('/', '.')}.")
            )


def _groups(defaults: object) -> Iterator[tuple[str, str]]:
    """Return the groups of a list of defaults, each with the option that it chooses."""
    for each in defaults if isinstance(defaults, list) else []:
        for key, option in each.items() if isinstance(each, dict) else []:
            words = str(key).split()
            if isinstance(option, str) and "hydra" not in str(key) and "override" not in words:
                yield words[-1].partition("@")[0], option


def _values(found: object, prefix: str) -> Iterator[Argument]:
    for key, value in found.items() if isinstance(found, dict) else []:
        name = f"{prefix}{key}"
        if key in OWN or str(key).startswith("_"):
            continue
        if isinstance(value, dict) and value:
            yield from _values(value, f"{name}.")
        else:
            yield _override(name, value)


def _override(name: str, value: object) -> Argument:
    kind: type[Value] = type(value) if isinstance(value, bool | int | float) else str
    shown = None if value in (None, MISSING) else _text(value)
    parameter = field(name, kind, shown, required=value == MISSING)
    return Argument(parameter, f"{name}=", spelled=("true", "false"))


def _text(value: object) -> object:
    """Return a list or a mapping as it is written in an override."""
    return str(value).replace("'", "") if isinstance(value, list | dict) else value
