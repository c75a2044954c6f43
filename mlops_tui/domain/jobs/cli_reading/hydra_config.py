"""A configuration of ``hydra``, put together from its files as ``hydra`` does it."""

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from mlops_tui.domain.jobs.cli_reading.hydra_store import MISSING, Stored
from mlops_tui.domain.jobs.cli_reading.hydra_value import read_yaml
from mlops_tui.domain.jobs.cli_reading.local_imports import Beside

PACKAGE = re.compile(r"^#\s*@package\s+(\S+)", re.MULTILINE)
GLOBAL = "_global_"

DEEPEST = 20
MOST_FILES = 500

OWN = "hydra"
"""The package, and group, that is about hydra itself."""


@dataclass(frozen=True, slots=True)
class Group:
    """A choice among files: the key of its override, what is chosen, what could be.

    ``package`` is where the values of what is chosen belong.
    """

    key: str
    chosen: object
    options: tuple[str, ...]
    package: str


@dataclass(frozen=True, slots=True)
class _Part:
    """A file that is part of the whole: its path, and where its content belongs."""

    path: str
    package: str
    is_optional: bool = False


@dataclass
class Composition:
    """The groups and the values of a configuration; ``missing`` are files that were not found."""

    folder: str
    beside: Beside
    stored: Mapping[str, Stored] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    used: list[str] = field(default_factory=list)
    _overrides: dict[str, object] = field(default_factory=dict)
    _files: int = 0

    def compose(self, name: str) -> bool:
        """Put it together; return whether there is a file of that name that makes sense."""
        primary = re.sub(r"\.ya?ml$", "", name)
        if self._read(primary) is None:
            return False
        while True:
            known = len(self._overrides)
            self.groups, self.values, self.missing, self._files = {}, {}, [], 0
            for part, content in self._parts(_Part(primary, ""), 0):
                _merge(_at(self.values, part.package), content)
            # What overrides a group may stand behind it.
            if len(self._overrides) == known:
                return True

    def _read(self, path: str) -> tuple[dict[Any, Any], str | None] | None:
        """Return what a file holds with the package that it names, None where there is none."""
        texts = (self.beside(f"{self.folder}/{path}.{end}") for end in ("yaml", "yml"))
        text = next((each for each in texts if each is not None), None)
        if text is None:
            known = self.stored.get(path)
            return (dict(known.content), known.package) if known else None
        found = read_yaml(text)
        named = PACKAGE.search(text[:2000])
        content = found if isinstance(found, dict) else {}
        is_right = isinstance(found, dict) or not re.sub(r"(?m)^\s*(#.*|---)?$", "", text).strip()
        return (content, named[1] if named else None) if is_right else None

    def _parts(self, part: _Part, depth: int) -> Iterator[tuple[_Part, Mapping[Any, Any]]]:
        """Return the files that belong to one, each with its own content, in their order."""
        self._files += 1
        if part.path in self.stored:
            self.used.append(part.path)
        read = self._read(part.path) if self._files < MOST_FILES and depth < DEEPEST else None
        if read is None:
            if not part.is_optional:
                self.missing.append(part.path)
            return
        content, named = dict(read[0]), read[1]
        if named is not None:
            package = named.replace("_group_", posixpath.dirname(part.path).replace("/", "."))
            part = _Part(part.path, _without_global(package))
        listed = content.pop("defaults", None)
        defaults = listed if isinstance(listed, list) else []
        if "_self_" not in defaults:
            defaults = [*defaults, "_self_"]
        for each in defaults:
            if each == "_self_":
                yield part, content
            else:
                for inner in self._chosen(each, part):
                    yield from self._parts(inner, depth + 1)

    def _chosen(self, default: object, part: _Part) -> Iterator[_Part]:
        """Return the files that an item of a list of defaults means."""
        if isinstance(default, str):
            path, at, package = default.partition("@")
            own = package if at else posixpath.dirname(path.lstrip("/")).replace("/", ".")
            yield _Part(_path(path, part), _package(own, part))
        if not isinstance(default, dict):
            return
        told = {str(key): option for key, option in default.items() if str(key) != "optional"}
        for words, option in told.items():
            *marks, key = words.split()
            group, at, package = key.partition("@")
            path = _path(group, part)
            own = _package(package if at else group.lstrip("/").replace("/", "."), part)
            name = path if own == path.replace("/", ".") else f"{path}@{own or GLOBAL}"
            if "override" in marks:
                self._overrides.setdefault(name, option)
                continue
            yield from self._of_group(name, path, self._overrides.get(name, option), own, marks)

    def _of_group(
        self, name: str, path: str, option: object, package: str, marks: list[str]
    ) -> Iterator[_Part]:
        if path.partition("/")[0] == OWN:
            return
        self.groups.setdefault(name, Group(name, option, self._options(path), package))
        is_optional = "optional" in marks or default_missing(option)
        for each in option if isinstance(option, list) else [option]:
            if isinstance(each, str) and not default_missing(each):
                stem = re.sub(r"\.ya?ml$", "", each)
                yield _Part(posixpath.join(path, stem), package, is_optional)

    def _options(self, group: str) -> tuple[str, ...]:
        names = (self.beside(f"{self.folder}/{group}/") or "").splitlines()
        stems = (re.fullmatch(r"(.+)\.ya?ml", name) for name in names)
        kept = [
            path.removeprefix(f"{group}/") for path in self.stored if path.startswith(f"{group}/")
        ]
        own = [name for name in kept if "/" not in name]
        return tuple(sorted({*own, *(each[1] for each in stems if each)}))


def default_missing(option: object) -> bool:
    """Return whether an option has to be given, or is only known when the program runs."""
    return isinstance(option, str) and (option == MISSING or "${" in option)


def _path(path: str, part: _Part) -> str:
    if path.startswith("/"):
        return path.lstrip("/")
    return posixpath.join(posixpath.dirname(part.path), path)


def _package(package: str, part: _Part) -> str:
    if package == "_here_":
        package = ""
    if package.partition(".")[0] == GLOBAL:
        return _without_global(package)
    return ".".join(filter(None, (part.package, package)))


def _without_global(package: str) -> str:
    return package.removeprefix(GLOBAL).lstrip(".")


def _at(values: dict[str, Any], package: str) -> dict[str, Any]:
    for name in filter(None, package.split(".")):
        inner = values.get(name)
        if not isinstance(inner, dict):
            inner = values[name] = {}
        values = inner
    return values


def _merge(values: dict[Any, Any], others: Mapping[Any, Any]) -> None:
    """Put values over others: mappings go into each other, anything else replaces."""
    for key, value in others.items():
        before = values.get(key)
        if key in values and value == MISSING:
            continue
        if isinstance(before, dict) and isinstance(value, dict):
            _merge(before, value)
        elif isinstance(value, dict):
            values[key] = {}
            _merge(values[key], value)
        else:
            values[key] = value
