"""The list of sub-commands."""

from mlops_tui.cli import (
    compare,
    demo,
    doctor,
    gate,
    job_queue,
    jobs,
    logs,
    metrics,
    models,
    run,
    runs,
    stop,
    sweep,
    train,
)

SUB_COMMANDS = (
    *(runs, run, compare, metrics),
    *(models, gate),
    *(train, sweep, jobs, logs, stop, job_queue),
    *(doctor, demo),
)
"""In the order of the help."""
