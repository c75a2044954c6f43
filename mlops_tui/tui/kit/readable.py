"""Names of keys for display."""

NAMES = {
    "slash": "/",
    "question_mark": "?",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "at": "@",
    "escape": "esc",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "number_sign": "#",
    "plus": "+",
    "minus": "-",
    "equals_sign": "=",
    "less_than_sign": "<",
    "greater_than_sign": ">",
}
"""Display names by Textual's names, where they differ."""


def readable(key: str) -> str:
    """Return the display name of a key."""
    return NAMES.get(key, key)
