"""The requests that were sent to each model, with their answers, in the state directory."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from mlops_tui.domain.serving.sent_query import LONGEST_ANSWER, LONGEST_REQUEST, SentQuery
from mlops_tui.services.files.small_files import change_json, read_preference
from mlops_tui.services.store.failures import translated
from mlops_tui.services.worker.calls import is_kept

FOLDER = "queries"
MOST = 100
"""Requests kept of a model; those without a name go first."""

LARGEST = 2_000_000
"""Characters of all requests and answers of a model."""


def recall(state_dir: Path, store: str, model: str) -> tuple[SentQuery, ...]:
    """Return what was sent to a model, the latest first."""
    found = _queries(read_preference(_path(state_dir, store, model)))
    return tuple(sorted(found, key=lambda each: each.at, reverse=True))


@is_kept
@translated()
def remember(state_dir: Path, store: str, model: str, sent: SentQuery) -> None:
    """Keep a request with its answer, in place of the same request sent before."""
    if len(sent.request) > LONGEST_REQUEST:
        return
    sent = replace(sent, answer=sent.answer[:LONGEST_ANSWER])

    def add(kept: Sequence[SentQuery]) -> Sequence[SentQuery]:
        same = [each for each in kept if each.request == sent.request]
        name = sent.name or next((each.name for each in same if each.name), "")
        return [*(each for each in kept if each not in same), replace(sent, name=name)]

    _change(state_dir, store, model, add)


@is_kept
@translated()
def rename(state_dir: Path, store: str, model: str, request: str, name: str) -> None:
    """Give a request another name, or none."""
    _change(
        state_dir,
        store,
        model,
        lambda kept: [replace(q, name=name) if q.request == request else q for q in kept],
    )


@is_kept
@translated()
def forget(state_dir: Path, store: str, model: str, request: str) -> None:
    """Remove a request."""
    _change(state_dir, store, model, lambda kept: [q for q in kept if q.request != request])


def _path(state_dir: Path, store: str, model: str) -> Path:
    digest = sha256(f"{store}\n{model}".encode("utf-8", "backslashreplace")).hexdigest()[:16]
    return state_dir / FOLDER / f"{digest}.json"


def _change(
    state_dir: Path,
    store: str,
    model: str,
    change: Callable[[Sequence[SentQuery]], Sequence[SentQuery]],
) -> None:
    def changed(data: dict[str, Any]) -> dict[str, Any]:
        kept = _trimmed(change(_queries(data)))
        return {"model": model, "queries": [asdict(each) for each in kept]}

    change_json(_path(state_dir, store, model), changed)


def _trimmed(queries: Sequence[SentQuery]) -> list[SentQuery]:
    """Return those that fit: the named ones first, then the latest."""
    kept: list[SentQuery] = []
    size = 0
    for each in sorted(queries, key=lambda q: (bool(q.name), q.at), reverse=True):
        size += len(each.request) + len(each.answer)
        if len(kept) < MOST and size <= LARGEST:
            kept.append(each)
    return kept


def _queries(data: Mapping[str, Any]) -> list[SentQuery]:
    told = data.get("queries")
    return [q for q in map(_query, told if isinstance(told, list) else []) if q]


def _query(told: object) -> SentQuery | None:
    try:
        query = SentQuery(**told)  # type: ignore[arg-type]  # checked below
    except TypeError:
        return None
    texts = (query.request, query.version, query.answer, query.name)
    numbers = (query.at, query.status, query.latency_ms)
    is_sound = all(isinstance(t, str) for t in texts) and all(
        isinstance(n, int | float) for n in numbers
    )
    return query if is_sound else None
