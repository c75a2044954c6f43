"""Names that secrets go by."""

import re

SECRET = re.compile(
    r"(?i)(^|[_.\-])(token|(api_?-?key|key|secret|passw(or)?d|passphrase|pwd|credential|auth)s?)"
    r"($|[_.\-])"
)
"""Tokens, however, are what a language model counts."""

EXPOSED = "others on this machine see it: better a variable"
"""Of a secret that goes on a command line."""

HIDDEN = "***"
"""What stands in the place of a secret."""


def looks_secret(name: str) -> bool:
    """Return whether a thing of this name is likely to be a secret."""
    return SECRET.search(name) is not None
