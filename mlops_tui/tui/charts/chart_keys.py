"""The keys of charts."""

from mlops_tui.tui.kit.key import Key, KeyScope

CHARTS = KeyScope(
    "charts",
    "Charts",
    (
        Key(
            "left,h",
            "read(-1)",
            "Before",
            "Move the cursor to the previous point, in all charts",
            shown=False,
        ),
        Key("right,l", "read(1)", "Read", "Move the cursor to the next point, in all charts"),
        Key("shift+left", "read(-10)", "Far before", "Ten points before", shown=False),
        Key("shift+right", "read(10)", "Far on", "Ten points on", shown=False),
        Key("up,k", "choose(-1)", "Chart before", "The chart before", shown=False),
        Key("down,j", "choose(1)", "Next chart", "The next chart", shown=False),
        Key("pageup,ctrl+u", "page(-1)", "Page before", "The charts before", shown=False),
        Key("pagedown,ctrl+d", "page(1)", "Next page", "The next charts", shown=False),
        Key("home,g", "first", "First", "The first chart", shown=False),
        Key("end,G", "last", "Last", "The last chart", shown=False),
        Key("enter", "enlarge", "Enlarge", "Show the chosen chart alone"),
        Key("escape", "leave", "Back", "Hide the cursor; else back to all charts", shown=False),
        Key("x", "next_axis", "X axis", "Along steps, relative time or wall time"),
        Key("Y", "log", "Log", "Logarithmic y axis, or not"),
        Key("s", "smooth(1)", "Smooth", "Smooth more, the raw line behind it"),
        Key("S", "smooth(-1)", "Rough", "Smooth less", shown=False),
        Key("O", "outliers", "Outliers", "Hide outliers (below p1, above p99), or not"),
        Key("plus,equals_sign", "zoom(0.5)", "Closer", "Closer, around the cursor"),
        Key("minus", "zoom(2)", "Further", "Further away", shown=False),
        Key("less_than_sign", "pan(-0.25)", "Pan left", "Pan to the left", shown=False),
        Key("greater_than_sign", "pan(0.25)", "Pan right", "Pan to the right", shown=False),
        Key("L", "set_limits", "Limits", "Type limits, like x=0:5000 y=0.5:1", shown=False),
        Key("0", "reset", "Reset", "Show the whole curves again", shown=False),
        Key(
            "m",
            "flip_direction",
            "Min/max",
            "Set whether lower or higher is better; remembered",
            shown=False,
        ),
        Key("v", "layout", "Grid", "More or fewer charts at once", shown=False),
    ),
)
