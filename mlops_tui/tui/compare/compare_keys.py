"""The keys of the comparison."""

from mlops_tui.tui.kit.key import Key, KeyScope

COMPARE = KeyScope(
    "compare",
    "Comparison",
    (
        Key("d", "differences", "Differences", "Only the rows that differ, or all"),
        Key(
            "b",
            "baseline",
            "Baseline",
            "Show differences from a run (Δ): each in turn, then none",
        ),
        Key(
            "M", "choose_metric", "Metric", "Choose the metric of scatter, parallel and importance"
        ),
        Key("X", "choose_across", "Across", "Choose the x axis of the scatter"),
        Key("w", "export", "Write", "Write the comparison as CSV, JSON or Markdown"),
        Key("left_square_bracket", "previous_tab", "Prev", "Previous tab", shown=False),
        Key("right_square_bracket", "next_tab", "Tabs", "Next tab"),
        Key("slash", "filter", "Filter", "Filter rows and curves by words"),
    ),
)
