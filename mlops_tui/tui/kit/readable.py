"""The names of keys, as people write them."""

NAMES = {
    "slash": "/",
    "question_mark": "?",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
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
"""What keys are called where people read them, when Textual's name is another."""


def readable(key: str) -> str:
    """Return the name of a key as people write it."""
    return NAMES.get(key, key)
