"""The sub-commands."""

from mlops_tui.cli import (
    compare,
    demo,
    doctor,
    job_queue,
    jobs,
    logs,
    metrics,
    run,
    runs,
    stop,
    sweep,
    train,
)

SUB_COMMANDS = (
    *(runs, run, compare, metrics),
    *(train, sweep, jobs, logs, stop, job_queue),
    *(doctor, demo),
)
"""In the order of the help."""
