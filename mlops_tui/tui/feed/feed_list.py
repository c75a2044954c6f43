"""The rows of the feed: which are shown, how they read."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from rich.text import Text

from mlops_tui.domain.feed.feed import Entry, Feed, News, in_order
from mlops_tui.domain.matching import matches
from mlops_tui.domain.monitoring.alert import Alert
from mlops_tui.domain.runs.silence import last_sign
from mlops_tui.tui.kit.column_layout import Column
from mlops_tui.tui.kit.formatting import age, number, plain, silent_cell, status_cell, took
from mlops_tui.tui.runs.silent_runs import SilentRuns

COLUMNS = (
    Column("new", "New", 3),
    Column("what", "What", 11),
    Column("age", "Age", 4, "right"),
    Column("run", "Run", 16, grow=True),
    Column("experiment", "Experiment", 14, grow=True),
    Column("took", "Took", 7, "right"),
    Column("detail", "Detail", 16, grow=True),
)

NEW = "new"
DEAD = "dead"
"""What the filter finds a run by that is presumed dead."""

KINDS = (News.RUNNING, News.FAILED, News.NAN, News.KILLED, News.FINISHED)
"""In the order in which they matter where there is no room for all."""

MOST_ALERTS = 3
"""Alerts that are shown above the runs."""

NAN_SIGN = "! NaN", "magenta"


class FeedList:
    """The entries of a feed in their order, with what was read here since it was."""

    def __init__(self) -> None:
        self.silent = SilentRuns()
        self.expected: Mapping[str, Mapping[str, str]] = {}
        self.is_whole = True
        self.alerts: tuple[Alert, ...] = ()
        self._entries: dict[str, Entry] = {}
        self._unread: frozenset[str] = frozenset()
        self._read: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._entries)

    def apply(self, feed: Feed) -> None:
        """Replace the entries by what was read; ``sort`` follows."""
        self._entries = {one.run.run_id: one for one in feed.entries}
        self._unread, self.is_whole = feed.unread, feed.is_whole
        self.alerts = feed.alerts
        self.silent.set_signs(feed.signs)

    def sort(self) -> None:
        """Sort the entries; the order depends on which runs are presumed dead."""
        dead = {k for k, one in self._entries.items() if self.silent.silence(one.run) is not None}
        ordered = in_order(self._entries.values(), dead)
        self._entries = {one.run.run_id: one for one in ordered}

    def get(self, run_id: str | None) -> Entry | None:
        """Return the entry of a run."""
        return self._entries.get(run_id or "")

    def is_unread(self, run_id: str) -> bool:
        """Return whether an entry is unread, given what was read here meanwhile."""
        one = self._entries.get(run_id)
        if one is None or one.news_at is None or run_id not in self._unread:
            return False
        return self._read.get(run_id, -1) < one.news_at

    @property
    def unread(self) -> list[str]:
        """The ids of the runs with unread entries, in their order."""
        return [run_id for run_id in self._entries if self.is_unread(run_id)]

    def mark_read(self, run_ids: Iterable[str]) -> Mapping[str, int]:
        """Count entries as read; return those that were not, with what their mark is made of."""
        unread = (self._entries[run_id] for run_id in run_ids if self.is_unread(run_id))
        seen = {one.run.run_id: one.news_at or 0 for one in unread}
        self._read |= seen
        return seen

    def forget_read(self, seen: Mapping[str, int]) -> None:
        """Count entries as unread again: that they were read could not be kept."""
        for run_id, news_at in seen.items():
            if self._read.get(run_id) == news_at:
                del self._read[run_id]

    def shown(self, words: str) -> list[str]:
        """Return the ids of the runs whose entries pass a filter."""
        return [k for k, one in self._entries.items() if matches(words, self._strings(one))]

    def _strings(self, one: Entry) -> Sequence[str]:
        run = one.run
        found = [run.name, one.experiment, one.what, run.status, run.run_id, run.user]
        found += [one.reason, "sweep" if one.trials else ""]
        found += [NEW, "unread"] if self.is_unread(run.run_id) else []
        found += [News.NAN] if run.metrics else []
        return [*found, *([DEAD] if self.silent.silence(run) is not None else []), *run.metrics]

    def summary(self, marked: int = 0) -> Text:
        """Say how many are unread, how many marked, how many there are of each kind."""
        unread, entries = len(self.unread), self._entries.values()
        text = Text.assemble((f"Feed: {unread:,} unread", "bold" if unread else ""))
        silent = sum(self.silent.silence(one.run) is not None for one in entries)
        count = Counter(one.what for one in entries if self.silent.silence(one.run) is None)
        text.append(f" · {marked:,} marked" if marked else "")
        kinds = [f"{count[what]:,} {_word(what)}" for what in KINDS if count[what]]
        if silent:
            kinds.insert(1 if count[News.RUNNING] else 0, f"{silent:,} silent (x)")
        kinds += [] if self.is_whole else ["older not shown"]
        return text.append("".join(f" · {kind}" for kind in kinds))

    def alert_lines(self) -> Text:
        """Return the alerts of monitors, newest first, one a line."""
        lines = [_alert_line(each) for each in self.alerts[:MOST_ALERTS]]
        if more := len(self.alerts) - MOST_ALERTS:
            lines += [Text(f"  and {more:,} more")] if more > 0 else []
        return Text("\n").join(lines)

    def cell(self, run_id: str, column: str) -> Text:
        """Return a cell."""
        one, is_unread = self._entries[run_id], self.is_unread(run_id)
        if column == "new":
            return Text(NEW if is_unread else "", "bold")
        if column == "run":
            return plain(one.run.name, "bold" if is_unread else "")
        return self._what(one) if column == "what" else CELLS[column](one)

    def _what(self, one: Entry) -> Text:
        expected = self.expected.get(one.run.run_id, {}).get("status")
        if expected:
            return plain(f"… {expected}", "italic")
        silence = self.silent.silence(one.run)
        if silence is not None:
            return silent_cell(silence)
        return Text(*NAN_SIGN) if one.what is News.NAN else status_cell(one.run.status)


def _alert_line(alert: Alert) -> Text:
    text = Text("! ", "bold")
    which = f"{alert.model} v{alert.version}" if alert.version else alert.model
    text.append_text(plain(f"{alert.kind} {which} {age(alert.since)} ago: "))
    return text.append_text(plain(alert.sentence))


def _age(one: Entry) -> Text:
    return Text(age((one.run.started_at if one.is_open else one.at) or None))


def _took(one: Entry) -> Text:
    is_known = one.is_open or one.run.ended_at
    return Text(took(one.run) if is_known else "")


def _detail(one: Entry) -> Text:
    odd = ", ".join(f"{key} {number(value)}" for key, value in sorted(one.run.metrics.items()))
    counts = ", ".join(
        f"{one.trials[what]:,} {_word(what)}" for what in KINDS if one.trials.get(what)
    )
    trials = f"trials: {counts}" if counts else ""
    heard = f"heard of {age(last_sign(one.run))} ago" if one.is_open else ""
    user = f"by {one.run.user}" if one.run.user not in ("", "unknown") else ""
    return plain(" · ".join(filter(None, (one.reason, odd, trials, heard, user))))


CELLS: Mapping[str, Callable[[Entry], Text]] = {
    "age": _age,
    "experiment": lambda one: plain(one.experiment),
    "took": _took,
    "detail": _detail,
}
"""Cells that depend on nothing but the entry."""


def _word(what: News) -> str:
    return what if what is News.NAN else what.lower()
