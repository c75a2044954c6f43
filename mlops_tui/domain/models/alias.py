"""Which aliases MLflow takes."""

import re


def alias_problem(alias: str) -> str:
    """Return why MLflow would refuse the alias, or an empty string (measured on 3.17)."""
    if not alias:
        return "An alias needs at least one character."
    if not re.fullmatch(r"[\w-]+", alias):
        return "An alias consists of letters, digits, '_' or '-', without blanks."
    if len(alias) > MAX_LENGTH:
        return f"An alias has at most {MAX_LENGTH} characters."
    if alias.lower() == "latest":
        return "'latest' is reserved: it always means the newest version."
    if re.fullmatch(r"[vV]\d+", alias):
        return f"{alias!r} is reserved: it would read as a version number."
    return ""


MAX_LENGTH = 255
"""The width of MLflow's column."""
