"""What a model needs of its Python, beside what there is: ``python …/requirements.py FOLDER``."""

import json
import platform
import re
import sys
from importlib import metadata
from pathlib import Path

PYTHON = re.compile(r"^python:\s*['\"]?(\d+\.\d+)", re.MULTILINE)
"""The line of ``python_env.yaml`` that names the Python in which a model was logged."""

Mismatch = tuple[str, str, str]
"""Package, what is wanted of it, and its version here; that is empty where there is none."""


def mismatches(folder: Path) -> list[Mismatch]:
    """Return the requirements of a model that this environment does not meet.

    What cannot be read as a requirement, as a path or an address, is left out.
    """
    from packaging.requirements import InvalidRequirement, Requirement

    found = []
    for line in _text(folder / "requirements.txt").splitlines():
        try:
            requirement = Requirement(line.strip())
        except InvalidRequirement:
            continue
        if requirement.marker and not requirement.marker.evaluate():
            continue
        wanted = str(requirement)[len(requirement.name) :]
        try:
            version = metadata.version(requirement.name)
        except metadata.PackageNotFoundError:
            found.append((requirement.name, wanted, ""))
            continue
        if not requirement.specifier.contains(version, prereleases=True):
            found.append((requirement.name, wanted, version))
    return found


def python_mismatches(folder: Path) -> list[Mismatch]:
    """Return the Python in which a model was logged, if this is another minor version."""
    asked = PYTHON.search(_text(folder / "python_env.yaml"))
    here = platform.python_version()
    if asked is None or here.startswith(f"{asked[1]}."):
        return []
    return [("python", asked[1], here)]


def unmet(folder: Path) -> list[str]:
    """Return the same as a person reads it."""
    return [in_words(each) for each in mismatches(folder)]


def in_words(mismatch: Mismatch) -> str:
    """Return a mismatch as a person reads it."""
    name, wanted, version = mismatch
    return f"{name}{wanted} ({f'{version} here' if version else 'missing here'})"


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace")
    except OSError:
        return ""


if __name__ == "__main__":
    del sys.path[0]  # the folder of this file, which belongs to no package
    given = Path(sys.argv[1])
    print(json.dumps([*python_mismatches(given), *mismatches(given)]))  # noqa: T201 - the answer
