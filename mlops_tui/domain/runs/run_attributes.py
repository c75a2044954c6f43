"""What every run has, by the names a filter knows."""

from mlops_tui.domain.runs.run import Run, RunStatus

TEXTS = ("name", "status", "user", "id")
SPANS = ("age", "duration")
MOMENTS = ("started", "ended")

NAMES = (*TEXTS, *SPANS, *MOMENTS)
"""These are reserved: a param of such a name is reached as ``param:name``."""

ALIASES = {
    "run_name": "name",
    "run_id": "id",
    "user_id": "user",
    "start_time": "started",
    "end_time": "ended",
}
"""What MLflow's own filter calls them."""

STATUSES = tuple(RunStatus)


def attribute_name(key: str) -> str | None:
    """Return the attribute that a key names, None for any other key."""
    name = ALIASES.get(key, key)
    return name if name in NAMES else None


def text_of(run: Run, name: str) -> str:
    """Return an attribute that is a text."""
    return {"name": run.name, "status": run.status, "user": run.user, "id": run.run_id}[name]


def time_of(run: Run, name: str, now: float) -> float | None:
    """Return an attribute that is a time: seconds of a span, of the epoch for a moment."""
    start = None if run.started_at is None else run.started_at / 1000
    end = None if run.ended_at is None else run.ended_at / 1000
    if name == "started":
        return start
    if name == "ended":
        return end
    if start is None:
        return None
    return (now if name == "age" or end is None else end) - start
