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
    query,
    run,
    runs,
    serve,
    servers,
    stop,
    sweep,
    train,
)

SUB_COMMANDS = (
    *(runs, run, compare, metrics),
    *(models, gate),
    *(train, sweep, jobs, logs, stop, job_queue),
    *(serve, servers, query),
    *(doctor, demo),
)
"""In the order of the help."""
