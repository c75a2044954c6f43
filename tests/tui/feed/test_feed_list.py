"""The rows of the feed."""

from dataclasses import replace
from math import nan

from mlops_tui.domain.feed.feed import Entry, Feed, News, entry
from mlops_tui.domain.monitoring.alert import Alert, AlertKind
from mlops_tui.domain.runs.run import Run, RunStatus
from mlops_tui.tui.feed.feed_list import COLUMNS, FeedList
from mlops_tui.tui.kit.formatting import UNKNOWN

ENTRIES = (
    entry(Run("a", "1", "ox", RunStatus.FAILED, 1, 9, {"loss": nan}), "[red]Flowers"),
    entry(Run("b", "1", "ox\x1b[31m", RunStatus.FINISHED, 1, 8), "Flowers"),
    entry(Run("c", "1", "heron", RunStatus.RUNNING, 1, None), "Digits"),
    entry(Run("d", "1", "untold", RunStatus.KILLED, None, None), "Digits"),
)


def listed(unread: frozenset[str] = frozenset("ab"), *, is_whole: bool = True) -> FeedList:
    found = FeedList()
    found.apply(Feed(ENTRIES, unread, is_whole, {"c": (1, "")}))
    found.sort()
    return found


def row(found: FeedList, run_id: str) -> list[str]:
    return [found.cell(run_id, column.key).plain for column in COLUMNS]


def test_words_find_runs_by_what_they_are_by_metric_by_mark() -> None:
    found = listed()
    asked = ("failed", "nan", "loss", "new", "unread ox", "dead", "flowers", "none", "")
    assert {words: "".join(found.shown(words)) for words in asked} == {
        "failed": "a",
        "nan": "a",
        "loss": "a",
        "new": "ab",
        "unread ox": "ab",
        "dead": "c",
        "flowers": "ab",
        "none": "",
        "": "abcd",
    }


def test_what_was_read_here_stays_read_whatever_an_older_answer_says() -> None:
    found = listed()
    assert found.mark_read(["a", "c", "gone"]) == {"a": 9}
    assert found.mark_read(["a"]) == {}
    found.apply(Feed(ENTRIES, frozenset("ab")))
    assert found.unread == ["b"]
    again = entry(Run("a", "1", "ox", RunStatus.FINISHED, 1, 20), "Flowers")
    found.apply(Feed((again,), frozenset("a")))
    assert found.unread == ["a"]


def test_the_summary_counts_each_kind_and_says_what_is_missing() -> None:
    assert listed().summary().plain == (
        "Feed: 2 unread · 1 silent (x) · 1 failed · 1 killed · 1 finished"
    )
    marked = listed().summary(3).plain
    assert marked.startswith("Feed: 2 unread · 3 marked · 1 silent")
    assert listed(is_whole=False).summary().plain.endswith("older not shown")
    assert FeedList().summary().plain == "Feed: 0 unread"


def test_foreign_text_is_shown_harmlessly() -> None:
    found = listed()
    assert row(found, "a")[:2] + row(found, "a")[3:] == [
        *("new", "✗ FAILED", "ox", "[red]Flowers", "0.0s", "loss NaN")
    ]
    assert "\x1b" not in "".join(row(found, "b"))
    assert row(found, "c")[1].startswith("? dead")
    assert (row(found, "d")[2], row(found, "d")[5:]) == (UNKNOWN, ["", ""])
    found.expected = {"c": {"status": "KILLED"}}
    assert row(found, "c")[1] == "… KILLED"


def test_the_detail_has_the_reason_the_trials_and_the_user() -> None:
    failed = replace(ENTRIES[0].run, user="kim", metrics={})
    sweep = Entry(ENTRIES[2].run, "Digits", trials={News.FINISHED: 9, News.FAILED: 1})
    found = FeedList()
    found.apply(Feed((Entry(failed, "Flowers", "ValueError: \x1b[2Jbad"), sweep)))
    assert row(found, "a")[-1] == "ValueError: bad · by kim"
    assert row(found, "c")[-1].startswith("trials: 1 failed, 9 finished · heard of")
    assert found.shown("valueerror") == ["a"]
    assert found.shown("sweep") == ["c"]


def test_alerts_of_monitors_stand_above_the_newest_first() -> None:
    found = FeedList()
    alert = Alert("a", AlertKind.DRIFT, "iris[red]", 1, "age\x07 drifted", version="3")
    many = tuple(replace(alert, alert_id=str(n)) for n in range(5))
    found.apply(Feed(alerts=many))
    lines = found.alert_lines().plain.split("\n")
    assert len(lines) == 4
    assert lines[0].startswith("! drift iris[red] v3 ")
    assert lines[0].endswith("age· drifted")
    assert lines[3] == "  and 2 more"
    assert FeedList().alert_lines().plain == ""
