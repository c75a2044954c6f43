"""Names that secrets go by, and secrets inside of texts."""

import re
from collections.abc import Mapping

from mlops_tui.domain.store import redact_addresses

SECRET = re.compile(
    r"(?i)(?<![a-z0-9])"
    r"(token|(api_?-?key|key|secret|passw(or)?d|passphrase|pwd|credential|auth)s?)(?![a-z0-9])"
)
"""Tokens, however, are what a language model counts."""

INNER_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z][a-z])")
"""Where another word begins in ``accessToken``."""

NAMED = re.compile(
    r"""(?ix)
    (?<![a-z0-9]) ((?: [a-z]{0,20}token | api[_-]?keys? | (?: access | private | secret )[_-]?key
        | passw(?:or)?ds? | passphrase | pwd | secrets? | credentials? | authorization )
        (?![a-z0-9]) [\w.-]{0,40} ["']? \s{0,3} [=:] \s{0,3})
    ( "[^"\n]*" | '[^'\n]*' | (?: Bearer | Basic ) [ ]+ [^\s"']+ | [^\s,;&"'()\[\]{}]+ )
    """
)
"""What stands behind the name of a secret in a text: a plain ``key`` is often none."""

SHORTEST = 8
"""Characters of a variable's value that is looked for in texts; shorter ones are often words."""

EXPOSED = "others on this machine see it: better a variable"
"""Of a secret that goes on a command line."""

HIDDEN = "***"
"""What stands in the place of a secret."""


def looks_secret(name: str) -> bool:
    """Return whether a thing of this name is likely to be a secret."""
    return SECRET.search(INNER_WORD.sub("_", name)) is not None


def without_named(text: str) -> str:
    """Return a text in which what is named as a secret, or stands in an address, is hidden."""
    return NAMED.sub(rf"\1{HIDDEN}", redact_addresses(text))


def secret_values(environ: Mapping[str, str]) -> tuple[str, ...]:
    """Return the values of variables that are likely to be secrets, the longest first."""
    values = {value for name, value in environ.items() if looks_secret(name)}
    return tuple(sorted((v for v in values if len(v) >= SHORTEST), key=len, reverse=True))
