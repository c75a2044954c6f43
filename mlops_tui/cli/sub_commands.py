"""The list of sub-commands."""

from mlops_tui.cli import (
    alias,
    compare,
    demo,
    doctor,
    gate,
    history,
    job_queue,
    jobs,
    logs,
    metrics,
    models,
    query,
    register,
    rollback,
    run,
    runs,
    score,
    serve,
    servers,
    stop,
    sweep,
    train,
    transition,
    versions,
)

SUB_COMMANDS = (
    *(runs, run, compare, metrics),
    *(models, versions, register, transition, alias, rollback, history, gate),
    *(train, sweep, jobs, logs, stop, job_queue),
    *(serve, servers, query, score),
    *(doctor, demo),
)
"""In the order of the help."""
