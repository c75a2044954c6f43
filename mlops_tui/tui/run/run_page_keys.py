"""The keys of the screen of one run."""

from mlops_tui.tui.kit.key import Key, KeyScope
from mlops_tui.tui.runs.run_keys import REGISTER, RUN_WRITES, WEB_PAGE

RUN_PAGE = KeyScope(
    "run",
    "A run",
    (
        REGISTER,
        Key("left_square_bracket", "previous_tab", "Prev", "Previous tab", shown=False),
        Key("right_square_bracket", "next_tab", "Tabs", "Next tab"),
        Key("slash", "filter", "Filter", "Filter params, metrics, tags, columns of a data set"),
        *RUN_WRITES,
        Key("A", "attach", "Attach", "Watch it as a job, with its log if found", write=True),
        WEB_PAGE,
    ),
)
