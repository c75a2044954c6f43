"""Values for a program that reads them as Python."""

import ast

from mlops_tui.domain.jobs.recipe import Value


def spelled(value: Value) -> str:
    """Return a value as it is typed, for Python."""
    return str(value)


def spelled_text(value: Value) -> str:
    """Return a text so that it is taken for nothing else: in quotes where it must be."""
    text = str(value)
    try:
        read = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return text
    return text if isinstance(read, ast.Name) and read.id == text else repr(text)
