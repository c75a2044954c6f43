"""What a person has read in the feed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from mlops_tui.domain.feed.feed import TROUBLE, Entry


@dataclass(frozen=True, slots=True)
class Marks:
    """Which news were read: those in ``seen`` (run id to ``news_at``), and all up to ``floor``.

    Times are those of the runs, milliseconds since the epoch: no clock of ours is compared to them.
    """

    floor: int = 0
    seen: Mapping[str, int] = field(default_factory=dict)

    def is_unread(self, entry: Entry) -> bool:
        """Return whether an entry has news that were not read."""
        news_at = entry.news_at
        if news_at is None or self.seen.get(entry.run.run_id, -1) >= news_at:
            return False
        return entry.is_open or news_at > self.floor

    def with_seen(self, seen: Mapping[str, int], most: int) -> "Marks":
        """Return the marks with more read; where there are more than ``most``, the oldest go.

        What is as old as they were then counts as read.
        """
        merged = dict(self.seen)
        for run_id, news_at in seen.items():
            merged[run_id] = max(news_at, merged.get(run_id, news_at))
        by_age = sorted(merged.items(), key=lambda mark: -mark[1])
        floor = max((news_at for _, news_at in by_age[most:]), default=self.floor)
        return Marks(max(floor, self.floor), dict(by_age[:most]))


def first_marks(entries: Iterable[Entry], *, trouble_since: int, is_whole: bool) -> Marks:
    """Return what counts as read at the very first look.

    Somebody who comes to a store full of old runs has not missed them: all of them count as read,
    but for what goes wrong now or went wrong since ``trouble_since`` (milliseconds). Where the
    entries are not all there are, what is older counts as read too.
    """
    seen: dict[str, int] = {}
    oldest: list[int] = []
    for one in entries:
        if one.news_at is None:
            continue
        if not one.is_open:
            oldest.append(one.at)
        if one.what not in TROUBLE or not (one.is_open or one.at >= trouble_since):
            seen[one.run.run_id] = one.news_at
    floor = min(oldest, default=0) - 1
    return Marks(0 if is_whole else max(0, floor), seen)
