"""A look into JSON."""

import json
from dataclasses import replace
from pathlib import Path

from mlops_tui.domain.artifacts.json_layout import lay_out
from mlops_tui.domain.artifacts.preview import Preview, TextPreview
from mlops_tui.services.artifacts.previews.text_file import LIMIT, plain

LARGEST_CHECKED = 4 * 1024 * 1024
"""Bytes; whether a larger file is JSON to its end is not looked at."""


def preview(path: str, file: Path, _room: tuple[int, int]) -> Preview:
    """Return the beginning laid out; text that is no JSON as it is, with what is wrong."""
    found = plain(path, file, LIMIT, "json")
    if not isinstance(found, TextPreview):
        return found
    problem = _problem(file) if found.size <= LARGEST_CHECKED else ""
    if problem:
        return plain(path, file, LIMIT, remark=problem)
    return replace(found, text=lay_out(found.text))


def _problem(file: Path) -> str:
    try:
        json.loads(file.read_bytes())
    except json.JSONDecodeError as error:
        return f"This is no JSON: {error.msg}, line {error.lineno}, column {error.colno}."
    except UnicodeDecodeError:
        return "This is no JSON: its text is not UTF-8."
    except (RecursionError, ValueError):
        return ""  # JSON that Python's reader cannot hold: nested too deeply, or a huge number
    return ""
