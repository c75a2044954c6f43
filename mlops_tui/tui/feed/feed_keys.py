"""The keys of the feed."""

from mlops_tui.tui.kit.key import Key, KeyScope
from mlops_tui.tui.runs.run_keys import SETTLE

FEED = KeyScope(
    "feed",
    "Feed",
    (
        Key("slash", "filter", "Filter", "Filter by words: failed, nan, new, dead, a name"),
        Key("m", "mark_read", "Read", "Mark as read; go to the next unread"),
        Key("A", "mark_all_read", "All read", "Mark all entries shown as read"),
        Key("n", "next_unread", "Next", "Go to the next unread"),
        Key("K", "acknowledge", "Ack", "Acknowledge the alerts of monitors", write=True),
        SETTLE,
        Key("M", "clear_marks", "Unmark", "Take all marks away", shown=False),
        Key("C", "compare", "Compare", "Compare the marked runs, whatever experiment"),
    ),
)
