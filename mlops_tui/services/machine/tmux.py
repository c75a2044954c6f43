"""What tmux is set to."""

import subprocess
from collections.abc import Mapping

ANSWERS_WITHIN = 2.0
"""Seconds."""


def escape_time(environ: Mapping[str, str]) -> int | None:
    """Return how many milliseconds tmux holds back an escape; None without tmux, or its answer."""
    if not environ.get("TMUX"):
        return None
    command = ("tmux", "show-options", "-sv", "escape-time")
    try:
        answer = subprocess.run(  # noqa: S603 - our own words
            command, env=dict(environ), capture_output=True, timeout=ANSWERS_WITHIN, check=True
        )
        return int(answer.stdout)
    except (OSError, subprocess.SubprocessError, ValueError):
        return None
