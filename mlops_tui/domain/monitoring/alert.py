"""What a monitor tells a person about: once for each episode."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import sha256

from mlops_tui.domain.json_text import Json

WAYS = {
    "compare": ("C", "compare the versions"),
    "labels": ("L", "add labels"),
    "retrain": ("R", "retrain"),
    "rollback": ("B", "roll back"),
    "capture": ("c", "change what is captured"),
    "log": ("o", "read the log"),
}
"""What a person can do, by name: its key where it is done, and what it does."""


class AlertKind(StrEnum):
    """What an alert is about."""

    DRIFT = "drift"
    PERFORMANCE = "performance"
    CONCEPT = "concept"
    ENDPOINT = "endpoint"
    CAPTURE = "capture"
    BEHIND = "behind"
    GATE = "gate"
    RETRAINING = "retraining"


WAYS_ON: Mapping[AlertKind, tuple[str, ...]] = {
    AlertKind.DRIFT: ("compare", "labels", "retrain"),
    AlertKind.PERFORMANCE: ("compare", "retrain", "rollback"),
    AlertKind.CONCEPT: ("compare", "retrain", "rollback"),
    AlertKind.ENDPOINT: ("log", "rollback"),
    AlertKind.CAPTURE: ("capture",),
    AlertKind.BEHIND: ("log",),
    AlertKind.GATE: ("compare",),
    AlertKind.RETRAINING: ("log",),
}
CALM = 2
"""Looks in a row without the condition after which an episode is over: values near a limit would
else be told again and again."""


@dataclass(frozen=True, slots=True)
class Alert:
    """One episode of something that a person should know. Times are ms since the epoch."""

    alert_id: str
    kind: AlertKind
    model: str
    since: int
    sentence: str
    acknowledged: bool = False
    monitor_id: str = ""
    version: str = ""
    calm: int = 0
    """Looks in a row in which the condition was not met."""
    by: str = ""
    """Who acknowledged it."""

    @property
    def way(self) -> tuple[tuple[str, str], ...]:
        """What a person can do: keys of the Monitoring screen with what each does."""
        return tuple(WAYS[name] for name in WAYS_ON[self.kind])

    def as_dict(self) -> dict[str, Json]:
        """Return it as it stands in a tag and in JSON of the command line."""
        return {
            "alert_id": self.alert_id,
            "kind": self.kind.value,
            "model": self.model,
            "since": self.since,
            "sentence": self.sentence,
            "acknowledged": self.acknowledged,
            "monitor_id": self.monitor_id,
            "version": self.version,
            "calm": self.calm,
            "by": self.by,
        }


def alert_of(found: object) -> Alert | None:
    """Return an alert from what a tag holds; None for anything else: anybody may write tags."""
    if not isinstance(found, dict) or found.get("kind") not in list(AlertKind):
        return None
    texts = [found.get(name, "") for name in ("alert_id", "model", "sentence")]
    since = found.get("since")
    if not all(isinstance(each, str) for each in texts) or not isinstance(since, int):
        return None
    calm = found.get("calm")
    return Alert(
        texts[0],
        AlertKind(found["kind"]),
        texts[1],
        since,
        texts[2],
        acknowledged=found.get("acknowledged") is True,
        monitor_id=str(found.get("monitor_id", "")),
        version=str(found.get("version", "")),
        calm=calm if isinstance(calm, int) else 0,
        by=str(found.get("by", "")),
    )


def next_alerts(
    before: Sequence[Alert],
    met: Mapping[AlertKind, str],
    looked_at: Sequence[AlertKind],
    subject: Alert,
) -> tuple[tuple[Alert, ...], tuple[Alert, ...]]:
    """Return the alerts after a look, then those of them that begin with it.

    ``met`` has the sentence of each condition that is met, ``looked_at`` the kinds that this look
    was about; the others stay. ``subject`` gives model, monitor, version and time of a new one.
    """
    kept, begun = [], []
    for alert in before:
        if alert.kind in met:
            kept.append(replace(alert, sentence=met[alert.kind], calm=0))
        elif alert.kind not in looked_at:
            kept.append(alert)
        elif alert.calm + 1 < CALM:
            kept.append(replace(alert, calm=alert.calm + 1))
    present = {alert.kind for alert in kept}
    for kind, sentence in met.items():
        if kind not in present:
            key = f"{subject.monitor_id} {kind} {subject.since}"
            alert_id = sha256(key.encode()).hexdigest()[:8]
            begun.append(replace(subject, alert_id=alert_id, kind=kind, sentence=sentence))
    return (*kept, *begun), tuple(begun)
